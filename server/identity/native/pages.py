"""The plain pages of a sign-in in the browser: no script, nothing from elsewhere, a label for every field."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 24rem; margin: 10vh auto; padding: 0 1rem; }
label { display: block; margin-top: 1rem; }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
button { margin: 1.5rem .5rem 0 0; padding: .6rem 1.2rem; font: inherit; }
.problem { border-left: .25rem solid #c00; padding: .25rem .75rem; }
.ways { margin-top: 2rem; }
.code { font: 1.5rem ui-monospace, monospace; letter-spacing: .1em; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<link rel="icon" href="data:,"><style>{style}</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""
_CREDENTIALS = """
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="{email}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
maxlength="1024">
<label for="code">Code of your authenticator app, if you use one</label>
<input id="code" name="code" inputmode="text" autocomplete="one-time-code" maxlength="40">
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody has shown elsewhere who they are: `token` stands for it, `email` is their account's."""

    token: str
    email: str


# Name and address of another way to show who one is.
Way = tuple[str, str]


def policy(form_to: str = "") -> str:
    """A browser applies `form-action` to where a form's answer redirects, too."""
    return (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self'{' ' + form_to if form_to else ''}"
    )


def sign_in(
    fields: Mapping[str, str],
    device: str,
    *,
    email: str = "",
    problem: str = "",
    ways: Sequence[Way] = (),
    proof: Proof | None = None,
) -> str:
    """For a program on this computer that waits for the answer."""
    who = f"“{escape(device)}”" if device else "a program on this computer"
    body = f"""{_problem(problem)}<p>This signs in {who}. Go on only if you have just begun that yourself.</p>
<form method="post" action="/oauth/authorize">{_hidden(fields)}{_credentials(email, proof)}
<button type="submit">Sign in</button>
<button type="submit" name="deny" value="1" formnovalidate>Cancel</button></form>{_ways(ways, proof)}"""
    return _page("Sign in to Heddle", body)


def device(
    user_code: str = "",
    name: str = "",
    *,
    email: str = "",
    problem: str = "",
    ways: Sequence[Way] = (),
    proof: Proof | None = None,
) -> str:
    """For a program elsewhere, which shows a code; `name` is what it calls itself."""
    shown = f"<p>It is shown by “{escape(name)}”.</p>" if name else ""
    body = f"""{_problem(problem)}<p>Type in the code that your device shows. Go on only if you have
just begun that yourself, and never with a code that somebody sent you.</p>{shown}
<form method="post" action="/device"><label for="user_code">Code</label>
<input id="user_code" class="code" name="user_code" autocomplete="off" autocapitalize="characters" required
maxlength="20" value="{escape(user_code)}">{_credentials(email, proof)}
<button type="submit">Sign the device in</button>
<button type="submit" name="deny" value="1">Refuse it</button></form>{_ways(ways, proof)}"""
    return _page("Sign in a device", body)


def done(title: str, sentence: str) -> str:
    return _page(title, f'<p role="status">{escape(sentence)}</p>')


def stopped(title: str, sentence: str, back: Way) -> str:
    """What went wrong, and the address (`back`) where it can be begun again."""
    name, address = back
    return _page(title, f'{_problem(sentence)}<p><a href="{escape(address)}">{escape(name)}</a></p>')


def _credentials(email: str, proof: Proof | None) -> str:
    if proof is None:
        return _CREDENTIALS.format(email=escape(email))
    who = f"<p>You are <strong>{escape(proof.email)}</strong>.</p>"
    return who + _hidden({"proof": proof.token})


def _ways(ways: Sequence[Way], proof: Proof | None) -> str:
    if not ways or proof is not None:
        return ""
    links = "".join(f'<li><a href="{escape(address)}">{escape(name)}</a></li>' for name, address in ways)
    return f'<div class="ways"><h2>Other ways</h2><ul>{links}</ul></div>'


def _problem(sentence: str) -> str:
    return f'<p class="problem" role="alert">{escape(sentence)}</p>' if sentence else ""


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)

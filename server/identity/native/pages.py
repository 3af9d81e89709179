"""The plain pages of a sign-in in the browser: no script, nothing from elsewhere, a label for every field.

In the language of the request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from server.document import scriptless
from server.language import say

_EMAIL = 'type="email" autocomplete="username" required maxlength="254"'
_UNSEEN = 'type="password" autocomplete="current-password" required maxlength="1024"'
_SECOND = 'inputmode="text" autocomplete="one-time-code" maxlength="40"'
_CODE = 'autocomplete="off" autocapitalize="characters" required maxlength="20"'


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody has shown elsewhere who they are: `token` stands for it, `email` is their account's."""

    token: str
    email: str


# Name and address of another way to show who one is.
Way = tuple[str, str]


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
    if device:
        begun = say("This signs in “{name}”. Go on only if you have just begun that yourself.", name=device)
    else:
        begun = say(
            "This signs in a program on this computer. Go on only if you have just begun that yourself."
        )
    body = f"""{_problem(problem)}<p>{escape(begun)}</p>
<form method="post" action="/oauth/authorize">{_hidden(fields)}{_credentials(email, proof)}
<button type="submit" class="button button-main">{say("Sign in")}</button>
<button type="submit" class="button" name="deny" value="1" formnovalidate>{say("Cancel")}</button></form>
{_ways(ways, proof)}"""
    return scriptless(say("Sign in to Heddle"), body)


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
    warning = say(
        "Type in the code that your device shows. Go on only if you have just begun that yourself, and never "
        "with a code that somebody sent you."
    )
    shown = f"<p>{escape(say('It is shown by “{name}”.', name=name))}</p>" if name else ""
    body = f"""{_problem(problem)}<p>{warning}</p>{shown}
<form method="post" action="/device">{_field("user_code", say("Code"), _CODE, user_code)}
{_credentials(email, proof)}
<button type="submit" class="button button-main">{say("Sign the device in")}</button>
<button type="submit" class="button" name="deny" value="1">{say("Refuse it")}</button></form>
{_ways(ways, proof)}"""
    return scriptless(say("Sign in a device"), body)


def done(title: str, sentence: str) -> str:
    return scriptless(title, f'<p role="status">{escape(sentence)}</p>')


def stopped(title: str, sentence: str, back: Way) -> str:
    """What went wrong, and the address (`back`) where it can be begun again."""
    name, address = back
    return scriptless(title, f'{_problem(sentence)}<p><a href="{escape(address)}">{escape(name)}</a></p>')


def _credentials(email: str, proof: Proof | None) -> str:
    if proof is None:
        return (
            _field("email", say("E-mail"), _EMAIL, email)
            + _field("password", say("Password"), _UNSEEN)
            + _field("code", say("Code of your authenticator app, if you use one"), _SECOND)
        )
    who = f"<p>{escape(say('You are {email}.', email=proof.email))}</p>"
    return who + _hidden({"proof": proof.token})


def _field(name: str, label: str, attributes: str, value: str = "") -> str:
    return f'<label>{label}<input name="{name}" {attributes} value="{escape(value)}"></label>'


def _ways(ways: Sequence[Way], proof: Proof | None) -> str:
    if not ways or proof is not None:
        return ""
    links = "".join(
        f'<a class="button" href="{escape(address)}">{escape(name)}</a>' for name, address in ways
    )
    return f'<div class="other-ways"><p class="other-ways-or">{say("Other ways")}</p>{links}</div>'


def _problem(sentence: str) -> str:
    return f'<p class="problem" role="alert">{escape(sentence)}</p>' if sentence else ""


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )

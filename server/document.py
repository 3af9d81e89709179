"""The document of the web pages as it is built, and pages without scripts that wear the same styles."""

import re
from functools import lru_cache
from html import escape
from pathlib import Path

from fastapi.responses import HTMLResponse

from server import language

DIST = Path(__file__).parent / "web" / "dist"
PLACEHOLDER = "<!-- heddle:head -->"
_NOT_BUILT = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">{PLACEHOLDER}</head>
<body><h1>Heddle</h1><p>The pages of this server are not built: <code>make setup</code> builds them.</p>
</body></html>
"""
# Styles in elements: the player's controls carry their own inside their shadow roots.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:{media}; font-src 'self'; "
    "connect-src 'self'{media}; media-src 'self' blob:{media}; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)
_SCRIPTLESS = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
# Icons and styles, whose names change with each build.
_LINK = re.compile(r'<link rel="(?:icon|apple-touch-icon|stylesheet)"[^>]*>')
_PAGE = """<!doctype html>
<html lang="{language}" dir="ltr"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">{links}</head>
<body><header class="top page-narrow"><a class="brand" href="/">{mark}Heddle</a></header>
<main class="page page-narrow"><div class="sign-in"><h1>{title}</h1>{body}</div></main></body></html>
"""
# As `server/web/src/ui/Mark.tsx` draws it.
_MARK = """<svg class="mark" viewBox="0 0 32 32" fill="none" aria-hidden="true">
<g stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">
<path d="M6 9v14M26 9v14M16 3v5M16 24v5"/>
<path d="M16 8c3.6 2.4 5 5 5 8s-1.4 5.6-5 8c-3.6-2.4-5-5-5-8s1.4-5.6 5-8z"/></g>
<circle class="mark-thread" cx="16" cy="16" r="2.6"/></svg>"""


def policy(*, embeddable: bool, media_origin: str = "") -> str:
    """The Content-Security-Policy; only the embedded player may be put into pages of others.

    `media_origin` is where media may come from besides this server.
    """
    media = f" {media_origin}" if media_origin else ""
    return _POLICY.format(ancestors="*" if embeddable else "'none'", media=media)


def answer(head: str, *, status: int = 200, embeddable: bool = False, media_origin: str = "") -> HTMLResponse:
    """The page with this head, under its policy."""
    secure = policy(embeddable=embeddable, media_origin=media_origin)
    headers = {
        "Content-Security-Policy": secure,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language, Cookie",
    }
    return HTMLResponse(page(head), status, headers)


def page(head: str) -> str:
    """In the language of the request."""
    tag = f'<html lang="{language.current()}"'
    return _template().replace('<html lang="en"', tag, 1).replace(PLACEHOLDER, head, 1)


def plain_head(title: str) -> str:
    return f"<title>{escape(title)}</title>"


def scriptless(title: str, body: str) -> str:
    """A page that works without scripts, in the language of the request. `body` is HTML."""
    links = "".join(_LINK.findall(_template()))
    return _PAGE.format(language=language.current(), title=escape(title), body=body, links=links, mark=_MARK)


def scriptless_policy(form_to: str = "") -> str:
    """A browser applies `form-action` to where a form's answer redirects, too."""
    return f"{_SCRIPTLESS} {form_to}" if form_to else _SCRIPTLESS


def _template() -> str:
    """As it was built last: its assets have other names after each build."""
    try:
        return _read((DIST / "index.html").stat().st_mtime_ns)
    except FileNotFoundError:
        return _NOT_BUILT


@lru_cache(maxsize=1)
def _read(_changed: int) -> str:
    return (DIST / "index.html").read_text(encoding="utf-8")

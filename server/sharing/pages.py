"""The web page with what a link preview needs in its head, and the policy that keeps foreign things out."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

DIST = Path(__file__).parent.parent / "web" / "dist"
PLACEHOLDER = "<!-- heddle:head -->"
_NOT_BUILT = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">{PLACEHOLDER}</head>
<body><h1>Heddle</h1><p>The pages of this server are not built: <code>make setup</code> builds them.</p>
</body></html>
"""
# Pages that are the same for everybody until they have asked who is there: path (routes.ts knows it too) and
# title.
PLAIN = {
    "/": "Heddle",
    "/signin": "Sign in · Heddle",
    "/search": "Search · Heddle",
    "/security": "Ways to sign in · Heddle",
    "/notifications": "Notifications · Heddle",
    "/billing": "Plan and usage · Heddle",
    "/admin": "Administration · Heddle",
}
# Styles in elements: the player's controls carry their own inside their shadow roots.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:{media}; font-src 'self'; "
    "connect-src 'self'{media}; media-src 'self' blob:{media}; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a chat or a search engine shows of a link. Addresses are absolute, sizes in pixels."""

    title: str
    description: str
    url: str
    embed_url: str
    base: str
    poster_url: str | None
    video_url: str | None
    width: int
    height: int
    duration_s: float | None


def policy(*, embeddable: bool, media_origin: str = "") -> str:
    """The Content-Security-Policy; only the embedded player may be put into pages of others.

    `media_origin` is where media may come from besides this server.
    """
    media = f" {media_origin}" if media_origin else ""
    return _POLICY.format(ancestors="*" if embeddable else "'none'", media=media)


def answer(head: str, *, status: int = 200, embeddable: bool = False, media_origin: str = "") -> HTMLResponse:
    """The page with this head, under its policy."""
    secure = policy(embeddable=embeddable, media_origin=media_origin)
    headers = {"Content-Security-Policy": secure, "Cache-Control": "no-cache"}
    return HTMLResponse(page(head), status, headers)


def page(head: str) -> str:
    return _template().replace(PLACEHOLDER, head, 1)


def _template() -> str:
    """As it was built last: its assets have other names after each build."""
    try:
        return _read((DIST / "index.html").stat().st_mtime_ns)
    except FileNotFoundError:
        return _NOT_BUILT


@lru_cache(maxsize=1)
def _read(_changed: int) -> str:
    return (DIST / "index.html").read_text(encoding="utf-8")


def plain_head(title: str) -> str:
    return f"<title>{escape(title)}</title>"


def locked_head() -> str:
    """Of a link that asks for something first: it tells nothing of what is behind it."""
    return '<title>Heddle</title>\n    <meta name="robots" content="noindex">'


def share_head(preview: Preview) -> str:
    """Title, OpenGraph, player card and oEmbed. A recording is for those who have the link: no search."""
    oembed = f"{preview.base}/oembed?{urlencode({'url': preview.url, 'format': 'json'})}"
    lines = [
        f"<title>{escape(preview.title)}</title>",
        '<meta name="robots" content="noindex">',
        f'<link rel="canonical" href="{escape(preview.url)}">',
        f'<link rel="alternate" type="application/json+oembed" href="{escape(oembed)}"'
        f' title="{escape(preview.title)}">',
    ]
    lines += [_meta("property", name, value) for name, value in _open_graph(preview) if value]
    lines += [_meta("name", name, value) for name, value in _player_card(preview) if value]
    return "\n    ".join(lines)


def _open_graph(preview: Preview) -> list[tuple[str, str]]:
    size = [("og:video:width", str(preview.width)), ("og:video:height", str(preview.height))]
    return [
        ("og:type", "video.other"),
        ("og:site_name", "Heddle"),
        ("og:title", preview.title),
        ("og:description", preview.description),
        ("og:url", preview.url),
        ("og:image", preview.poster_url or ""),
        ("og:video", preview.video_url or ""),
        ("og:video:type", "video/mp4" if preview.video_url else ""),
        *(size if preview.width else []),
        ("video:duration", str(round(preview.duration_s)) if preview.duration_s else ""),
    ]


def _player_card(preview: Preview) -> list[tuple[str, str]]:
    return [
        ("description", preview.description),
        ("twitter:card", "player"),
        ("twitter:title", preview.title),
        ("twitter:description", preview.description),
        ("twitter:image", preview.poster_url or ""),
        ("twitter:player", preview.embed_url),
        ("twitter:player:width", str(preview.width or 1280)),
        ("twitter:player:height", str(preview.height or 720)),
    ]


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(value)}">'

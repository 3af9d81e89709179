"""What stands in the head of the web page: its title, and what a link preview needs."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

ACCOUNT = tuple(f"/account/{act}" for act in ("verify", "reset", "forgotten", "email", "invitation"))
# Pages that are the same for everybody until they have asked who is there: path (routes.ts knows it too) and
# title, which `say` knows.
PLAIN = {
    "/": "Heddle",
    "/signin": "Sign in",
    "/search": "Search",
    "/security": "Ways to sign in",
    "/notifications": "Notifications",
    "/billing": "Plan and usage",
    "/admin": "Administration",
    # Where links in letters lead; the page says itself which of them it is.
    **dict.fromkeys(ACCOUNT, "Heddle"),
}


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


def named(title: str) -> str:
    """A page's title, with whose page it is."""
    return title if title == "Heddle" else f"{title} · Heddle"

"""Recordings for whoever has the link."""

import re
from urllib.parse import quote, urlsplit

from server.errors import NotFound
from server.identity.service import Identity
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.sharing.pages import Preview
from server.sharing.schemas import OEmbedOut, OwnerOut, ShareOut
from server.streaming.schemas import StreamOut
from server.streaming.service import Streaming

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PATH = re.compile(r"/(?:s|embed)/([A-Za-z0-9_-]{1,64})/?")
_FRAME = (
    '<iframe src="{url}" width="{width}" height="{height}" frameborder="0" '
    'allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
)


class Sharing:
    """Raises NotFound alike for what is unknown, deleted, and not shared any more."""

    def __init__(self, recordings: Recordings, streaming: Streaming, identity: Identity) -> None:
        self._recordings = recordings
        self._streaming = streaming
        self._identity = identity

    async def find(self, slug: str) -> Recording:
        recording = await self._recordings.get_by_slug(slug) if _SLUG.fullmatch(slug) else None
        if recording is None or not recording.shared:
            raise NotFound("There is no shared recording at this link.", code="share_not_found")
        return recording

    async def share(self, recording: Recording, base: str, *, may_edit: bool) -> ShareOut:
        """`base` is the address of this server; `may_edit` what is told to whoever asks."""
        stream = await self._streaming.describe(recording, None, base)
        owner = await self._identity.find(recording.user_id)
        return ShareOut(
            **dict(stream),
            slug=recording.slug,
            description=recording.description,
            share_url=f"{base}/s/{recording.slug}",
            created_at=recording.created_at,
            owner=None if owner is None else OwnerOut(username=owner.username),
            allow_comments=recording.allow_comments,
            may_edit=may_edit,
        )

    async def preview(self, slug: str, base: str) -> Preview:
        recording = await self.find(slug)
        stream = await self._streaming.describe(recording, None, base)
        width, height = _size(stream)
        return Preview(
            title=recording.title,
            description=recording.description,
            url=f"{base}/s/{slug}",
            embed_url=f"{base}/embed/{slug}",
            base=base,
            poster_url=_poster(stream, base, slug),
            video_url=stream.download_url,
            width=width,
            height=height,
            duration_s=stream.duration,
        )

    async def oembed(self, url: str, base: str, max_width: int | None, max_height: int | None) -> OEmbedOut:
        """For the address of a share page of this server. The frame keeps the picture's shape."""
        found = _PATH.fullmatch(urlsplit(url).path)
        if found is None or not url.startswith(("http://", "https://")):
            raise NotFound("This is not a link to a recording.", code="share_not_found")
        slug = found[1]
        recording = await self.find(slug)
        stream = await self._streaming.describe(recording, None, base)
        owner = await self._identity.find(recording.user_id)
        width, height = _fit(*_size(stream), max_width, max_height)
        poster = _poster(stream, base, slug)
        return OEmbedOut(
            title=recording.title,
            author_name=None if owner is None else owner.username,
            provider_url=base,
            html=_FRAME.format(url=f"{base}/embed/{quote(slug)}", width=width, height=height),
            width=width,
            height=height,
            thumbnail_url=poster,
            thumbnail_width=width if poster else None,
            thumbnail_height=height if poster else None,
        )


def _poster(stream: StreamOut, base: str, slug: str) -> str | None:
    """An address that lasts as long as the link does, unlike one with a ticket."""
    return f"{base}/s/{slug}/poster.jpg" if stream.poster_url else None


def _size(stream: StreamOut) -> tuple[int, int]:
    best = max(stream.quality, key=lambda one: one.width * one.height, default=None)
    return (best.width, best.height) if best is not None and best.width and best.height else (1280, 720)


def _fit(width: int, height: int, max_width: int | None, max_height: int | None) -> tuple[int, int]:
    scale = min(1.0, (max_width or width) / width, (max_height or height) / height)
    return max(1, round(width * scale)), max(1, round(height * scale))

"""Recordings for whoever has the link."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.requests import HTTPConnection

from server.db import now
from server.errors import NotFound
from server.identity.service import Identity
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.scope import Action, Scope, User, allowed
from server.sharing import proofs
from server.sharing.pages import Preview
from server.sharing.proofs import Proof, Proofs
from server.sharing.schemas import OEmbedOut, OwnerOut, ShareOut
from server.sharing.unlocking import Unlocking
from server.sharing.verdict import NOBODY, Verdict, Visitor, no_share, refusal, verdict
from server.streaming.schemas import StreamOut
from server.streaming.service import Streaming

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LINK = re.compile(r"https?://[^/?#]*/(?:s|embed)/([A-Za-z0-9_-]{1,64})/?(?:[?#].*)?", re.DOTALL)
_FRAME = (
    '<iframe src="{url}" width="{width}" height="{height}" frameborder="0" '
    'allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who got in by a link. `until`: when they would have to prove it anew, or the link ends."""

    recording: Recording
    visitor: Visitor
    until: datetime | None = None


class Sharing:
    """Raises NotFound alike for what is unknown, deleted, private and expired, and Unauthenticated where a
    password or a sign-in would help (`verdict`)."""

    def __init__(
        self,
        recordings: Recordings,
        streaming: Streaming,
        identity: Identity,
        *,
        proofs: Proofs,
        unlocking: Unlocking,
    ) -> None:
        self._recordings = recordings
        self._streaming = streaming
        self._identity = identity
        self._proofs = proofs
        self._unlocking = unlocking

    async def enter(
        self,
        connection: HTTPConnection,
        slug: str,
        user: User | None = None,
        needed: Scope = Scope.MEDIA_READ,
        *,
        token: str | None = None,
    ) -> Entry:
        """For all that is asked by a slug. `needed` is what an API key must cover to be somebody here;
        `token` is a proof that came neither as header nor as cookie.
        """
        recording = await self._find(slug)
        visitor, proven = await self._visitor(connection, recording, user, needed, token)
        _require(recording, visitor)
        ends = [proven, recording.link.expires_at]
        if user is not None and visitor.views:
            ends = [user.until]
        return Entry(recording, visitor, min((one for one in ends if one is not None), default=None))

    async def public(self, slug: str) -> Recording:
        """For what is the same whoever asks: previews, and pictures that others keep."""
        recording = await self._find(slug)
        _require(recording, NOBODY)
        return recording

    async def lets_in(self, connection: HTTPConnection, recording: Recording, user: User) -> bool:
        """Whether somebody gets in by the link of a recording that they know by its id."""
        visitor, _ = await self._visitor(connection, recording, user, Scope.MEDIA_READ, None)
        return verdict(recording.link, visitor, now()) is Verdict.OPEN

    async def unlock(self, slug: str, password: str, address: str) -> Proof:
        """As `Unlocking.unlock`."""
        recording = await self._find(slug)
        _require(recording, Visitor(unlocked=True))
        return await self._unlocking.unlock(recording, password, address)

    async def share(self, entry: Entry, base: str, *, may_edit: bool) -> ShareOut:
        """`base` is the address of this server; `may_edit` what is told to whoever asks."""
        recording, visitor = entry.recording, entry.visitor
        member = visitor.user.id if visitor.user is not None and visitor.views else None
        stream = await self._streaming.describe(recording, member, base)
        owner = await self._identity.find(recording.user_id)
        return ShareOut(
            **dict(stream),
            slug=recording.slug,
            description=recording.description,
            share_url=f"{base}/s/{recording.slug}",
            created_at=recording.created_at,
            owner=None if owner is None else OwnerOut(username=owner.username),
            guarded=not recording.link.open_to_all(now()),
            allow_download=recording.link.allow_download or visitor.edits,
            allow_comments=recording.allow_comments,
            may_edit=may_edit,
        )

    async def preview(self, slug: str, base: str) -> Preview:
        recording = await self.public(slug)
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
        found = _LINK.fullmatch(url)
        if found is None:
            raise NotFound("This is not a link to a recording.", code="share_not_found")
        slug = found[1]
        recording = await self.public(slug)
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

    async def _find(self, slug: str) -> Recording:
        """Shared or not."""
        recording = await self._recordings.get_by_slug(slug) if _SLUG.fullmatch(slug) else None
        if recording is None:
            raise no_share()
        return recording

    async def _visitor(
        self,
        connection: HTTPConnection,
        recording: Recording,
        user: User | None,
        needed: Scope,
        token: str | None,
    ) -> tuple[Visitor, datetime | None]:
        """Who asks, and when their proof of the password ends."""
        held = token or proofs.shown(connection, recording.slug)
        ends = self._proofs.end_of(held, recording) if recording.link.locked else None
        views = user is not None and _covers(user, needed)
        if user is None or not (views and await allowed(connection, user, recording, Action.RECORDING_VIEW)):
            return Visitor(user, unlocked=ends is not None), ends
        edits = await allowed(connection, user, recording, Action.RECORDING_EDIT)
        return Visitor(user, views=True, edits=edits, unlocked=ends is not None), ends


def _require(recording: Recording, visitor: Visitor) -> None:
    said = verdict(recording.link, visitor, now())
    if said is not Verdict.OPEN:
        raise refusal(said)


def _covers(user: User, needed: Scope) -> bool:
    """Whoever signed in lacks no scope; a key may."""
    return user.scopes is None or needed in user.scopes


def _poster(stream: StreamOut, base: str, slug: str) -> str | None:
    """An address that lasts as long as the link does, unlike one with a ticket."""
    return f"{base}/s/{slug}/poster.jpg" if stream.poster_url else None


def _size(stream: StreamOut) -> tuple[int, int]:
    best = max(stream.quality, key=lambda one: one.width * one.height, default=None)
    return (best.width, best.height) if best is not None and best.width and best.height else (1280, 720)


def _fit(width: int, height: int, max_width: int | None, max_height: int | None) -> tuple[int, int]:
    scale = min(1.0, (max_width or width) / width, (max_height or height) / height)
    return max(1, round(width * scale)), max(1, round(height * scale))

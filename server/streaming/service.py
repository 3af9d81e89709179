"""What can be played of a recording now, and where."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from media.errors import MediaError
from media.hls import Variant, master_playlist
from media.sniff import Container
from server.ports.blobs import BlobStore
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.streaming import schemas as wire
from server.streaming.playlists import FilePlaylist, LivePlaylist, Playlists, Text
from server.streaming.schemas import Step
from server.streaming.tickets import Audience, Ticket, Tickets
from server.uploads.index import LiveIndex
from server.uploads.service import Uploads

# A file that is not fragmented, or not of this kind, made playable by processing.
NORMALISED = "normalised"
RENDITIONS = ("1080p", "720p", "480p", "360p")
POSTER = "poster.jpg"
_NAME = re.compile(r"[a-z0-9]{1,32}")
_TYPES = {
    Container.MP4: "video/mp4",
    Container.MATROSKA: "video/x-matroska",
    Container.AVI: "video/x-msvideo",
    Container.MPEGTS: "video/mp2t",
    Container.FLV: "video/x-flv",
    Container.OGG: "video/ogg",
    Container.WAV: "audio/wav",
    Container.FLAC: "audio/flac",
    Container.MP3: "audio/mpeg",
    Container.AAC: "audio/aac",
}
_SUFFIXES = {
    Container.MATROSKA: "mkv",
    Container.AVI: "avi",
    Container.MPEGTS: "ts",
    Container.FLV: "flv",
    Container.OGG: "ogv",
    Container.WAV: "wav",
    Container.FLAC: "flac",
    Container.MP3: "mp3",
    Container.AAC: "aac",
}

# The steps of processing of a recording; given by the module that runs them.
StepsOf = Callable[[str], Awaitable[Sequence[Step]]]


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file to serve: `size` bytes of it, all of it where `complete`."""

    path: Path
    size: int
    complete: bool
    media_type: str
    etag: str | None
    name: str


class Streaming:
    """Whoever calls has checked that the viewer may see the recording."""

    def __init__(
        self, recordings: Recordings, uploads: Uploads, blobs: BlobStore, tickets: Tickets, steps_of: StepsOf
    ) -> None:
        self._recordings = recordings
        self._uploads = uploads
        self._blobs = blobs
        self._tickets = tickets
        self._steps_of = steps_of
        self._playlists = Playlists()

    async def admit(self, recording_id: str, ticket: str) -> Recording | None:
        """The recording, if the ticket is good for it now."""
        held = self._tickets.verify(recording_id, ticket)
        if held is None:
            return None
        recording = await self._recordings.find(recording_id)
        if recording is None or (held.audience is Audience.SHARE and not recording.shared):
            return None
        return recording

    def ticket(self, recording: Recording, audience: Audience) -> tuple[str, Ticket]:
        return self._tickets.issue(recording.id, audience)

    async def source(self, recording: Recording) -> LivePlaylist | FilePlaylist | None:
        """The playlist of the recording itself; None while nothing can be played.

        Where processing made a normalised file, it did so because players cannot take the uploaded one.
        """
        normalised = await self.rendition(recording, NORMALISED) if recording.uploaded else None
        if normalised is not None:
            return normalised
        index = await self._index(recording)
        return self._playlists.live(index, recording.started_at) if index and index.playable else None

    async def rendition(self, recording: Recording, name: str) -> FilePlaylist | None:
        if not _NAME.fullmatch(name):
            return None
        path = self._blobs.local_path(f"recordings/{recording.id}/{name}.mp4")
        try:
            return await self._playlists.file(path, recording.started_at)
        except MediaError:
            return None

    async def master(self, recording: Recording) -> Text | None:
        source = await self.source(recording)
        if source is None:
            return None
        variants = [_main_variant(source)]
        if recording.uploaded:
            variants += [held.variant for _, held in await self._renditions(recording)]
        return Text.of(master_playlist(variants))

    async def media_file(self, recording: Recording, name: str) -> MediaFile | None:
        """`source` as far as it is committed, or a finished rendition."""
        if name == "source":
            return await self._source_file(recording)
        if not _NAME.fullmatch(name):
            return None
        path = self._blobs.local_path(f"recordings/{recording.id}/{name}.mp4")
        return await _finished(path, "video/mp4", f"{recording.title} ({name}).mp4")

    async def poster(self, recording: Recording) -> MediaFile | None:
        return await _finished(self.poster_path(recording.id), "image/jpeg", f"{recording.title}.jpg")

    def poster_url(self, recording: Recording, base: str) -> str | None:
        """For the owner; None while there is none."""
        if not self.poster_path(recording.id).is_file():
            return None
        return f"{base}/api/v1/streams/{recording.id}/{self.ticket(recording, Audience.OWNER)[0]}/{POSTER}"

    def poster_path(self, recording_id: str) -> Path:
        return self._blobs.local_path(f"recordings/{recording_id}/{POSTER}")

    async def describe(self, recording: Recording, audience: Audience, base: str) -> wire.StreamOut:
        """`base` is the address of this server."""
        text, ticket = self.ticket(recording, audience)
        root = f"{base}/api/v1/streams/{recording.id}/{text}"
        source = await self.source(recording)
        qualities = [] if source is None else await self._qualities(recording, source)
        has_poster = await asyncio.to_thread(self.poster_path(recording.id).is_file)
        return wire.StreamOut(
            recording_id=recording.id,
            title=recording.title,
            status=recording.status,
            live=not recording.uploaded,
            duration=_duration(recording, source),
            playlist_url=None if source is None else f"{root}/master.m3u8",
            media_playlist_url=None if source is None else f"{root}/video.m3u8",
            download_url=f"{root}/source.mp4" if recording.uploaded else None,
            poster_url=f"{root}/{POSTER}" if has_poster else None,
            quality=qualities,
            processing=[
                wire.StepOut(step=one.step, status=one.status, progress=one.progress, error=one.error)
                for one in await self._steps_of(recording.id)
            ],
            expires_at=datetime.fromtimestamp(ticket.expires_at, UTC),
            error=recording.error,
        )

    async def _qualities(
        self, recording: Recording, source: LivePlaylist | FilePlaylist
    ) -> list[wire.QualityOut]:
        held = [("source", _main_variant(source))]
        if recording.uploaded:
            held += [(name, one.variant) for name, one in await self._renditions(recording)]
        return [
            wire.QualityOut(name=name, width=one.width, height=one.height, bandwidth=one.bandwidth)
            for name, one in held
        ]

    async def _renditions(self, recording: Recording) -> list[tuple[str, FilePlaylist]]:
        found = [(name, await self.rendition(recording, name)) for name in RENDITIONS]
        return [(name, one) for name, one in found if one is not None]

    async def _index(self, recording: Recording) -> LiveIndex | None:
        try:
            return await self._uploads.indexes.get(recording.id)
        except (MediaError, FileNotFoundError):
            return None  # not an MP4 at all, or its bytes are gone

    async def _source_file(self, recording: Recording) -> MediaFile | None:
        committed = await self._uploads.committed(recording.id)
        if committed is None:
            return None
        path, size, complete = committed
        container = await self._uploads.container_of(recording.id) or Container.MP4
        name = f"{recording.title}.{_SUFFIXES.get(container, 'mp4')}"
        etag = f'"{recording.sha256[:32]}"' if complete and recording.sha256 else None
        return MediaFile(path, size, complete, _TYPES.get(container, "video/mp4"), etag, name)


def content_disposition(name: str) -> str:
    """RFC 6266; the plain name is for clients that know no other."""
    plain = re.sub(r'[^ -~]|["\\/]', "_", name)
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _main_variant(source: LivePlaylist | FilePlaylist) -> Variant:
    if isinstance(source, LivePlaylist):
        return source.variant("video.m3u8")
    held = source.variant
    return Variant(
        "video.m3u8",
        held.bandwidth,
        held.average_bandwidth,
        held.codecs,
        held.width,
        held.height,
        held.frame_rate,
    )


def _duration(recording: Recording, source: LivePlaylist | FilePlaylist | None) -> float | None:
    if recording.uploaded and recording.duration_s is not None:
        return recording.duration_s
    if isinstance(source, LivePlaylist):
        return round(source.index.parser.duration_s, 3)
    return None if source is None else round(source.duration_s, 3)


async def _finished(path: Path, media_type: str, name: str) -> MediaFile | None:
    try:
        state = await asyncio.to_thread(path.stat)
    except FileNotFoundError:
        return None
    etag = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    return MediaFile(path, state.st_size, complete=True, media_type=media_type, etag=etag, name=name)

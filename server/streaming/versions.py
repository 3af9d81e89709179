"""The versions of a recording that can be played: its source, live or finished, and smaller ones."""

import asyncio
from pathlib import Path

from media.dash import Kind
from media.errors import MediaError
from media.single_track import SingleTrack
from server.ports.blobs import BlobError, BlobMissing, BlobStore
from server.recordings.schemas import Recording
from server.streaming import files
from server.streaming.playlists import SOURCE, FilePlaylist, LivePlaylist, Playlists
from server.uploads.index import LiveIndex
from server.uploads.service import Uploads

# Of a file by others, whose fragments may be of any length; ours have a hundredth.
MAX_SEGMENT_BYTES = 64 << 20


class Versions:
    def __init__(self, uploads: Uploads, blobs: BlobStore) -> None:
        self._uploads = uploads
        self._blobs = blobs
        self._playlists = Playlists()

    async def source(self, recording: Recording) -> LivePlaylist | FilePlaylist | None:
        """The recording itself; None while nothing can be played.

        Where processing made a normalised file, it did so because players cannot take the uploaded one.
        """
        normalised = await self.rendition(recording, files.NORMALISED) if recording.uploaded else None
        if normalised is not None:
            return normalised.as_source()
        index = await self._index(recording)
        return self._playlists.live(index, recording.started_at) if index and index.playable else None

    async def finished(self, recording: Recording, name: str = SOURCE) -> FilePlaylist | None:
        """A version of which all bytes are here."""
        if name != SOURCE:
            return await self.rendition(recording, name)
        source = await self.source(recording)
        return await source.finished() if isinstance(source, LivePlaylist) else source

    async def rendition(self, recording: Recording, name: str) -> FilePlaylist | None:
        if not files.is_version(name):
            return None
        try:
            return await self._playlists.file(
                self._blobs, _key(recording, f"{name}.mp4"), recording.started_at
            )
        except (MediaError, BlobError):
            return None

    async def renditions(self, recording: Recording) -> list[FilePlaylist]:
        """The largest first, and those in AV1 behind all in H.264."""
        found = [await self.rendition(recording, name) for name in files.RENDITIONS]
        return [one for one in found if one is not None]

    async def single_track(
        self, recording: Recording, name: str, kind: Kind, number: int | None
    ) -> bytes | None:
        """A segment of one track of a version, or with None as its number what all of them build on.

        None where there is no such thing, or nothing that can be taken apart.
        """
        version = await self.finished(recording, name)
        track = None if version is None else version.representation.track(kind)
        if version is None or track is None:
            return None
        span = range(0) if number is None else version.segment(number)
        if span is None or len(span) > MAX_SEGMENT_BYTES:
            return None
        try:
            path = await self._blobs.fetch(_key(recording, version.file))
            return await asyncio.to_thread(_one_track, path, version.bounds[0], track.id, span)
        except (MediaError, BlobMissing, FileNotFoundError):
            return None

    async def _index(self, recording: Recording) -> LiveIndex | None:
        try:
            return await self._uploads.indexes.get(recording.id)
        except (MediaError, BlobError, FileNotFoundError):
            return None  # not an MP4 at all, or its bytes are gone


def _key(recording: Recording, name: str) -> str:
    return f"recordings/{recording.id}/{name}"


def _one_track(path: Path, head_bytes: int, track_id: int, span: range) -> bytes:
    with path.open("rb", buffering=0) as file:
        track = SingleTrack(file.read(head_bytes), track_id)
        if not span:
            return track.head
        file.seek(span.start)
        return track.fragments(file.read(len(span)), span.start)

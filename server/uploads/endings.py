"""How an upload ends: as a recording, refused, cancelled or expired."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from media.fragments import FragmentError
from media.sniff import Container, refusal
from server.db import Database, now
from server.errors import NotFound, UnreadableMedia, UnsupportedMedia
from server.plans.errors import PaymentRequired
from server.ports.blobs import BlobStore
from server.recordings.events import source_key
from server.recordings.service import Recordings
from server.uploads import repository
from server.uploads.errors import UploadLocked, no_upload
from server.uploads.hashing import Hashes
from server.uploads.index import LiveIndexes
from server.uploads.locks import Locks
from server.uploads.schemas import Upload

# The length in seconds of a file that is not a growing recording. Raises UnreadableMedia (server.errors).
Probe = Callable[[Path], Awaitable[float | None]]


class Endings:
    """The caller of `finish`, `discard` and `forget` holds the upload's lock."""

    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        recordings: Recordings,
        *,
        indexes: LiveIndexes,
        hashes: Hashes,
        locks: Locks,
        probe: Probe,
    ) -> None:
        self._db = db
        self._blobs = blobs
        self._recordings = recordings
        self._indexes = indexes
        self._hashes = hashes
        self._locks = locks
        self._probe = probe

    async def finish(self, upload: Upload) -> Upload:
        """All bytes are here: they are a recording now, or are refused. Done twice, it is done once."""
        if upload.finished:
            return upload
        recording = await self._recordings.find(upload.recording_id)
        if recording is None:
            raise no_upload()
        if not recording.uploaded:
            duration_s = await self._duration(upload)
            if "recordingId" not in upload.metadata:  # a file; what somebody records completes at any length
                await self._require_length(recording.workspace_id, duration_s)
            running = await self._hashes.of(upload)
            await self._recordings.upload_completed(
                upload.recording_id, upload.offset, running.sha256.hexdigest(), duration_s
            )
        finished = replace(upload, finished_at=now(), expires_at=None)
        async with self._db.write(upload.recording_id) as session:
            await repository.move(session, upload, finished_at=finished.finished_at, expires_at=None)
        self._hashes.forget(upload.id)
        self._indexes.finish(upload.recording_id)
        return finished

    async def _require_length(self, workspace_id: str | None, duration_s: float | None) -> None:
        plans = self._recordings.plans
        if plans.sells:
            async with self._db.read() as session:
                await plans.require_length(session, workspace_id, duration_s or 0.0)

    async def _duration(self, upload: Upload) -> float | None:
        if upload.container is None:
            raise UnsupportedMedia(refusal(b""))
        if upload.container is Container.MP4:
            try:
                index = await self._indexes.get(upload.recording_id)
            except FragmentError as broken:
                raise UnreadableMedia(f"{broken.title}: {broken.detail}.") from broken
            if index is not None and index.playable:
                return index.parser.duration_s
            if index is not None and index.parser.torn:
                # Demuxers show what they find of such a file; its owner would miss the rest later.
                raise UnreadableMedia(
                    "The file ends early: a part of the video is missing. Send the whole file."
                )
        return await self._probe(self._blobs.local_path(source_key(upload.recording_id)))

    async def finish_late(self, upload: Upload) -> None:
        try:
            async with self._locks.hold(upload.recording_id):
                await self.finish(upload)
        except (UnsupportedMedia, UnreadableMedia, PaymentRequired) as refused:
            await self.discard(upload, refused.sentence)
        except UploadLocked:
            return  # its own request is at it

    async def expire(self, upload: Upload) -> None:
        try:
            async with self._locks.hold(upload.recording_id):
                await self.discard(upload, "The upload was not finished in time and has expired.")
        except UploadLocked:
            return

    async def discard(self, upload: Upload, reason: str) -> None:
        """Nothing is left of it: no bytes, no row, and no recording that was made for it alone."""
        await self.forget(upload)
        self._indexes.drop(upload.recording_id)
        await self._blobs.delete(source_key(upload.recording_id))
        if "recordingId" in upload.metadata:
            await self._recordings.failed(upload.recording_id, reason)
            return
        try:
            await self._recordings.erase(upload.recording_id)
        except NotFound:
            return

    async def forget(self, upload: Upload) -> None:
        self._hashes.forget(upload.id)
        async with self._db.write(upload.recording_id) as session:
            await repository.remove(session, upload.id)

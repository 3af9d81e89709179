"""The SHA-256 of each upload in progress: kept while bytes arrive, built anew after a restart."""

import asyncio

from server.ports.blobs import BlobMissing, BlobStore
from server.recordings.events import source_key
from server.uploads.receiver import Running
from server.uploads.schemas import Upload


async def rehash(blobs: BlobStore, key: str, size: int) -> Running:
    """Of the first `size` bytes. Raises BlobMissing."""
    running = Running(0)
    if size == 0:
        return running
    async for piece in blobs.read(key, 0, size):
        await asyncio.to_thread(running.sha256.update, piece)
        running.offset += len(piece)
    return running


class Hashes:
    """The running SHA-256 of each upload in progress; built anew from the disk when it is not here."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._running: dict[str, Running] = {}

    async def of(self, upload: Upload) -> Running:
        held = self._running.get(upload.id)
        if held is None or held.offset != upload.offset:
            held = await rehash(self._blobs, source_key(upload.recording_id), upload.offset)
            if held.offset != upload.offset:
                raise BlobMissing(f"{held.offset} of {upload.offset} bytes are left")
            self._running[upload.id] = held
        return held

    def keep(self, upload: Upload, running: Running) -> None:
        self._running[upload.id] = running

    def forget(self, upload_id: str) -> None:
        self._running.pop(upload_id, None)

    def forget_all_but(self, upload_ids: set[str]) -> None:
        for upload_id in self._running.keys() - upload_ids:
            del self._running[upload_id]

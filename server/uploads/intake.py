"""One body into one upload: looked at, written, committed, indexed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from media.errors import MediaError
from media.sniff import SNIFF_BYTES, Container, refusal, sniff
from server.db import Database, now
from server.errors import StorageFull, UnreadableMedia, UnsupportedMedia
from server.ports.blobs import BlobMissing, BlobStore, BlobStoreFull
from server.recordings.events import source_key
from server.uploads import repository
from server.uploads.errors import no_upload
from server.uploads.hashing import Hashes
from server.uploads.index import LiveIndexes
from server.uploads.locks import Hold
from server.uploads.protocol import Checksum
from server.uploads.receiver import Body, Piece, Receiver, Running
from server.uploads.schemas import Upload

FULL = "The server's disk is full. Free space on it, then continue the upload."


class Intake:
    """The upload as it grows; the caller holds its lock. `upload` is always what is committed."""

    def __init__(
        self,
        upload: Upload,
        *,
        db: Database,
        blobs: BlobStore,
        indexes: LiveIndexes,
        hashes: Hashes,
        expiry: timedelta,
        first_bytes: Callable[[str], Awaitable[None]],
    ) -> None:
        self.upload = upload
        self._db = db
        self._blobs = blobs
        self._indexes = indexes
        self._hashes = hashes
        self._expiry = expiry
        self._first_bytes = first_bytes
        self._key = source_key(upload.recording_id)
        self._head = b""

    async def take(self, body: Body, hold: Hold, *, limit: int, checksum: Checksum | None) -> None:
        """Raises what the receiver raises, StorageFull, UnsupportedMedia and UnreadableMedia."""
        if self.upload.container is None:
            self._head = await self._read_head()
        try:
            receiver = Receiver(
                self._blobs,
                self._key,
                await self._hashes.of(self.upload),
                limit=limit,
                checksum=checksum,
                commit=self._commit,
                inspect=self._inspect,
            )
            await receiver.take(body, hold)
        except BlobMissing:
            raise no_upload() from None
        except BlobStoreFull:
            await self._give_back_space()
            raise StorageFull(FULL) from None

    async def _inspect(self, offset: int, piece: Piece) -> None:
        """Refuse what is no video before it is written."""
        if self.upload.container is not None or len(self._head) >= SNIFF_BYTES:
            return
        self._head += b"".join(piece)[: SNIFF_BYTES - len(self._head)]
        container = sniff(self._head, final=offset + sum(map(len, piece)) == self.upload.length)
        if container is None:
            raise UnsupportedMedia(refusal(self._head))
        if container is not Container.UNDECIDED:
            self.upload = replace(self.upload, container=container)

    async def _commit(self, running: Running) -> None:
        """The bytes are on disk: now the row may say so, and then viewers may hear of them."""
        first = self.upload.offset == 0
        expires_at = now() + self._expiry
        try:
            async with self._db.write(self.upload.recording_id) as session:
                moved = await repository.move(
                    session,
                    self.upload,
                    offset=running.offset,
                    expires_at=expires_at,
                    content_kind=self.upload.container,
                )
        except DBAPIError as failure:
            if not _is_full(failure):
                raise
            await self._give_back_space()
            raise StorageFull(FULL) from failure
        if not moved:
            raise no_upload()
        self.upload = replace(self.upload, offset=running.offset, expires_at=expires_at)
        self._hashes.keep(self.upload, running)
        if first:
            await self._first_bytes(self.upload.recording_id)
        await self._index()

    async def _index(self) -> None:
        if self.upload.container not in {None, Container.MP4}:
            return
        try:
            index = await self._indexes.get(self.upload.recording_id)
            if index is not None:
                await index.read_on(self._blobs.local_path(self._key), self.upload.offset)
        except MediaError as broken:
            raise UnreadableMedia(f"{broken.title}: {broken.detail}.") from broken

    async def _read_head(self) -> bytes:
        pieces = [
            piece async for piece in self._blobs.read(self._key, 0, min(SNIFF_BYTES, self.upload.offset))
        ]
        return b"".join(pieces)

    async def _give_back_space(self) -> None:
        """What nobody acknowledged goes, so that a full disk is not kept full by it."""
        await self._blobs.append(self._key, self.upload.offset, b"", sync=False)


def _is_full(failure: DBAPIError) -> bool:
    """SQLite says so in words, PostgreSQL by its code for a full disk."""
    return "full" in str(failure.orig) or getattr(failure.orig, "sqlstate", None) == "53100"

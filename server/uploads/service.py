"""Uploads: created, appended to, finished, given up. Headers and routes are elsewhere."""

import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from media.sniff import Container
from server.bus import Event
from server.config import Settings
from server.db import Database, new_id, now
from server.errors import Conflict, StorageFull, UnreadableMedia, UnsupportedMedia
from server.plans.errors import PaymentRequired
from server.plans.table import Quota
from server.ports.blobs import BlobStore
from server.recordings.events import source_key
from server.recordings.repository import stored_in
from server.recordings.schemas import Recording, RecordingType, StartRecordingRequest
from server.recordings.service import Recordings, no_recording
from server.uploads import repository
from server.uploads.endings import Endings, Probe
from server.uploads.errors import (
    BadHeader,
    TooManyUploads,
    UploadLocked,
    UploadTooLarge,
    WrongOffset,
    no_upload,
)
from server.uploads.hashing import Hashes
from server.uploads.index import LiveIndexes
from server.uploads.intake import FULL, Intake
from server.uploads.locks import Hold, Locks
from server.uploads.models import UploadRow
from server.uploads.protocol import Append, Creation
from server.uploads.receiver import Body, BodyCut
from server.uploads.schemas import Upload

MAX_OPEN = 100  # unfinished uploads of one person

FreeBytes = Callable[[], Awaitable[int]]


class Uploads:
    """Methods with `user_id` answer to that person only; whether the recording is theirs to change, whoever
    calls has checked. Offsets and lengths are bytes.

    `expect` is called when a recording will be sent while it is made.
    """

    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        recordings: Recordings,
        *,
        settings: Settings,
        locks: Locks,
        probe: Probe,
        free_bytes: FreeBytes,
        expect: Callable[[], None],
    ) -> None:
        self._db = db
        self._blobs = blobs
        self._recordings = recordings
        self._settings = settings
        self._locks = locks
        self._free_bytes = free_bytes
        self._expect = expect
        self._expiry = timedelta(hours=settings.upload_expiry_h)
        self._hashes = Hashes(blobs)
        self.indexes = LiveIndexes(self._readable, settings.max_pixels)
        self._endings = Endings(
            db,
            blobs,
            recordings,
            indexes=self.indexes,
            hashes=self._hashes,
            locks=locks,
            probe=probe,
        )

    @property
    def max_bytes(self) -> int:
        return self._settings.max_upload_bytes

    async def create(self, user_id: str, creation: Creation) -> Upload:
        """A new upload for the recording that the metadata names, or for a new one of its own.

        An upload that the recording had before and that was not finished is given up for it.
        """
        await self._check_room(user_id, creation)
        recording = await self._recording_for(user_id, creation)
        async with self._locks.hold(recording.id):
            await self._blobs.append(source_key(recording.id), 0, b"", sync=True)
            self.indexes.begin(recording.id)
            upload = Upload(
                id=new_id(),
                recording_id=recording.id,
                user_id=user_id,
                offset=0,
                length=creation.length,
                metadata=creation.metadata,
                container=None,
                expires_at=now() + self._expiry,
                finished_at=None,
            )
            await self._insert(upload)
        if creation.length is None:
            self._expect()
        return upload

    async def recording_of(self, user_id: str, upload_id: str) -> str:
        """The id of the recording that an upload is for. Raises UploadNotFound."""
        return (await self._find(user_id, upload_id)).recording_id

    async def get(self, user_id: str, upload_id: str) -> Upload:
        """Raises UploadNotFound. A writer whose client fell silent first commits what it has."""
        upload = await self._find(user_id, upload_id)
        await self._locks.settle(upload.recording_id)
        return await self._find(user_id, upload_id)

    async def append(self, user_id: str, upload_id: str, request: Append, body: Body) -> Upload:
        """The upload after the body is on disk; at its end the recording is complete."""
        async with self._writing(user_id, upload_id) as (found, hold):
            return await self._append(found, request, body, hold)

    async def terminate(self, user_id: str, upload_id: str) -> None:
        """Forget the upload, and its bytes unless they are a complete recording by now."""
        async with self._writing(user_id, upload_id) as (upload, _):
            if upload.finished:
                await self._endings.forget(upload)
            else:
                await self._endings.discard(upload, "The upload was cancelled.")

    async def committed(self, recording_id: str) -> tuple[Path, int, bool] | None:
        """The file of a recording, how much of it may be served, and whether that is all."""
        recording = await self._recordings.find(recording_id)
        if recording is None:
            return None
        path = self._blobs.local_path(source_key(recording_id))
        if recording.uploaded and recording.file_size_bytes is not None:
            return path, recording.file_size_bytes, True
        async with self._db.read() as session:
            upload = await repository.of_recording(session, recording_id)
        return None if upload is None else (path, upload.offset, False)

    async def _readable(self, recording_id: str) -> tuple[Path, int, bool] | None:
        """The same with the file on this machine."""
        found = await self.committed(recording_id)
        if found is not None and found[2]:
            await self._blobs.fetch(source_key(recording_id))
        return found

    async def growing(self, recording_id: str) -> bool:
        """Whether nobody has said yet how long the file will be: it is being recorded."""
        async with self._db.read() as session:
            upload = await repository.of_recording(session, recording_id)
        return upload is None or upload.length is None

    async def upload_of(self, recording_id: str) -> str | None:
        """The id of the upload that the recording's bytes come with, or came with."""
        async with self._db.read() as session:
            upload = await repository.of_recording(session, recording_id)
        return None if upload is None else upload.id

    async def all_growing(self) -> list[tuple[str, str]]:
        """Recordings whose length nobody has said yet, and whose they are."""
        async with self._db.read() as session:
            return await repository.growing(session)

    async def container_of(self, recording_id: str) -> Container | None:
        async with self._db.read() as session:
            upload = await repository.of_recording(session, recording_id)
        return None if upload is None else upload.container

    async def sweep(self) -> None:
        """Remove what has expired, and finish what a crash left complete but not finished."""
        async with self._db.read() as session:
            expired = await repository.expired(session, now())
            complete = await repository.unfinished_but_complete(session)
            open_ids = await repository.open_ids(session)
        self._hashes.forget_all_but(open_ids)
        for upload in complete:
            await self._endings.finish_late(upload)
        for upload in expired:
            if not upload.complete:
                await self._endings.expire(upload)

    def begin_stop(self) -> None:
        """Whoever sends keeps what is on disk and comes back; whoever waits for bytes is answered."""
        self._locks.give_way()
        self.indexes.close()

    async def on_recording_deleted(self, event: Event) -> None:
        if event.recording_id is not None:
            self.indexes.drop(event.recording_id)

    async def _check_room(self, user_id: str, creation: Creation) -> None:
        if creation.length == 0:
            raise UnreadableMedia("The file is empty: there is nothing to upload.")
        if creation.length is not None and creation.length > self.max_bytes:
            raise UploadTooLarge(f"An upload may have {self.max_bytes} bytes at most.")
        if await self._free_bytes() < (creation.length or 0) + self._settings.min_free_bytes:
            raise StorageFull(FULL)
        async with self._db.read() as session:
            if await repository.count_open(session, user_id) >= MAX_OPEN:
                raise TooManyUploads(
                    f"{MAX_OPEN} uploads are open already: finish or cancel some.",
                    headers={"Retry-After": "60"},
                )

    async def _recording_for(self, user_id: str, creation: Creation) -> Recording:
        recording_id = creation.metadata.get("recordingId")
        if recording_id is None:
            sells = self._recordings.plans.sells
            place = await self._recordings.home(user_id) if sells else None
            await self._require_storage(place, creation)
            request = StartRecordingRequest(
                recording_type=RecordingType.SCREEN, title=_title(creation.metadata), workspace_id=place
            )
            return await self._recordings.create(user_id, request)
        recording = await self._recordings.find(recording_id)
        if recording is None:
            raise no_recording()
        if recording.uploaded:
            raise Conflict("This recording has been uploaded already.", code="already_uploaded")
        if recording.started_at is None:  # what has begun is never cut by a quota
            await self._require_storage(recording.workspace_id, creation)
        return recording

    async def _require_storage(self, workspace_id: str | None, creation: Creation) -> None:
        """Raises PaymentRequired for a file that the plan has no room for; one that is being recorded has
        no length yet, and was let in when it was announced."""
        plans, more = self._recordings.plans, creation.length
        if plans.sells and more is not None:
            async with self._db.read() as session:
                await plans.require(session, workspace_id, Quota.STORAGE, _held_in, more)

    async def _insert(self, upload: Upload) -> None:
        async with self._db.write(upload.recording_id) as session:
            await repository.remove_of_recording(session, upload.recording_id)
            session.add(
                UploadRow(
                    id=upload.id,
                    recording_id=upload.recording_id,
                    user_id=upload.user_id,
                    offset=0,
                    length=upload.length,
                    upload_metadata=upload.metadata,
                    expires_at=upload.expires_at,
                )
            )

    async def _find(self, user_id: str, upload_id: str) -> Upload:
        async with self._db.read() as session:
            upload = await repository.by_id(session, upload_id)
        if upload is None or upload.user_id != user_id:
            raise no_upload()
        if not upload.complete and upload.expires_at is not None and upload.expires_at < now():
            raise no_upload()
        return upload

    @asynccontextmanager
    async def _writing(self, user_id: str, upload_id: str) -> AsyncIterator[tuple[Upload, Hold]]:
        """The upload with its lock held, as it is then."""
        upload = await self._find(user_id, upload_id)
        async with self._locks.hold(upload.recording_id) as hold:
            yield await self._find(user_id, upload_id), hold

    async def _append(self, upload: Upload, request: Append, body: Body, hold: Hold) -> Upload:
        if request.offset != upload.offset:
            raise WrongOffset(
                f"This upload goes on at byte {upload.offset}, not at {request.offset}.",
                details={"offset": upload.offset},
                headers={"Upload-Offset": str(upload.offset)},
            )
        limit = self._limit(upload, request)
        upload = await self._declare(upload, request)
        try:
            upload = await self._take(upload, request, body, hold, limit)
            return await self._endings.finish(upload) if upload.complete else upload
        except (UnsupportedMedia, UnreadableMedia, PaymentRequired) as refused:
            await self._endings.discard(upload, refused.sentence)
            raise

    def _limit(self, upload: Upload, request: Append) -> int:
        """The size that the upload may reach. Raises when the request cannot fit."""
        length = upload.length if upload.length is not None else request.length
        if request.length is not None and request.length != length:
            raise BadHeader(f"The length of this upload is {length} bytes and cannot change.")
        if length is not None and length < upload.offset:
            raise BadHeader(
                f"There are {upload.offset} bytes already, more than the length that is declared."
            )
        limit = self.max_bytes if length is None else min(length, self.max_bytes)
        if (length or 0) > self.max_bytes or upload.offset + (request.size or 0) > limit:
            raise UploadTooLarge(f"This upload may have {limit} bytes, and this request goes beyond.")
        return limit

    async def _declare(self, upload: Upload, request: Append) -> Upload:
        if request.length is None or upload.length is not None:
            return upload
        async with self._db.write(upload.recording_id) as session:
            if not await repository.move(session, upload, length=request.length):
                raise no_upload()
        return replace(upload, length=request.length)

    async def _take(self, upload: Upload, request: Append, body: Body, hold: Hold, limit: int) -> Upload:
        intake = Intake(
            upload,
            db=self._db,
            blobs=self._blobs,
            indexes=self.indexes,
            hashes=self._hashes,
            expiry=self._expiry,
            first_bytes=self._recordings.bytes_arrived,
        )
        try:
            await intake.take(body, hold, limit=limit, checksum=request.checksum)
        except BodyCut:
            if intake.upload.complete:  # only the answer got lost
                return intake.upload
            # Seldom read by anyone: the client is gone, or another request of its own took over.
            raise UploadLocked(
                "The request ended before its body did.", headers={"Connection": "close"}
            ) from None
        return intake.upload


async def _held_in(session: AsyncSession, workspace_id: str) -> int:
    return await stored_in(session, workspace_id) + await repository.announced_in(session, workspace_id)


def _title(metadata: dict[str, str]) -> str:
    """A title that the recording may have, from what stock clients send."""
    given = metadata.get("title") or metadata.get("filename") or metadata.get("name") or ""
    printable = "".join(char for char in given if unicodedata.category(char) not in {"Cc", "Cs"})
    return printable.strip()[:255].strip() or "Untitled recording"

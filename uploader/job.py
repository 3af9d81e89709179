"""The life of one upload, state by state. What it knows that matters is in the journal: it may die at any
point.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from uploader.api import Recording
from uploader.companion import tell_markers
from uploader.errors import (
    DigestMismatchError,
    OffsetConflictError,
    PlanFullError,
    RefusedError,
    ServerUnreachableError,
    Transient,
    UploadError,
    UploadGoneError,
)
from uploader.journal import Journal
from uploader.limits import RightOfWay, TokenBucket
from uploader.model import Upload, Wish
from uploader.protocol import PAYMENT_REQUIRED, Place
from uploader.retry import Backoff
from uploader.sender import Sender
from uploader.server import Server
from uploader.source import Source
from uploader.states import UploadEvent, UploadState

log = logging.getLogger(__name__)

DOUBTS = 8  # tries to ask a server about what it may not have: about a minute
NOTE_S = 0.1  # progress is written to the journal at most so often
ASK_FIRST_S, ASK_AT_MOST_S = 0.05, 2.0  # for the server's digest
PLAN_RETRY_S = 300.0  # a plan has room again when somebody pays or deletes, or in the next month

S, E = UploadState, UploadEvent


class Job:
    """Runs an upload until it ends or has to wait; `run` is called again then. One call at a time."""

    def __init__(
        self,
        upload: Upload,
        journal: Journal,
        server: Server,
        *,
        backoff: Backoff,
        bucket: TokenBucket,
        way: RightOfWay,
    ) -> None:
        self.id = upload.id
        self.source = Source(upload.path, growing=upload.growing, fingerprint=upload.fingerprint)
        self._journal, self._server, self._backoff = journal, server, backoff
        self._sender = Sender(
            server.tus,
            self.source,
            buckets=(bucket, TokenBucket(upload.limit_bps)),
            way=way,
            on_sent=self._sent,
            on_acked=self._acked,
        )
        self._sent_bytes = upload.sent_bytes
        self._place: Place | None = None
        self._noted_at = 0.0
        # Whether a recording may exist that the journal does not know: a crash or a lost answer in CREATING.
        self._in_doubt = upload.state is not S.QUEUED and upload.recording_id is None
        self._steps: dict[UploadState, Callable[[Upload], Awaitable[None]]] = {
            S.QUEUED: self._begin,
            S.CREATING: self._create,
            S.WAITING: self._ask_place,
            S.SENDING: self._send,
            S.FINISHING: self._verify,
            S.PAUSED: self._resume,
        }

    async def run(self) -> float | None:
        """Seconds to wait before the next try; None when there is nothing to try any more."""
        try:
            while True:
                upload = self._journal.get(self.id)
                if upload.wish is Wish.CANCEL and upload.state not in (S.DONE, S.CANCELLED):
                    await self._cancel(upload)
                elif upload.ended or (upload.wish is Wish.HOLD and self._held(upload)):
                    return None
                else:
                    await self._steps[upload.state](upload)
        except Transient as error:
            return self._try_later(error, error.retry_after_s)
        except UploadGoneError:
            return self._try_later(None)
        except UploadError as error:
            self._fail(error)
            return None
        except Exception as error:
            log.exception("%s: unexpected", self.id)
            return self._try_later(UploadError(repr(error), title="Something unexpected happened"))

    def recover(self) -> None:
        """After a crash: whatever was under way is asked for anew."""
        if self._journal.get(self.id).state in (S.CREATING, S.SENDING):
            self._journal.advance(self.id, E.LOST)

    async def _begin(self, _: Upload) -> None:
        self.source.size()  # a missing file is found before a recording is made for it
        self._journal.advance(self.id, E.START)

    async def _resume(self, _: Upload) -> None:
        self._journal.advance(self.id, E.RESUME)

    async def _create(self, upload: Upload) -> None:
        """What the plan does not let in now waits here, whole: it is no failure of this upload."""
        try:
            await self._announce(upload)
        except RefusedError as error:
            if error.status != PAYMENT_REQUIRED or error.code != "quota_exceeded":
                raise
            raise PlanFullError(error.detail, retry_after_s=PLAN_RETRY_S) from None

    async def _announce(self, upload: Upload) -> None:
        recording_id = upload.recording_id
        if recording_id is None:
            recording = await self._find_or_create(upload)
            recording_id = recording.id
            self._note(recording_id=recording.id, share_url=recording.share_url, link_at=time.time())
        length = None if self.source.growing else self.source.size()
        try:
            url = await self._server.tus.create(
                length, {"recordingId": recording_id, "filename": upload.path.name}
            )
        except OffsetConflictError as error:  # there is no offset yet: the recording takes no upload
            raise RefusedError(error.detail, status=409) from None
        self._place = Place(0, length)
        self._journal.advance(self.id, E.CREATED, upload_url=url, offset=0, attempt=0, error=None)

    async def _find_or_create(self, upload: Upload) -> Recording:
        if self._in_doubt:
            found = await self._server.api.find_recording(self.id)
            if found is not None:
                return found
        self._in_doubt = True
        settings = {**upload.settings, "clientId": self.id}
        try:
            return await self._server.api.create_recording(upload.title, upload.recording_type, settings)
        except RefusedError:
            self._in_doubt = False  # an answer that leaves none
            raise

    async def _ask_place(self, upload: Upload) -> None:
        self._place = None
        if upload.upload_url is None:
            self._journal.advance(self.id, E.RETRY)
            return
        try:
            self._place = await self._server.tus.place(upload.upload_url)
        except UploadGoneError:
            await self._replace(upload)
            return
        self._journal.advance(self.id, E.OFFSET_KNOWN, offset=self._place.offset)

    async def _replace(self, upload: Upload) -> None:
        """The server has no such upload: it is complete and tidied up, or has to begin again."""
        recording = await self._server.api.get_recording(upload.recording_id or "")
        if recording.sha256 is not None and not self.source.growing:
            size = self.source.size()
            self._journal.advance(self.id, E.ALL_ACKED, size=size, offset=size)
        else:
            self._journal.advance(self.id, E.GONE, upload_url=None, offset=0)

    async def _send(self, upload: Upload) -> None:
        if self._place is None or upload.upload_url is None:
            self._journal.advance(self.id, E.LOST)
            return
        place, self._place = self._place, None  # good for one try only
        size = await self._sender.send(upload.upload_url, place)
        self._journal.advance(
            self.id, E.ALL_ACKED, size=size, offset=size, sent_bytes=self._sent_bytes, attempt=0, error=None
        )

    async def _verify(self, upload: Upload) -> None:
        digest = self._sender.digest
        await asyncio.to_thread(digest.catch_up, self.source, upload.size or 0)
        ours = digest.hexdigest()
        await tell_markers(self._server, self.source.path, upload.recording_id or "")
        recording = await self._completed(upload)
        if recording.sha256 != ours:
            self._note(sha256=ours, server_sha256=recording.sha256)
            raise DigestMismatchError(f"SHA-256 here {ours}, on the server {recording.sha256}.")
        self._journal.advance(
            self.id, E.VERIFIED, sha256=ours, server_sha256=ours, attempt=0, error=None, done_at=time.time()
        )

    async def _completed(self, upload: Upload) -> Recording:
        """The recording once the server has counted its bytes."""
        wait_s = ASK_FIRST_S
        while True:
            recording = await self._server.api.get_recording(upload.recording_id or "")
            if recording.sha256 is not None:
                return recording
            if recording.status == "failed":
                raise RefusedError(recording.error or "The server could not use the recording.", status=422)
            await asyncio.sleep(wait_s)
            wait_s = min(ASK_AT_MOST_S, wait_s * 2)

    async def _cancel(self, upload: Upload) -> None:
        """Removes what the server has, then says so. A server that is away is waited for."""
        recording_id = upload.recording_id or (await self._doubtful(upload) if self._in_doubt else None)
        if upload.upload_url and upload.state is not S.FINISHING:
            await self._remove(self._server.tus.terminate(upload.upload_url))
        if recording_id:
            await self._remove(self._server.api.delete_recording(recording_id))
        self._journal.advance(self.id, E.CANCEL, error=None, done_at=time.time())

    async def _doubtful(self, upload: Upload) -> str | None:
        """The recording that was made for it though the answer got lost. A server that nobody ever reached,
        such as one whose name was mistyped, is not waited for without end.
        """
        try:
            found = await self._server.api.find_recording(self.id)
        except ServerUnreachableError:
            if upload.attempt < DOUBTS:
                raise
            return None  # if there is one after all, it is empty and nobody has its link
        return found.id if found else None

    async def _remove(self, removal: Awaitable[None]) -> None:
        try:
            await removal
        except Transient:
            raise
        except UploadError as error:  # gone already, or nothing that another try would change
            log.info("%s: not removed: %s", self.id, error.detail)

    def _held(self, upload: Upload) -> bool:
        """Pauses what can be paused; what only waits for the server's digest goes on."""
        if upload.state is S.FINISHING:
            return False
        if upload.state is not S.PAUSED:
            self._journal.advance(self.id, E.PAUSE)
        return True

    def _try_later(self, error: UploadError | None, retry_after_s: float | None = None) -> float:
        upload = self._journal.get(self.id)
        attempt = upload.attempt + 1
        changes: dict[str, Any] = {
            "attempt": attempt,
            "sent_bytes": self._sent_bytes,
            "error": error.as_dict() if error else None,
        }
        if upload.state in (S.CREATING, S.SENDING):
            self._journal.advance(self.id, E.LOST, **changes)
        else:
            self._note(**changes)
        delay = self._backoff.delay(attempt, retry_after_s, live=self.source.live)
        log.info("%s: %s; again in %.1f s", self.id, error.detail if error else "asking anew", delay)
        return delay

    def _fail(self, error: UploadError) -> None:
        log.warning("%s: %s: %s", self.id, error.title, error.detail)
        self._journal.advance(
            self.id, E.REJECTED, error=error.as_dict(), done_at=time.time(), sent_bytes=self._sent_bytes
        )

    def _sent(self, count: int) -> None:
        self._sent_bytes += count

    def _acked(self, offset: int) -> None:
        now = time.monotonic()
        if self.source.live or now - self._noted_at >= NOTE_S:
            self._noted_at = now
            self._note(offset=offset, sent_bytes=self._sent_bytes, attempt=0, error=None)

    def _note(self, **changes: Any) -> None:
        self._journal.note(self.id, **changes)

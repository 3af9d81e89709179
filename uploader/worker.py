"""The queue: which upload runs when. One worker per journal; uploads share its connections and its
bandwidth.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from uploader.allowance import Allowed
from uploader.companion import learn_playlist, tell
from uploader.errors import IllegalTransitionError, UploadError
from uploader.job import Job
from uploader.journal import Journal
from uploader.limits import RightOfWay, TokenBucket
from uploader.model import Upload, Wish
from uploader.orphans import CHECK_EVERY_S, adopt_orphans
from uploader.retry import Backoff
from uploader.server import Server
from uploader.states import UploadEvent

log = logging.getLogger(__name__)

AT_ONCE = 2  # finished files; live recordings never wait for a place
POLL_S = 0.05  # asking SQLite whether another process wrote costs 10 microseconds
ALLOWED_S = 1.0  # how soon a changed setting counts

_METERED = UploadError(
    "The settings say that recordings wait while bytes cost money.",
    title="This connection is metered",
    hint="It goes on by itself on another connection, or when the setting `metered` is `send`.",
)


class Runner:
    """A job, the task that runs it, and when it may run again."""

    def __init__(self, job: Job, upload: Upload) -> None:
        self.job = job
        self.upload = upload
        self.task: asyncio.Task[float | None] | None = None
        self.due = 0.0
        self.attempt = 0  # as it was when the job gave up for now; 0 in the journal then means: now
        self.telling: asyncio.Task[None] | None = None
        self.asked_playlist = False

    @property
    def running(self) -> bool:
        """Until `_ended` has said when it may run again, which is a moment later than the task's end."""
        return self.task is not None


class Worker:
    """Works through a journal until it is drained.

    `linger_s` is how long an empty queue is watched before `run` returns, `patience_s` the same before
    the first upload was seen: whoever started the worker is about to record. `stay` never returns by
    itself.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        linger_s: float = 1.0,
        patience_s: float = 10.0,
        stay: bool = False,
        allowed: Callable[[], Allowed] = Allowed,
        backoff: Backoff | None = None,
        open_server: Callable[[str], Server] = Server,
    ) -> None:
        self._journal = journal
        self._linger_s, self._patience_s, self._stay = linger_s, patience_s, stay
        self._backoff = backoff or Backoff()
        self._allowed, self._waits = allowed, False
        self._bucket, self._way = TokenBucket(None), RightOfWay()
        self._open_server = open_server
        self._servers: dict[str, Server] = {}
        self._runners: dict[str, Runner] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopped = False
        self._checked_at = 0.0

    async def run(self, warm: str | None = None) -> None:
        """Until the queue is drained or `stop` was called; `warm` is a server to connect to beforehand."""
        if warm:
            self._in_background(self._server(warm).warm())
        self._allow(await asyncio.to_thread(self._allowed))
        self._in_background(self._watch_allowance())
        idle_since, patience_s = time.monotonic(), self._patience_s
        try:
            while not self._stopped:
                if self._turn():
                    idle_since, patience_s = time.monotonic(), self._linger_s
                elif not self._stay and time.monotonic() - idle_since > patience_s:
                    return
                await self._pause()
        finally:
            await self._close()

    def stop(self) -> None:
        """Ends `run` soon; what is under way is taken up by the next worker."""
        self._stopped = True
        self._wake.set()

    def _turn(self) -> bool:
        """One look at the journal. Whether there is anything to do, now or later."""
        now = time.monotonic()
        if now - self._checked_at >= CHECK_EVERY_S:
            self._checked_at = now
            adopt_orphans(self._journal)
        uploads = self._journal.pending()
        for gone in self._runners.keys() - {upload.id for upload in uploads}:
            if not self._runners[gone].running:
                del self._runners[gone]
        for upload in uploads:
            self._look_at(upload)
        self._start(uploads, now)
        return any(upload.wish is not Wish.HOLD for upload in uploads)

    def _look_at(self, upload: Upload) -> None:
        """Passes on what other processes changed."""
        runner = self._runners.get(upload.id)
        if runner is None:
            runner = self._adopt(upload)
            if runner is None:
                return
        before, runner.upload = runner.upload, upload
        if not upload.growing:
            runner.job.source.end()
        if upload.wish is not before.wish:
            runner.due = 0.0
            if runner.task:
                runner.task.cancel()
        if upload.attempt == 0 and runner.attempt > 0:
            runner.due, runner.attempt = 0.0, 0
        self._accompany(runner)

    def _adopt(self, upload: Upload) -> Runner | None:
        try:
            server = self._server(upload.server)
        except UploadError as error:
            self._refuse(upload, error)
            return None
        job = Job(upload, self._journal, server, backoff=self._backoff, bucket=self._bucket, way=self._way)
        job.recover()
        runner = self._runners[upload.id] = Runner(job, upload)
        return runner

    def _refuse(self, upload: Upload, error: UploadError) -> None:
        """Its server's address is none."""
        event = UploadEvent.CANCEL if upload.wish is Wish.CANCEL else UploadEvent.REJECTED
        with contextlib.suppress(IllegalTransitionError):
            self._journal.advance(upload.id, event, error=error.as_dict(), done_at=time.time())

    def _accompany(self, runner: Runner) -> None:
        """What belongs to an upload beside its bytes, once its recording exists."""
        upload = runner.upload
        if upload.recording_id is None or upload.wish is Wish.CANCEL:
            return
        server = self._server(upload.server)
        if not runner.asked_playlist and upload.playlist_url is None:
            runner.asked_playlist = True
            self._in_background(learn_playlist(self._journal, server, upload.id, upload.recording_id))
        if upload.told is not upload.wanted and (runner.telling is None or runner.telling.done()):
            runner.telling = self._in_background(tell(self._journal, server, upload.id, self._backoff))

    async def _watch_allowance(self) -> None:
        while True:
            await asyncio.sleep(ALLOWED_S)
            self._allow(await asyncio.to_thread(self._allowed))

    def _allow(self, allowed: Allowed) -> None:
        """Takes over the cap; where nothing may be sent, what is under way breaks off until it may."""
        self._bucket.rate = allowed.rate
        if allowed.wait and not self._waits:
            for runner in self._runners.values():
                if runner.task:
                    runner.task.cancel()
        self._waits = allowed.wait
        self._wake.set()

    def _start(self, uploads: list[Upload], now: float) -> None:
        if self._waits:
            for upload in uploads:
                if upload.error is None:
                    self._journal.note(upload.id, error=_METERED.as_dict())
            return
        free = AT_ONCE - sum(
            runner.running and not runner.upload.growing for runner in self._runners.values()
        )
        for upload in uploads:
            runner = self._runners.get(upload.id)
            if runner is None or runner.running or now < runner.due:
                continue
            if not upload.growing:
                if free <= 0:
                    continue
                free -= 1
            runner.task = asyncio.create_task(runner.job.run(), name=f"upload {upload.id}")
            runner.task.add_done_callback(partial(self._ended, runner))

    def _ended(self, runner: Runner, task: asyncio.Task[float | None]) -> None:
        runner.task = None
        if not task.cancelled():
            delay, runner.attempt = task.result(), self._journal.get(runner.job.id).attempt
            # Somebody may have asked for another try in the instant since the job gave this one up.
            runner.due = time.monotonic() + (delay or 0.0) if runner.attempt else 0.0
        self._wake.set()

    async def _pause(self) -> None:
        """Until a job has ended or it is time to look at the journal again."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), POLL_S)
        self._wake.clear()

    def _server(self, address: str) -> Server:
        if address not in self._servers:
            self._servers[address] = self._open_server(address)
        return self._servers[address]

    def _in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _close(self) -> None:
        tasks = [runner.task for runner in self._runners.values() if runner.task] + list(self._background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self._servers.values():
            await server.close()

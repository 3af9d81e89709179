"""Runs one recording: the capture engine, its upload's row in the journal, one stream of events about both.

What the engine says is passed on as it is; `upload` events are added, and plain words when the engine goes
away without an end. Recording never waits for the upload, and the upload never needs this process.
"""

import contextlib
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace

from desktop.i18n import tr
from desktop.models.session import ENDED, Phase, Session, apply
from desktop.models.told import number, whole
from desktop.recorder.engine import Engine, Event
from desktop.recorder.follower import UploadFollower
from desktop.recorder.lag import UploadLag
from desktop.recorder.takes import Take
from media.manifest import manifest_path
from uploader.errors import UploadError

# How often the journal is looked at: a fraction of what a person notices.
POLL_S = 0.05
# How often somebody looks whether the upload worker lives; oftener while the link waits for it.
WORKER_S = 1.0
WORKER_AT_START_S = 0.1


class Host:
    """Drive it with `step()` until that is False. Commands may come at any time from the same thread."""

    def __init__(
        self,
        engine: Engine,
        uploads: UploadFollower | None,
        emit: Callable[[Event], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._uploads = uploads
        self._emit = emit
        self._clock = clock
        self._take: Take | None = None
        self._started_at = 0.0
        self._entered = False  # the upload is on the journal
        self._counted = False  # a countdown runs, or ran just now
        self._upload_lag = UploadLag()
        self._journal_fault = ""
        self._worker_seen_at = float("-inf")
        self._gone = False  # the engine's process has ended
        self._asked = False  # the engine has not answered `start` yet
        self._foreign = False  # another file was there before the take: the engine refuses, nobody sends it
        self.session = Session()

    def open(self) -> None:
        """Starts the engine and has the upload worker ready."""
        # The worker first: it has to be connected by the time the engine is ready, or the link comes late.
        self._wake_worker()
        self._engine.open()

    def close(self) -> None:
        """Ends the engine (which finishes its file first) and takes in its last events."""
        self._engine.close()

    def start(self, take: Take) -> None:
        """Records `take` as soon as the engine is ready."""
        self._take = take
        self._worker_seen_at = float("-inf")  # it may have gone while nobody recorded
        if self.session.phase is Phase.READY:
            self._send_start()

    def command(self, name: str, /, **arguments: object) -> None:
        """pause, resume, restart, stop, cancel, marker; the engine refuses what its state does not allow."""
        waiting = self._take is not None and self.session.phase in {Phase.STARTING, Phase.READY}
        if waiting and name in {"stop", "cancel"}:
            # Nothing has begun, so there is nothing for the engine to end.
            self._take = None
            self.session = replace(self.session, phase=Phase.CANCELLED)
            return
        self._engine.send(name, **arguments)

    def step(self, timeout_s: float = POLL_S) -> bool:
        """Takes in what happened; False once the recording and its upload are over."""
        event = None if self._gone else self._engine.next_event(timeout_s)
        while event:
            self._on_engine(event)
            event = None if self._gone else self._engine.next_event(0)
        if self._gone:
            time.sleep(timeout_s)  # nothing but the journal is left to watch
        self._poll_upload()
        self._keep_worker()
        return not self.over

    @property
    def started(self) -> bool:
        """Whether a take was asked for."""
        return self._take is not None

    @property
    def recorded(self) -> bool:
        """Whether the engine has done its part, well or not."""
        return self.session.phase in ENDED

    @property
    def over(self) -> bool:
        """Whether nothing will happen any more."""
        return self.recorded and not (self._uploads and self._uploads.active)

    @property
    def saved(self) -> int:
        """Bytes of the take that are on disk."""
        try:
            return self._take.output.stat().st_size if self._take and not self._foreign else 0
        except OSError:
            return 0

    def _on_engine(self, event: Event) -> None:
        if event["event"] == "exit":
            self._gone = True
            if not self.recorded:
                event = event | self._lost()
        elif event["event"] == "state":
            self._asked = False
            # The row goes in before anyone hears of the state, so that the link is never late.
            self._with_journal(lambda: self._follow(str(event.get("state"))))
        elif event["event"] == "discarded":
            self._with_journal(self._discard)
        elif event["event"] == "stats":
            event = event | self._lag(event)
        self._tell(event)
        if self._asked and event.get("code") == "bad_command":
            # The engine stays idle: without this, somebody would wait for a take that was refused.
            self._asked = False
            self.session = replace(self.session, phase=Phase.FAILED)
        if self.session.phase is Phase.READY and self._take:
            self._send_start()
        if self._gone and self._entered:
            self._with_journal(self._close_upload)

    def _send_start(self) -> None:
        if self._take:
            self._started_at = self._clock()
            self._foreign = self._take.output.exists()
            self._engine.send("start", **self._take.arguments())
            self._asked = True
            # Not to be sent twice before the engine has answered.
            self.session = apply(self.session, {"event": "state", "state": "preparing"})

    def _follow(self, state: str) -> None:
        """Carries the engine's state over to the upload."""
        uploads, take = self._uploads, self._take
        if not uploads or not take or self._foreign:
            return
        if state in {"testing", "counting"}:
            self._counted = True
        if state == "preparing" and self._counted:
            self._started_at, self._counted = self._clock(), False  # the link is due from zero on
        if state in {"preparing", "recording"} and not self._entered:
            uploads.begin(take.output, take.title, self._started_at, take.told_server)
            self._entered = True
        elif state in {"recording", "paused"}:
            uploads.want(state)
        elif state == "finished":
            self._entered = False
            uploads.finish()
        elif state == "cancelled":
            self._entered = False
            uploads.cancel()
        elif state == "failed":
            self._close_upload()

    def _discard(self) -> None:
        """The take was thrown aside and the same begins again: with another link, for sent bytes are sent."""
        if self._entered and self._uploads:
            self._uploads.cancel()
        self._entered, self._counted = False, True
        self._upload_lag = UploadLag()

    def _lag(self, event: Event) -> Event:
        """How far the server is behind, for the statistics of a take that is uploaded."""
        if not self._entered:
            return {}
        upload = self.session.upload
        lag = self._upload_lag.observe(
            whole(event, "bytes", 0), number(event, "timeS", 0.0), upload.offset if upload else 0
        )
        return {"uploadLagS": round(lag, 2)}

    def _with_journal(self, act: Callable[[], None]) -> None:
        """Recording goes on whatever happens to the journal: a full disk, a broken file."""
        try:
            act()
        except (UploadError, sqlite3.Error, OSError) as error:
            if str(error) != self._journal_fault:  # told once, not at every look
                self._journal_fault = str(error)
                self._tell(self._unavailable(str(error)))

    def _unavailable(self, detail: str) -> Event:
        return {
            "event": "health",
            "at": self._clock(),
            "code": "upload_unavailable",
            "severity": "warning",
            "title": tr("The upload cannot follow this recording"),
            "detail": detail,
            "hint": tr("The recording is safe; send it later with `heddle upload FILE`."),
        }

    def _close_upload(self) -> None:
        """The engine went without an end: what it saved becomes a finished video, or else nothing is left."""
        self._entered = False
        if self._uploads:
            if self.saved:
                self._uploads.finish()
            else:
                self._uploads.cancel()

    def _lost(self) -> Event:
        """The words for an engine that went away without an end."""
        saved = self.saved
        if saved and self._take:
            detail = tr("What was recorded until then is safe in {path}.", path=self._take.output)
            hint = tr("The file plays and its link becomes a finished video. Start a new recording to go on.")
        else:
            self._remove_empty()
            detail, hint = tr("Nothing was recorded."), tr("`heddle doctor` says what is missing.")
        return {
            "title": tr("The recorder went away unexpectedly"),
            "detail": detail,
            "hint": hint,
            "saved": saved,
        }

    def _remove_empty(self) -> None:
        """An engine that dies before its first fragment leaves a file without a byte, which nobody wants."""
        if self._take and not self._foreign:
            for path in (self._take.output, manifest_path(self._take.output)):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _keep_worker(self) -> None:
        """While there is a take. One that waits for hours has none started again and again."""
        every_s = WORKER_S if self.session.share_url else WORKER_AT_START_S
        if self.started and self._clock() - self._worker_seen_at >= every_s:
            self._wake_worker()

    def _wake_worker(self) -> None:
        self._worker_seen_at = self._clock()
        if self._uploads:
            self._with_journal(self._uploads.ensure_worker)

    def _poll_upload(self) -> None:
        def poll() -> None:
            if self._uploads and (event := self._uploads.poll()):
                self._tell({**event, "at": self._clock()})

        self._with_journal(poll)

    def _tell(self, event: Event) -> None:
        self.session = apply(self.session, event)
        self._emit(event)

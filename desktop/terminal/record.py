"""A person, or a script, in front of one recording: progress, results, Ctrl-C and the exit code."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from desktop.errors import ExitCode
from desktop.i18n import tr
from desktop.models.session import Phase, Problem, Session
from desktop.models.words import problem_text, receipt_text
from desktop.recorder.engine import Engine, Event
from desktop.recorder.follower import UploadFollower
from desktop.recorder.host import POLL_S, Host
from desktop.recorder.takes import Options, Take
from desktop.terminal.progress import ProgressPrinter

# How long a script waits for a server that does not answer once the recording is over.
PATIENCE_S = 10.0


class Terminal:
    """Runs one recording. Results go to stdout, progress and worries to stderr."""

    def __init__(
        self, options: Options, uploads: UploadFollower | None, engine: Engine | None = None
    ) -> None:
        self._json = options.json
        self._progress = ProgressPrinter()
        self._host = Host(engine or Engine(), uploads, self._on_event)
        self._has_server = uploads is not None
        self._wants_upload = options.upload
        self._shown_link = ""
        self._shown_notices = 0
        self._interrupts = 0
        self._waited_s = 0.0

    def run(self, take: Take) -> ExitCode:
        """Records `take` to its end and, where there is a server, waits for the upload."""
        if self._wants_upload and not self._has_server:
            self._say(tr("No server is set up, so this recording stays on this machine."))
            self._say(tr("For a link: heddle login --server URL --email YOU"))
        with self._signals():
            try:
                self._host.open()
                self._host.start(take)
                left = self._loop()
            finally:
                self._host.close()
                self._progress.close()
        return self._conclude(self._host.session, take, left=left)

    def _loop(self) -> bool:
        """Until everything is over; True when the upload was left to the background."""
        asked = 0
        while self._host.step():
            if self._interrupts > asked:
                asked = self._interrupts
                if self._host.recorded:
                    return True
                self._host.command("stop")
            if self._host.recorded and self._stalled(POLL_S):
                return True
            if not self._json:
                self._progress.show(self._host.session)
        return False

    def _stalled(self, passed_s: float) -> bool:
        """Whether the server has not answered for so long that waiting on makes no sense."""
        upload = self._host.session.upload
        moving = upload is not None and upload.state in {"sending", "finishing"}
        self._waited_s = 0.0 if moving else self._waited_s + passed_s
        return self._waited_s > PATIENCE_S

    def _on_event(self, event: Event) -> None:
        if self._json:
            sys.stdout.write(json.dumps(event) + "\n")
            sys.stdout.flush()
        session = self._host.session
        for notice in session.notices[self._shown_notices :]:
            self._say(problem_text(notice))
        self._shown_notices = len(session.notices)
        if session.phase is Phase.FINISHED and session.error and event.get("event") == "state":
            self._say(problem_text(session.error))
        if session.share_url and session.share_url != self._shown_link:
            self._shown_link = session.share_url
            self._result(session.share_url)

    def _conclude(self, session: Session, take: Take, *, left: bool) -> ExitCode:
        if session.phase is Phase.CANCELLED:
            self._say(tr("The recording was cancelled."))
            if session.size:
                self._say(tr("It is kept for a week: `heddle recover --cancelled` brings it back."))
            return ExitCode.FAILED
        if session.phase is Phase.FAILED:
            self._say(problem_text(session.error or Problem(tr("The recording failed"))))
            return ExitCode.INTERRUPTED if self._host.saved else ExitCode.FAILED
        self._result(str(take.output))
        self._say(receipt_text(session))
        return self._conclude_upload(session, left=left)

    def _conclude_upload(self, session: Session, *, left: bool) -> ExitCode:
        upload = session.upload
        if upload and upload.state in {"failed", "cancelled"}:
            self._say(problem_text(upload.problem or Problem(tr("The upload was stopped"))))
            return ExitCode.UPLOAD_REFUSED
        if left:
            if upload and upload.problem:
                self._say(problem_text(upload.problem))
            self._say(tr("The upload goes on in the background; the file is safe on this machine."))
            return ExitCode.UPLOAD_PENDING
        return ExitCode.OK

    def _result(self, text: str) -> None:
        if self._json:
            return
        self._progress.clear()
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def _say(self, text: str) -> None:
        self._progress.say(text)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Ctrl-C and a polite kill stop the recording; a second one stops waiting for the upload."""

        def note(_number: int, _frame: FrameType | None) -> None:
            self._interrupts += 1

        before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

"""Writes down what is said in recordings, one after the other, in a process that may die alone.

Never in the way of a recording: the process comes last on this computer, and holds while one is made.
"""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.child import Child
from desktop.context import Context
from desktop.i18n import tr
from desktop.models import transcripts
from desktop.models.session import ACTIVE, Phase, Problem, Session
from desktop.models.told import number, text
from desktop.models.transcripts import Job, Kept, State
from desktop.settings import Settings
from desktop.speech.files import TranscriptFiles
from media import self_command
from media.errors import MediaError
from media.jsonlines import ALL_WORDS
from media.transcript import Segment, Transcript
from uploader.errors import Transient, UploadError
from uploader.paths import home

SEND_EVERY_MS = 30_000  # while something waits for its recording to be on the server
WRITE_EVERY_MS = 5_000  # while something waits for room on the disk


class Transcription(QObject):
    """The queue. `open` takes up what was left; `close` ends the process, which begins anew next time."""

    changed = Signal()  # `jobs`
    heard = Signal(object, object)  # path, Segment: as it is written down
    written = Signal(object)  # path: the whole of it
    show_wanted = Signal(object)  # path: somebody wants to see or correct it
    models_wanted = Signal()  # somebody wants to choose a model

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._child: Child | None = None
        self._path: Path | None = None
        self._sending: set[Path] = set()
        self._files = TranscriptFiles()
        self.recording = False
        self.jobs: transcripts.Jobs = ()
        self._send_again = QTimer(self)
        self._send_again.setInterval(SEND_EVERY_MS)
        self._send_again.timeout.connect(self._send)
        self.write_again = QTimer(self)
        self.write_again.setInterval(WRITE_EVERY_MS)
        self.write_again.timeout.connect(self._write_again)

    def open(self) -> None:
        """From now on recordings are written down, where the settings say so."""
        self._context.bridge.changed.connect(self._follow)
        self._context.bridge.ended.connect(self._ended)
        self._context.settings.changed.connect(self._settings_changed)
        self._context.background.in_thread(lambda: transcripts.load(home()), self._loaded)

    def close(self) -> None:
        """The app ends."""
        self._send_again.stop()
        self.write_again.stop()
        self._end(wait=True)

    def start_fields(self) -> dict[str, object]:
        """What a recording that begins now is told: its server need not listen, where this computer will."""
        now = self._context.settings.value
        if not now.transcribe_takes:
            return {}
        from desktop.speech.listening import has_model  # with the models, of which no start has need

        return {"transcribedHere": True} if has_model(now) else {}

    def add(self, path: Path) -> None:
        """Puts a recording, or any video, at the end of the queue."""
        self._add([path])

    def begin(
        self,
        paths: Sequence[Path],
        sure: Callable[[Sequence[Path]], bool],
        begun: Callable[[], object] = lambda: None,
    ) -> None:
        """As `add`, for several; where a person corrected some of what is written down, only if `sure`."""

        def corrected() -> list[Path]:  # a correction that is just being written counts
            return [path for path in paths if (kept := self.read(path)) and kept.edited]

        def found(some: list[Path]) -> None:
            if not some or sure(some):
                self._add(paths)
                begun()

        self._context.background.in_thread(corrected, found)

    def show(self, path: Path, *, sent: bool) -> None:
        """Opens what is written down of a recording; `sent` says whether a server has it."""
        if transcripts.find(self.jobs, path) is None:
            self._set((*self.jobs, Job(path, State.SENT if sent else State.HEARD, 1.0)))
        self.show_wanted.emit(path)

    def remove(self, *paths: Path) -> None:
        """Out of the queue; what was written down stays beside the recording."""
        if self._path in paths:
            self._end()
        for path in paths:
            self._files.forget(path)
        self._set(tuple(job for job in self.jobs if job.path not in paths))
        self._next()

    def models_changed(self) -> None:
        """There may be a model now for those that lacked one."""
        self._set(transcripts.with_model(self.jobs))
        self._next()

    def correct(self, path: Path, number: int, text: str) -> None:
        """Another text for one segment, kept and sent again."""

        self._put(path, lambda: self._files.correct(path, number, text))

    def read(self, path: Path) -> Kept | None:
        """What is written down of a recording, also where the disk has no room for it; reads a file."""
        return self._files.read(path)

    def _add(self, paths: Sequence[Path]) -> None:
        """What was heard and only lacks room on the disk is not listened to again."""
        self._write_again()
        unheard = [path for path in paths if path not in self._files.unwritten]
        self._set(reduce(transcripts.added, unheard, self.jobs))
        self._next()

    def _loaded(self, jobs: transcripts.Jobs) -> None:
        self._set((*jobs, *(job for job in self.jobs if transcripts.find(jobs, job.path) is None)))
        self._next()
        self._send()

    def _follow(self, session: Session) -> None:
        recording = session.phase in ACTIVE
        if recording != self.recording:
            self.recording = recording
            if self._child is not None:
                self._child.send({"pause": recording})
            self.changed.emit()
        if session.phase is Phase.FINISHED and session.path:
            self._take_ended(session)
        self._next()

    def _take_ended(self, session: Session) -> None:
        path = Path(session.path or "")
        wanted = self._context.settings.value.transcribe_takes and session.audio
        if wanted and transcripts.find(self.jobs, path) is None and transcripts.read(path) is None:
            self.add(path)

    def _ended(self, _session: Session) -> None:
        self._send()

    def _settings_changed(self, now: Settings, before: Settings) -> None:
        if (now.speech_model, now.models) != (before.speech_model, before.models):
            self.models_changed()
        if now.server != before.server:
            self._send()

    def _next(self) -> None:
        """Begins with whoever's turn it is, if nobody's is now and nothing is recorded."""
        while self._child is None and not self.recording and (job := transcripts.next_of(self.jobs)):
            from desktop.speech.listening import request  # as above

            try:
                wanted = request(job.path, self._context.settings.value)
            except MediaError as error:
                problem = Problem(error.title, error.detail, error.hint, code=transcripts.NO_MODEL)
                self._set(transcripts.changed(self.jobs, job.path, State.FAILED, problem=problem))
            else:
                self._listen(job, wanted)

    def _listen(self, job: Job, request: dict[str, object]) -> None:
        self._path = job.path
        self._child = Child(self_command.command("media.transcribe"), self, longest=ALL_WORDS)
        self._child.told.connect(self._told)
        self._child.ended.connect(self._gone)
        self._child.open()
        self._child.send(request)
        self._set(transcripts.changed(self.jobs, job.path, State.LISTENING))

    def _told(self, event: dict[str, Any]) -> None:
        path = self._path
        if path is None:
            return
        try:
            self._heed(path, event)
        except MediaError as error:  # it is no text that is told
            self._fail(Problem(error.title, error.detail, error.hint))

    def _heed(self, path: Path, event: dict[str, Any]) -> None:
        match event.get("event"):
            case "progress":
                fraction = number(event, "fraction", 0.0)
                self.jobs = transcripts.changed(self.jobs, path, State.LISTENING, fraction=fraction)
                self.changed.emit()
            case "segment":
                self.heard.emit(path, Segment.from_dict(event.get("segment")))
            case "done":
                transcript = Transcript.from_dict(event.get("transcript"))
                self._end()
                self._put(path, partial(self._files.write, path, Kept(transcript)))
                self._next()
            case "failed":
                title = text(event, "title", tr("The transcription ended unexpectedly"))
                self._fail(Problem(title, text(event, "detail", ""), text(event, "hint", "")))

    def _gone(self, words: str) -> None:
        hint = tr("A smaller model needs less memory.")
        self._fail(Problem(tr("The transcription ended unexpectedly"), words, hint))

    def _fail(self, problem: Problem) -> None:
        path = self._path
        self._end()
        if path is not None:
            self._set(transcripts.changed(self.jobs, path, State.FAILED, problem=problem))
        self._next()

    def _end(self, *, wait: bool = False) -> None:
        child, self._child, self._path = self._child, None, None
        if child is not None:
            child.drop(wait=wait)

    def _put(self, path: Path, work: Callable[[], Kept | None]) -> None:
        """Hours of speech are megabytes: not on the Qt thread."""
        self._context.background.in_thread(work, partial(self._kept, path), partial(self._not_kept, path))

    def _not_kept(self, path: Path, error: Exception) -> None:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        hint = tr("Make room on the disk, and it is written by itself. Until then do not quit Heddle.")
        problem = Problem(tr("The transcript could not be written"), why, hint, code=transcripts.NOT_KEPT)
        self._set(transcripts.changed(self.jobs, path, State.FAILED, problem=problem))
        self.write_again.start()

    def _write_again(self) -> None:
        unwritten = self._files.unwritten
        if not unwritten:
            self.write_again.stop()
        for path in unwritten:
            self._put(path, partial(self._files.write_again, path))

    def _kept(self, path: Path, kept: Kept | None) -> None:
        if kept is not None:
            self._set(transcripts.kept(self.jobs, path, silent=not kept.transcript.segments))
            self.written.emit(path)
            self._send()

    def _send(self) -> None:
        """To the server, what it can take now; the rest is asked about again."""
        from desktop.speech import captions  # with the clients of a server, of which no start has need

        waiting = [job.path for job in self.jobs if job.state is State.HEARD]
        if waiting and self._context.settings.value.server:
            self._send_again.start()
        else:
            self._send_again.stop()
        for path in waiting:
            if path not in self._sending:
                self._sending.add(path)
                self._context.background.run(
                    captions.send(path), partial(self._sent, path), partial(self._not_sent, path)
                )

    def _sent(self, path: Path, there: bool) -> None:
        self._sending.discard(path)
        if there:
            self._set(transcripts.changed(self.jobs, path, State.SENT, fraction=1.0))

    def _not_sent(self, path: Path, error: Exception) -> None:
        self._sending.discard(path)
        if isinstance(error, UploadError) and not isinstance(error, Transient):
            problem = Problem(error.title, error.detail, error.hint, code=transcripts.NOT_SENT)
            self._set(transcripts.changed(self.jobs, path, State.FAILED, problem=problem))

    def _set(self, jobs: transcripts.Jobs) -> None:
        if jobs == self.jobs:
            return
        self.jobs = jobs
        try:
            transcripts.save(home(), jobs)
        except OSError as error:
            problem = Problem(tr("The list of transcriptions cannot be written"), str(error))
            self._context.messages.tell(problem)
        self.changed.emit()

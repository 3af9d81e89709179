"""Between the windows and the recorder: `heddle record --control` as a process, its events as Qt signals.

A busy window never costs a frame, since it records nothing itself; a window that dies never costs a take,
since the recorder finishes its file when nobody listens any more.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.models.session import ENDED, Phase, Session
from desktop.recorder_process import RecorderProcess
from media import self_command

_TAKING = (Phase.RECORDING, Phase.PAUSED)


def recorder_command() -> list[str]:
    """How this installation starts the recorder's engine room."""
    return self_command.command("desktop", "record", "--control")


class RecorderBridge(QObject):
    """One take at a time. A recorder is armed before it is needed, and the next one while a finished take is
    still being uploaded, so that recording starts at once. Commands that make no sense now do nothing."""

    changed = Signal(object)  # the Session after each event
    ended = Signal(object)  # the Session of a take that is over, its upload too or left to the background

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command or recorder_command())
        self._current: RecorderProcess | None = None
        self._next: RecorderProcess | None = None
        self._parting: list[RecorderProcess] = []  # let go of, not gone yet
        self._wanted: dict[str, object] | None = None  # a start that waits for the recorder to be ready
        self.session = Session()

    def arm(self) -> None:
        """Has a recorder ready. After a take it is another one, whose Session begins anew."""
        if self._current and self.session.phase not in ENDED:
            return
        self._part(self._current)
        ready, self._next = self._next, None
        self._current = ready or self._another()
        self._show(self._current.session)
        if ready is None:
            self._current.open()

    def start(self, fields: Mapping[str, object]) -> None:
        """Records with these fields of the engine's `start` as soon as the recorder is ready."""
        if self.session.phase in {Phase.STARTING, Phase.READY} or self.session.phase in ENDED:
            self._wanted = dict(fields)
            self.arm()
            self._start_if_ready()

    def pause_or_resume(self) -> None:
        """Pauses a running recording, resumes a paused one."""
        if self.session.phase in _TAKING:
            self._send("resume" if self.session.phase is Phase.PAUSED else "pause")

    def stop(self) -> None:
        """Finishes the recording; one that has not begun is not begun."""
        self._wanted = None
        if self.session.can_stop:
            self._send("stop")

    def cancel(self) -> None:
        """Puts the take aside; see `cancel` in docs/reference/events.md."""
        self._wanted = None
        if self.session.can_stop:
            self._send("cancel")

    def restart(self) -> None:
        """Puts the take aside and begins the same again."""
        if self.session.phase in {*_TAKING, Phase.COUNTING}:
            self._send("restart")

    def mute(self, *, on: bool) -> None:
        """Silences the microphone, or lets it be heard again."""
        if self.session.phase in _TAKING:
            self._send("mute", on=on)

    def mark(self, title: str = "") -> None:
        """Remembers this place of the take."""
        if self.session.phase in _TAKING:
            self._send("marker", title=title)

    def layout(self, fields: Mapping[str, object]) -> None:
        """Changes how screen and camera share the picture of the running take."""
        if self.session.can_stop:
            self._send("layout", **fields)

    def camera(self, fields: Mapping[str, object]) -> None:
        """Changes how the camera's picture is treated in the running take."""
        if self.session.can_stop:
            self._send("camera", **fields)

    def preview(self, *, on: bool, fields: Mapping[str, object] | None = None) -> None:
        """Shows the camera to a window: where, says `session.preview` soon after."""
        self.arm()
        self._send("preview", on=on, **(fields or {}))

    def test(self, fields: Mapping[str, object]) -> None:
        """Records two seconds with these fields and judges them: `session.test` has the verdict."""
        self.arm()
        if self.session.phase in {Phase.STARTING, Phase.READY}:
            self._send("test", **fields)

    def renew(self) -> None:
        """Recordings go to another server from now on: a recorder that waits was made ready for the one
        before. One that records goes on."""
        if self._next:
            self._part(self._next)
            self._next = self._another()
            self._next.open()
        if self._current and not self._current.used and self.session.phase not in ENDED:
            self._part(self._current)
            self._current = self._another()
            self._show(self._current.session)
            self._current.open()

    def release(self) -> None:
        """Lets go of all recorders and waits for them; uploads go on without."""
        self._part(self._current)
        self._part(self._next)
        self._current = self._next = None
        for process in list(self._parting):
            process.wait()

    def _another(self) -> RecorderProcess:
        process = RecorderProcess(self._command, self)
        process.changed.connect(self._changed)
        process.ended.connect(self._ended)
        return process

    def _part(self, process: RecorderProcess | None) -> None:
        if process is None:
            return
        if process.running:
            self._parting.append(process)
            process.let_go()
        else:
            process.deleteLater()

    def _changed(self, process: RecorderProcess) -> None:
        if process is not self._current:
            return
        self._show(process.session)
        self._start_if_ready()
        if process.session.phase in ENDED and process.used and self._next is None:
            self._next = self._another()
            self._next.open()

    def _ended(self, process: RecorderProcess) -> None:
        if process in self._parting:
            self._parting.remove(process)
            process.deleteLater()
        elif process is self._next:
            self._next = None
            process.deleteLater()
        elif process is self._current:
            self._wanted = None
        if process.used or process is self._current:
            self.ended.emit(process.session)

    def _start_if_ready(self) -> None:
        if self._wanted is not None and self.session.phase is Phase.READY:
            wanted, self._wanted = self._wanted, None
            self._send("start", **wanted)

    def _send(self, command: str, **values: object) -> None:
        if self._current:
            self._current.send(command, **values)

    def _show(self, session: Session) -> None:
        if session != self.session:
            self.session = session
            self.changed.emit(session)

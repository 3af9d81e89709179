"""What the recorder's camera sees, for the bubble's window: asked for, read from memory, given back."""

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from desktop.context import Context
from desktop.models.session import ENDED, Phase, Session
from desktop.recorder.camera import with_settings

if TYPE_CHECKING:
    from capture.preview import PreviewReader

_PICTURE_MS = 33


class CameraPictures(QObject):
    """`came` tells of each picture while they are asked for."""

    came = Signal(QImage)

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._asked = False  # this recorder was asked for pictures
        self._reader: PreviewReader | None = None
        self._name = ""
        self._seen = 0
        self._timer = QTimer(self, interval=_PICTURE_MS)
        self._timer.timeout.connect(self._next)

    def follow(self, session: Session) -> None:
        """A recorder that is new was asked for nothing; where its pictures are is told when there are any."""
        if session.phase in ENDED or session.phase is Phase.STARTING:
            self._asked = False
        if session.preview and session.preview.get("name") != self._name:
            self._open(str(session.preview.get("name")))

    def ask(self, camera: str, *, mirrored: bool, again: bool = False) -> None:
        """Has the recorder open the camera; `again` where it is to be otherwise than it was asked for."""
        if (self._asked and not again) or not self._has_recorder:
            return
        self._asked = True
        wanted: dict[str, object] = {"camera": camera, "mirrored": mirrored}
        fields = with_settings(wanted, self._context.settings.value)
        self._context.bridge.preview(on=True, fields=fields)

    def stop(self) -> None:
        """The recorder may close the camera. Idempotent."""
        if self._reader is None and not self._asked:
            return
        self._close()
        self._asked = False
        if self._has_recorder:  # else there is no camera open any more
            self._context.bridge.preview(on=False)

    @property
    def _has_recorder(self) -> bool:
        phase = self._context.bridge.session.phase
        return phase not in ENDED and phase is not Phase.STARTING

    def _open(self, name: str) -> None:
        from capture.preview import PreviewReader

        self._close()
        with contextlib.suppress(OSError, ValueError):  # an engine that went away in this moment
            self._reader, self._name, self._seen = PreviewReader(name), name, 0
            self._timer.start()

    def _close(self) -> None:
        self._timer.stop()
        reader, self._reader, self._name = self._reader, None, ""
        if reader is not None:
            reader.close()

    def _next(self) -> None:
        frame = self._reader.read(self._seen) if self._reader else None
        if frame is not None:
            self._seen = frame.sequence
            image = QImage(frame.pixels, frame.width, frame.height, frame.stride, QImage.Format.Format_RGB32)
            self.came.emit(image.copy())

"""A screen filmed by Qt, for a recorder that found no other way: `python -m desktop.recorder.qt_screen`.

QScreenCapture -> newest picture -> shared memory (`capture/preview.py`), as often as `--fps` says. Lines of
JSON on stdout: `memory` is where the pictures are (anew when a larger screen needs more), `failed` why no
more come. Ends when its stdin closes, so it never outlives the recorder. On Wayland Qt asks through the
desktop's portal, each time; nowhere is the pointer in the picture.
Source: https://doc.qt.io/qt-6/qscreencapture.html
"""

import argparse
import contextlib
import json
import os
import sys
import threading
import time

from PySide6.QtCore import QLoggingCategory, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QScreen
from PySide6.QtMultimedia import (
    QMediaCaptureSession,
    QScreenCapture,
    QVideoFrame,
    QVideoFrameFormat,
    QVideoSink,
)

from capture.preview import PreviewWriter
from desktop.platform.lasting import keep_constants

# Blue first, four bytes a pixel: what the memory holds.
_AS_IS = {
    QVideoFrameFormat.PixelFormat.Format_BGRA8888,
    QVideoFrameFormat.PixelFormat.Format_BGRA8888_Premultiplied,
    QVideoFrameFormat.PixelFormat.Format_BGRX8888,
}
_END_S = 2.0  # a display that hangs must not keep this program


class Film(QObject):
    """Copies the newest picture at each tick at which there is one. Lives in the main thread."""

    ended = Signal()

    def __init__(self, screen: QScreen, fps: int) -> None:
        super().__init__()
        self._memory: PreviewWriter | None = None
        self._newest: QVideoFrame | None = None
        self._interval_s, self._shown_at = 0.9 / fps, 0.0
        self._due = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._due.timeout.connect(self._show)
        self._capture = QScreenCapture(self)
        self._capture.setScreen(screen)
        self._capture.errorOccurred.connect(self._fail)
        self._sink = QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._arrive)
        self._session = QMediaCaptureSession(self)
        self._session.setScreenCapture(self._capture)
        self._session.setVideoSink(self._sink)

    def start(self) -> None:
        self._capture.start()

    def close(self) -> None:
        self._capture.stop()
        if self._memory is not None:
            self._memory.close()

    @Slot(QVideoFrame)
    def _arrive(self, frame: QVideoFrame) -> None:
        """Only remembered: the next tick takes whichever is the newest then, so none waits in a row."""
        self._newest = frame
        if not self._due.isActive():
            wait_s = self._shown_at + self._interval_s - time.monotonic()
            self._due.start(max(0, int(wait_s * 1000)))

    @Slot()
    def _show(self) -> None:
        frame, self._newest = self._newest, None
        if frame is None or not frame.isValid():
            return
        self._shown_at = time.monotonic()
        if frame.pixelFormat() not in _AS_IS or not frame.map(QVideoFrame.MapMode.ReadOnly):
            image = frame.toImage().convertToFormat(QImage.Format.Format_RGB32)
            self._write(image.constBits(), image.width(), image.height(), image.bytesPerLine())
            return
        try:
            self._write(frame.bits(0), frame.width(), frame.height(), frame.bytesPerLine(0))
        finally:
            frame.unmap()

    def _write(self, pixels: bytes | bytearray | memoryview, width: int, height: int, stride: int) -> None:
        memory, row = self._room(width, height), width * 4
        with memory.begin(width, height) as target:
            if stride == row:
                target[:] = pixels[: row * height]
            else:
                for y in range(height):
                    target[y * row : (y + 1) * row] = pixels[y * stride : y * stride + row]
        memory.commit(self._shown_at)

    def _room(self, width: int, height: int) -> PreviewWriter:
        if self._memory is None or width * height > self._memory.width * self._memory.height:
            before, self._memory = self._memory, PreviewWriter(width, height)
            if before is not None:
                before.close()
            say(memory=str(self._memory.path))
        return self._memory

    @Slot(QScreenCapture.Error, str)
    def _fail(self, _error: QScreenCapture.Error, words: str) -> None:
        say(failed=words or "Qt gives no reason")
        self.ended.emit()


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def find(screens: list[QScreen], wanted: str) -> QScreen | None:
    """By number or name; `screens` has the primary one first."""
    if wanted.isdigit():
        return screens[int(wanted)] if int(wanted) < len(screens) else None
    return next((one for one in screens if wanted in (one.name(), one.model())), None)


def main() -> int:
    options = _parser().parse_args()
    keep_constants()
    QLoggingCategory.setFilterRules("qt.multimedia.*.info=false")
    app = QGuiApplication(sys.argv[:1])
    screen = find(app.screens(), options.screen)
    if screen is None:
        known = ", ".join(f"{number} ({one.name()})" for number, one in enumerate(app.screens()))
        say(failed=f"there is no display {options.screen!r}, but {known or 'none at all'}")
        return 1
    if options.probe:
        return 0
    film = Film(screen, options.fps)
    film.ended.connect(app.quit, Qt.ConnectionType.QueuedConnection)
    threading.Thread(target=_end_with_stdin, args=(film,), daemon=True).start()
    film.start()
    app.exec()
    film.close()
    return 0


def _end_with_stdin(film: Film) -> None:
    sys.stdin.buffer.read()
    with contextlib.suppress(RuntimeError):  # it ended by itself meanwhile
        film.ended.emit()
    time.sleep(_END_S)  # the main thread normally ends the process while this one sleeps
    os._exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m desktop.recorder.qt_screen", description=__doc__)
    parser.add_argument("--screen", default="0", help="number or name; 0 is the primary one")
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--probe", action="store_true", help="only say whether it could be filmed")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Any screen that Qt can film, by a Qt program of its own: the last resort, and a way around the others.

`desktop/recorder/qt_screen.py` films and puts each picture into shared memory; this side starts it, reads,
and ends it by closing its stdin. The copies make it dearer than all others, and the pointer is not in the
picture. On Wayland Qt goes through the desktop's portal as `screen_portal` does, but asks the person at every
start.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.backends.arrivals import Arrival, ArrivingSource, paste
from capture.errors import CaptureError, NoWindow, ScreenLost, ScreenRefused
from capture.health import Health
from capture.model import Rect, ScreenRequest
from capture.ports import Probe, ScreenSource
from capture.preview import PreviewFrame, PreviewReader
from media.self_command import command

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "screen_qt"

PROGRAM = "desktop.recorder.qt_screen"
ASK = "ask"  # on Wayland it always does
PROBE_S = 15.0
FIRST_S = 20.0  # a program with Qt in it has to start
PERSON_S = 120.0  # for reading the desktop's dialog and choosing
CLOSE_S = 4.0
_HINT = "Heddle's extra `desktop` brings it."


def probe(request: ScreenRequest) -> Probe:
    """Asks Qt, in a process of its own, which needs about half a second; asks no person."""
    try:
        words = [*_command(request), "--probe"]
        answer = subprocess.run(
            words,
            env=_environment(request),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=PROBE_S,
            check=False,
        )
    except CaptureError as error:
        return Probe(usable=False, reason=error.detail)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Probe(usable=False, reason=f"Qt's program cannot be asked: {error}")
    if answer.returncode:
        return Probe(usable=False, reason=_reason(answer.stdout, answer.stderr))
    return Probe(usable=True, limits="The pointer is not in the picture, Heddle's own windows are.")


def open(request: ScreenRequest) -> ScreenSource:
    """ScreenLost when no picture comes. Waits for the person's answer where the desktop asks."""
    feed = _Feed(_command(request), _environment(request), asks=_asks())
    try:
        feed.await_first(PERSON_S if _asks() else FIRST_S)
    except BaseException:
        feed.close()
        raise
    return ArrivingSource(feed, request.region)


def _command(request: ScreenRequest) -> list[str]:
    if request.window is not None:
        raise NoWindow("Qt films no single windows here", "Qt records displays, not single windows.")
    display = request.display
    if display and ("," in display or display == "all"):
        raise ScreenLost("Qt films one display", f"Qt records one display at a time, not {display!r}.")
    screen = "0" if display is None or display == ASK or ":" in display else display
    return command(PROGRAM, "--screen", screen, "--fps", str(request.fps))


def _environment(request: ScreenRequest) -> dict[str, str]:
    # OpenCV names the plugins of its own, older Qt there.
    env = {key: value for key, value in os.environ.items() if not key.startswith("QT_QPA_PLATFORM_PLUGIN")}
    if request.display and ":" in request.display:
        env |= {"DISPLAY": request.display, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
    elif _asks():
        env["XDG_SESSION_TYPE"] = "wayland"  # from which Qt takes whether to go through the portal
    return env


def _asks() -> bool:
    return sys.platform == "linux" and bool(os.environ.get("WAYLAND_DISPLAY"))


def _reason(out: str, errors: str) -> str:
    """What the program said last: its own word, or that of Python or Qt."""
    for line in reversed(out.splitlines()):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            return str(json.loads(line)["failed"])
    if "PySide6" in errors and ("ModuleNotFoundError" in errors or "ImportError" in errors):
        return f"Qt's multimedia module does not load: {errors.strip().splitlines()[-1]}. {_HINT}"
    lines = [line for line in errors.splitlines() if line.strip()]
    told = next((line for line in lines if "could not" in line), lines[0] if lines else "it gave no reason")
    return f"Qt cannot start here: {told}"


class _Shot:
    """A picture that was copied out of the shared memory."""

    redrawn: Sequence[Rect] | None = None  # Qt does not say

    def __init__(self, frame: PreviewFrame) -> None:
        self.width, self.height = frame.width, frame.height
        rows = np.frombuffer(frame.pixels, dtype=np.uint8).reshape(frame.height, frame.stride)
        self._pixels = rows[:, : frame.width * 4].reshape(frame.height, frame.width, 4)

    def copy(self, area: Rect, target: NDArray[np.uint8]) -> None:
        paste(self._pixels, area, target)


class _Feed:
    """The running program; a thread listens to what it says."""

    def __init__(self, words: list[str], env: dict[str, str], *, asks: bool) -> None:
        try:
            self._process = subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise ScreenLost("Qt's program could not be started", str(error)) from error
        self._asks = asks
        self._said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._memory: PreviewReader | None = None
        self._read = 0
        self._failure: str | None = None
        self._closed = False
        self._listener = threading.Thread(target=self._listen, name="heddle-qt-screen", daemon=True)
        self._listener.start()

    def await_first(self, wait_s: float) -> None:
        """Until there are pictures, or the program said why not."""
        deadline = time.monotonic() + wait_s
        while self._memory is None and self.lost() is None:
            try:
                self._hear(self._said.get(timeout=max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                self._failure = f"None came within {wait_s:g} s."

    def newest(self) -> Arrival | None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._hear(self._said.get_nowait())
        if self._closed or self._memory is None:
            return None
        frame = self._memory.read(self._read)
        if frame is None:
            return None
        self._read = frame.sequence
        return _Shot(frame)

    def worry(self) -> Health | None:
        return None

    def lost(self) -> str | None:
        if self._failure is not None and self._asks and self._read:
            # Not ScreenLost: to open it anew would put the desktop's question before the person once more.
            raise ScreenRefused(
                "The screen is not shared any more", self._failure, "Record again to share it anew."
            )
        return self._failure

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # it may be gone already
                self._process.stdin.close()
        try:
            self._process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        if self._memory is not None:
            self._memory.close()

    def _listen(self) -> None:
        with self._process.stdout or contextlib.nullcontext(()) as lines:
            for line in lines:
                with contextlib.suppress(ValueError):
                    self._said.put(json.loads(line))
        self._said.put(None)

    def _hear(self, said: dict[str, Any] | None) -> None:
        if said is None:
            self._failure = self._failure or "Qt's program ended."
        elif "failed" in said:
            self._failure = f"Qt: {said['failed']}"
        elif "memory" in said:
            if self._memory is not None:
                self._memory.close()
                self._memory = None
            with contextlib.suppress(OSError):  # gone already: another line follows that says why
                self._memory, self._read = PreviewReader(said["memory"]), 0

"""The recorder as a process: commands as JSON lines on stdin, events as JSON lines on stdout.

A dead parent never costs the take: the end of stdin is `stop`, and events nobody reads are dropped.
"""

from __future__ import annotations

import contextlib
import json
import math
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

from capture.camera.options import parse_camera, parse_preview
from capture.errors import BadCommand, CaptureError
from capture.fields import bad, flag, path, typed
from capture.inputs import parse_inputs
from capture.layout import parse_layout
from capture.life import parse_life
from capture.model import StartCommand
from capture.screen_options import parse_screen
from capture.session import Session
from capture.soundrequest import parse_sound
from capture.states import State
from capture.video import parse_video
from media.jsonlines import read_object

WAIT_S = 0.5


class Emitter:
    """Writes events; the first failure (the reader is gone) ends the writing and nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._broken = False

    def __call__(self, event: dict[str, Any]) -> None:
        if self._broken:
            return
        try:
            self._stream.write(json.dumps({**event, "at": round(time.time(), 3)}, ensure_ascii=False) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._broken = True


def parse_start(values: dict[str, Any]) -> StartCommand:
    """The fields of a `start` command, checked; BadCommand says which one is wrong."""
    output = path(values, "output")
    if output is None:
        raise bad("output", "the path of the file to write")
    return StartCommand(
        output=output,
        title=typed(values, "title", str, "") or "",
        screen=parse_screen(values),
        sound=parse_sound(values),
        seconds=_seconds(values),
        backend=typed(values, "backend", str, None),
        video=parse_video(values),
        camera=parse_camera(values),
        life=parse_life(values),
        film_screen=_film_screen(values),
        layout=parse_layout(values),
        inputs=parse_inputs(values),
    )


_ORDERS: dict[str, Callable[[Session, dict[str, Any]], None]] = {
    "start": lambda session, values: session.start(parse_start(values)),
    "pause": lambda session, _: session.pause(),
    "resume": lambda session, _: session.resume(),
    "restart": lambda session, _: session.restart(),
    "stop": lambda session, _: session.stop(),
    "cancel": lambda session, _: session.cancel(),
    "marker": lambda session, values: session.mark(typed(values, "title", str, "") or ""),
    "mute": lambda session, values: session.mute(on=flag(values, "on")),
    "layout": lambda session, values: session.arrange(values),
    "camera": lambda session, values: session.treat(values),
    "preview": lambda session, values: session.preview(parse_preview(values)),
    "test": lambda session, values: session.test(parse_start({"output": "test.mp4", **values})),
}
COMMANDS = tuple(_ORDERS)


def obey(session: Session, line: str) -> None:
    """Follow one line of commands; what cannot be followed becomes an `error` event."""
    try:
        values = read_object(line)
    except ValueError as error:
        session.refuse(BadCommand("A command is one line of JSON", str(error)))
        return
    try:
        name = values.get("command")
        order = _ORDERS.get(name) if isinstance(name, str) else None
        if order is None:
            known = ", ".join(COMMANDS)
            raise BadCommand("There is no such command", f"{line.strip()[:200]}", f"Known: {known}.")
        order(session, values)
    except CaptureError as error:
        session.refuse(error)


def serve(session: Session, commands: TextIO) -> int:
    """Run one take as the lines of `commands` say; the exit code."""
    with _signals(session):
        session.announce()
        _thread(lambda: _read(session, commands), "commands")
        return _run(session)


def record(session: Session, command: StartCommand) -> int:
    """Run one take at once, until its limit or a signal; the exit code."""
    with _signals(session):
        session.post(lambda: session.start(command))
        return _run(session)


def _run(session: Session) -> int:
    try:
        while not session.over:
            session.run_for(WAIT_S)
    except _Leave:
        pass
    finally:
        session.close()
    return 1 if session.failed else 0


class _Leave(Exception):
    """The process may end: no take was started."""


def _read(session: Session, commands: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in commands:
            if line.strip():
                session.post(partial(obey, session, line))
    session.post(lambda: _stop(session))


def _stop(session: Session) -> None:
    """Stop whatever there is; a second time changes nothing."""
    if session.state is State.IDLE:
        raise _Leave
    session.end()


@contextlib.contextmanager
def _signals(session: Session) -> Any:
    """SIGINT, SIGTERM and a closed terminal stop the take. Only the main thread can hear them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32":
        numbers.append(signal.SIGHUP)
    before = {
        number: signal.signal(number, lambda *_: session.post(lambda: _stop(session))) for number in numbers
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _thread(target: Callable[[], None], name: str) -> None:
    threading.Thread(target=target, name=f"heddle-{name}", daemon=True).start()


def _film_screen(values: dict[str, Any]) -> bool:
    film = typed(values, "screen", bool, True) is not False
    if not film and not values.get("camera"):
        raise bad("screen", "true where no camera is named")
    return film


def _seconds(values: dict[str, Any]) -> float | None:
    seconds = values.get("seconds")
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
        raise bad("seconds", "a number above 0")
    return float(seconds)


def stdin() -> TextIO:
    """Commands are UTF-8 whatever the system's locale says."""
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return sys.stdin

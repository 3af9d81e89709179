"""Another program's engine room: commands come in as JSON lines, events leave as JSON lines."""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.errors import ConfigError, ExitCode, HeddleError
from desktop.i18n import tr
from desktop.models.session import Phase
from desktop.recorder import camera, picture
from desktop.recorder.engine import Engine, Event
from desktop.recorder.fields import picked
from desktop.recorder.follower import UploadFollower
from desktop.recorder.host import Host
from desktop.recorder.takes import SOUND_FIELDS, Options, Take, take_for
from desktop.settings import Settings
from media.jsonlines import Lines, read_object

# Commands that may wait; whoever sends more is made to wait by the pipe.
_QUEUE_SIZE = 100
_TAKE = ("start", "pause", "resume", "restart", "stop", "cancel")
_COMMANDS = (*_TAKE, "marker", "layout", "camera", "mute", "preview", "test")


class Control:
    """One recording for the program that holds our stdin and stdout."""

    def __init__(
        self,
        options: Options,
        load: Callable[[], Settings],
        uploads: UploadFollower | None,
        engine: Engine | None = None,
    ) -> None:
        """`load` reads the settings; it is asked at each take. ConfigError now, where they are broken."""
        self._options = options
        self._load, self._config = load, load()
        self._host = Host(engine or Engine(), uploads, self._emit)
        self._lines: queue.Queue[bytes | None] = queue.Queue(_QUEUE_SIZE)

    def run(self) -> ExitCode:
        """Until the recording and its upload are over, or stdin ends (which stops the recording)."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program in front of us gets the Ctrl-C
        threading.Thread(target=self._read, name="control", daemon=True).start()
        try:
            self._host.open()
            listening = True
            while self._host.step():
                listening = listening and self._obey()
                if not listening and (self._host.recorded or not self._host.started):
                    break  # nobody listens any more; the worker sends the rest
        finally:
            self._host.close()
        return ExitCode.FAILED if self._host.session.phase is Phase.FAILED else ExitCode.OK

    def _obey(self) -> bool:
        """Carries out the commands that came; False once there will be no more."""
        while not self._lines.empty():
            line = self._lines.get_nowait()
            if line is None:
                self._host.command("stop")
                return False
            try:
                self._carry_out(line)
            except HeddleError as error:
                self._emit(_error_event(error))
        return True

    def _carry_out(self, line: bytes) -> None:
        command = _parse(line)
        name = command.get("command")
        if name == "start":
            self._host.start(self._take(command))
        elif name == "test":
            self._host.command("test", **self._take(command).arguments())
        else:
            self._host.command(str(name), **{key: command[key] for key in command if key != "command"})

    def _take(self, command: dict[str, Any]) -> Take:
        """The start command; the command line and the settings fill in what it leaves open."""
        options, region, output = self._options, command.get("region"), _text(command, "output")
        options = replace(
            options,
            title=_text(command, "title") or options.title,
            output=Path(output) if output else options.output,
            picture={**options.picture, **picked(command, picture.FIELDS)},
            camera={**options.camera, **picked(command, camera.FIELDS)},
            region=",".join(map(str, region)) if isinstance(region, list) else options.region,
        )
        options = replace(options, sound={**options.sound, **picked(command, SOUND_FIELDS)})
        return take_for(replace(options, **_plain(command)), self._settings())

    def _settings(self) -> Settings:
        """As they are now, for this process may have waited for hours; a file that broke changes nothing."""
        with contextlib.suppress(ConfigError):
            self._config = self._load()
        return self._config

    def _read(self) -> None:
        """Splits stdin into lines. By its descriptor: a thread inside sys.stdin would hold up the exit."""
        lines = Lines()
        while chunk := os.read(sys.stdin.fileno(), 65536):
            for line in lines.feed(chunk):
                self._lines.put(line)
        self._lines.put(None)

    def _emit(self, event: Event) -> None:
        with contextlib.suppress(OSError):  # whoever listened is gone; the take goes on to its end
            sys.stdout.write(json.dumps(event) + "\n")
            sys.stdout.flush()


def _parse(line: bytes) -> dict[str, Any]:
    try:
        command = read_object(line)
    except ValueError as error:
        raise HeddleError(tr("The command is not JSON"), str(error)) from error
    if command.get("command") not in _COMMANDS:
        raise HeddleError(tr("Unknown command"), line[:200].decode(errors="replace"), ", ".join(_COMMANDS))
    return command


def _text(command: dict[str, Any], name: str) -> str:
    value = command.get(name)
    if value is not None and not isinstance(value, str):
        raise HeddleError(tr("The field {name} is wrong", name=repr(name)), tr("It must be text."))
    return value or ""


def _plain(command: dict[str, Any]) -> dict[str, Any]:
    """The values that go to the engine as they are; it judges them."""
    screen = ("fps", "display", "window", "height", "backend")
    names = {name: name for name in (*screen, "audio", "microphone", "seconds", "countdown")}
    names |= {"encoder": "encoder", "codec": "codec", "quality": "quality", "maxBitrate": "max_bitrate"}
    names |= {"transcribedHere": "transcribed_here"}
    return {ours: command[name] for name, ours in names.items() if command.get(name) is not None}


def _error_event(error: HeddleError) -> Event:
    return {
        "event": "error",
        "at": time.time(),
        "code": "bad_command",
        "title": error.title,
        "detail": error.detail,
        "hint": error.hint,
    }

"""Two seconds to a file of its own before the first take: recorded, decoded, looked at.

A probe says that something opens; only a recording says that it works: a driver that gives black pictures, an
encoder whose stream nobody decodes, a microphone that is muted in the system. What is broken is replaced by
the next best, and the answer is kept for these devices, this FFmpeg and this driver.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from capture import health, registry
from capture.camera.desk import CameraDesk
from capture.errors import CaptureError
from capture.health import Health
from capture.model import LifeRequest, StartCommand
from capture.trial import Trial, try_out
from media import encoders
from media.encoder_probe import cache_file, machine_key
from media.errors import MediaError

ATTEMPTS = 4  # eight seconds; a machine on which four ways fail has a problem that a fifth does not solve


@dataclass(frozen=True, slots=True)
class Verdict:
    """`command` is the one to record with. `replaced` says what was given up and why, in words."""

    command: StartCommand
    trial: Trial | None
    replaced: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return self.trial is not None and not self.trial.broken

    def describe(self) -> dict[str, Any]:
        """The `test` event."""
        facts = asdict(self.trial) if self.trial is not None else {}
        names = {"av_offset_ms": "avOffsetMs", "peak_db": "peakDb"}
        facts = {names.get(key, key): value for key, value in facts.items()}
        return {"event": "test", "ok": self.ok, "replaced": list(self.replaced), **facts}


def run(
    command: StartCommand, abandon: threading.Event | None = None, cameras: CameraDesk | None = None
) -> Verdict:
    """Try the command's devices, and others in place of what is broken. Two seconds when all is well."""
    replaced: list[str] = []
    best: Verdict | None = None
    for attempt, one in enumerate(_ways(command)):
        trial = try_out(replace(one, life=LifeRequest(keep_test=command.life.keep_test)), abandon, cameras)
        verdict = Verdict(one, trial, tuple(replaced))
        if best is None or (verdict.ok and not best.ok):
            best = verdict
        if (abandon is not None and abandon.is_set()) or not (trial.broken or trial.black):
            return _kept(command, verdict)
        if attempt + 1 == ATTEMPTS:
            break
        replaced.append(trial.reason)
    # Nothing was better: a screen that is black everywhere is black, and a take says itself why it fails.
    return _kept(command, best) if best is not None else Verdict(command, None)


class Tester:
    """`run` on a thread of its own; `done` is called there."""

    def __init__(
        self, command: StartCommand, done: Callable[[Verdict], None], cameras: CameraDesk | None = None
    ) -> None:
        self._abandoned = threading.Event()
        self._thread = threading.Thread(
            target=lambda: done(run(command, self._abandoned, cameras)), name="heddle-test", daemon=True
        )
        self._thread.start()

    def abandon(self, timeout_s: float) -> None:
        """Nobody wants to know any more; waits a little for what is to be closed."""
        self._abandoned.set()
        self._thread.join(timeout_s)


def worries(verdict: Verdict) -> list[Health]:
    """What a person should hear of a test."""
    trial, found = verdict.trial, []
    if trial is None:
        return []
    if trial.broken:
        return [health.test_failed(trial.reason)]
    if verdict.replaced:
        found.append(health.test_replaced(verdict.replaced, trial.backend, trial.encoder))
    if trial.black:
        found.append(health.test_black())
    if trial.silent:
        found.append(health.test_silent(trial.microphone))
    return found


def known(command: StartCommand) -> StartCommand | None:
    """The command as a test of the same devices left it; None when they were never tested."""
    answer = _answers().get(_key(command))
    if not isinstance(answer, dict):
        return None
    return _with(command, answer.get("backend"), answer.get("encoder"))


def _ways(command: StartCommand) -> Iterator[StartCommand]:
    """The command, then others: after a broken encoder another one, after a broken screen another way to it.
    What a person named is never replaced."""
    yield command
    if command.video.encoder is None:
        with contextlib.suppress(MediaError):
            failed = encoders.choose(command.video).preset.name
            other = encoders.choose(command.video, without={failed}).preset.name
            yield _with(command, None, other)
    if command.backend is None and command.film_screen:
        tried = set()
        with contextlib.suppress(CaptureError):
            tried.add(registry.choose_screen(command.screen).backend.name)
        for name in registry.screens():
            if name not in tried:
                with contextlib.suppress(CaptureError):
                    registry.choose_screen(command.screen, name)
                    yield _with(command, name, None)


def _with(command: StartCommand, backend: object, encoder: object) -> StartCommand:
    if isinstance(backend, str) and command.backend is None:
        command = replace(command, backend=backend)
    if isinstance(encoder, str) and command.video.encoder is None:
        command = replace(command, video=replace(command.video, encoder=encoder))
    return command


def _kept(command: StartCommand, verdict: Verdict) -> Verdict:
    if verdict.ok:
        answers = _answers()
        answers[_key(command)] = {
            "backend": verdict.command.backend,
            "encoder": verdict.command.video.encoder,
        }
        path = _file()
        temporary = path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):  # asked again next time, that is all
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(answers), encoding="utf-8")
            temporary.replace(path)
    return verdict


def _answers() -> dict[str, Any]:
    try:
        data = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _file() -> Path:
    return cache_file().with_name("tested.json")


def _key(command: StartCommand) -> str:
    """Everything that decides which devices and which codec work: none of the take's own values."""
    screen = replace(command.screen, region=None)
    devices = (screen, command.backend, command.video, command.sound, command.camera)
    place = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    return hashlib.sha256(repr((devices, place, machine_key())).encode()).hexdigest()[:32]

"""One recording of two seconds with a command's devices, and what is to be said about it."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from capture.camera.desk import CameraDesk
from capture.model import StartCommand
from capture.receipt import SILENCE_DB
from media.errors import MediaError
from media.judge import Sight, look

LENGTH_S = 2.0
PATIENCE_S = 20.0  # a portal may ask a person
SHORTEST_S = 1.5
DARK = 0.002  # of the picture: a pointer on nothing
PLAUSIBLE_MS = 100.0


@dataclass(frozen=True, slots=True)
class Trial:
    """`broken`: no take should be made like this. The rest are worries that a person should hear of."""

    broken: bool
    reason: str  # of what is broken or black; else empty
    black: bool = False
    silent: bool = False  # sound was asked for, and there is none
    backend: str = ""
    encoder: str = ""
    microphone: str | None = None
    width: int = 0
    height: int = 0
    pictures: int = 0
    peak_db: float | None = None
    av_offset_ms: float | None = None


def try_out(
    command: StartCommand, abandon: threading.Event | None = None, cameras: CameraDesk | None = None
) -> Trial:
    """Record two seconds as the command says to a file that is gone afterwards, unless `life.keep_test` says
    where it shall be left, and judge it.

    `cameras` is the engine's, where a window may be looking at the camera already.
    """
    with tempfile.TemporaryDirectory(prefix="heddle-test-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "test.mp4"
        events = _record(replace(command, output=path, seconds=LENGTH_S), abandon, cameras)
        trial = _judge(command, path, events)
        if command.life.keep_test is not None and path.exists():
            shutil.move(path, command.life.keep_test)
        return trial


def _record(
    command: StartCommand, abandon: threading.Event | None, cameras: CameraDesk | None
) -> list[dict[str, Any]]:
    from capture.session import Session  # noqa: PLC0415 - a session can make a trial, a trial is a session

    events: list[dict[str, Any]] = []
    session = Session(events.append, cameras)
    deadline = time.monotonic() + PATIENCE_S
    try:
        session.start(command)
        while not session.over:
            session.run_for(0.1)
            if time.monotonic() > deadline or (abandon is not None and abandon.is_set()):
                session.cancel()
                break
    finally:
        session.close()
    return events


def _judge(command: StartCommand, path: Path, events: list[dict[str, Any]]) -> Trial:
    used = next((one for one in events if one.get("state") == "recording"), {})
    trial = Trial(
        broken=True, reason="", backend=used.get("backend", ""), encoder=used.get("encoder", ""),
        microphone=used.get("audio"), width=used.get("width", 0), height=used.get("height", 0),
    )  # fmt: skip
    errors = [one for one in events if one["event"] == "error"]
    if errors:
        return replace(trial, reason=": ".join(filter(None, (errors[0]["title"], errors[0]["detail"]))))
    receipt = events[-1].get("receipt") if events else None
    if receipt is None:
        return replace(trial, reason=f"nothing was recorded within {PATIENCE_S:g} s")
    try:
        seen = look(path)
    except MediaError as error:
        return replace(trial, reason=f"{trial.encoder}: {error.detail}")
    trial = replace(
        trial, pictures=seen.pictures, peak_db=receipt["peakDb"], av_offset_ms=receipt["avOffsetMs"]
    )
    if reason := _fault(trial, seen):
        return replace(trial, reason=reason)
    black = seen.lit <= DARK
    silent = command.sound.microphone_on and (trial.peak_db is None or trial.peak_db <= SILENCE_DB)
    reason = f"{trial.backend} gives black pictures" if black else ""
    return replace(trial, broken=False, reason=reason, black=black, silent=silent)


def _fault(trial: Trial, seen: Sight) -> str:
    """What makes a recording useless; empty when nothing does."""
    if (seen.width, seen.height) != (trial.width, trial.height):
        return f"{trial.encoder} made pictures of {seen.width}x{seen.height}"
    if seen.end_s < SHORTEST_S:
        return f"the picture stood still after {seen.end_s:.1f} s"
    if trial.av_offset_ms is not None and abs(trial.av_offset_ms) > PLAUSIBLE_MS:
        return f"sound lies {trial.av_offset_ms:.0f} ms from the picture"
    return ""

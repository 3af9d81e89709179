"""Two seconds recorded and judged, as a finding of `heddle doctor`."""

import contextlib
import subprocess
from typing import Any

from desktop.i18n import tr
from desktop.models.diagnostics import Finding, Verdict
from desktop.models.told import number
from desktop.settings import Settings
from media import self_command
from media.jsonlines import read_object

_PATIENCE_S = 120.0  # four attempts, on a machine where everything is slow


def trial(config: Settings) -> Finding:
    """What the engine says of two seconds with the configured devices. Never raises."""
    name = tr("recording")
    options = ["--microphone", config.microphone] if config.microphone else []
    command = self_command.command("capture", "--test", "--fps", str(config.fps), *options)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return Finding(name, Verdict.PROBLEM, str(error))
    events = _events(done.stdout)
    told = next((event for event in events if event.get("event") == "test"), None)
    if told is None:
        last = done.stderr.strip().splitlines()
        return Finding(name, Verdict.PROBLEM, last[-1] if last else tr("The recorder went away unexpectedly"))
    worries = [event for event in events if event.get("event") == "health"]
    return finding(told, worries)


def _events(said: str) -> list[dict[str, Any]]:
    """What is none is of a library that prints."""
    events = []
    for line in said.splitlines():
        with contextlib.suppress(ValueError):
            events.append(read_object(line))
    return events


def finding(told: dict[str, Any], worries: list[dict[str, Any]]) -> Finding:
    """The engine's `test` event and health events in one line of the report."""
    name, hint = tr("recording"), " ".join(str(one["hint"]) for one in worries if one.get("hint"))
    if not told.get("ok"):
        return Finding(name, Verdict.PROBLEM, str(told.get("reason")), hint)
    facts = [f"{told.get('width')}x{told.get('height')}", f"{told.get('backend')}, {told.get('encoder')}"]
    if (peak := number(told, "peakDb", None)) is not None:
        facts.append(tr("sound up to {level} dB", level=f"{peak:.0f}"))
    if (offset := number(told, "avOffsetMs", None)) is not None:
        facts.append(tr("sound {offset} ms from the picture", offset=f"{offset:+.0f}"))
    facts += [str(one.get("title")) for one in worries]
    return Finding(name, Verdict.WARNING if worries else Verdict.OK, "; ".join(facts), hint)

"""What the scenes step wrote down, read with suspicion: its child worked on a stranger's file."""

import json
import math
from dataclasses import dataclass
from typing import Any

from media.silence import Span

MOST_BYTES = 4 * 1024 * 1024
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Seen:
    """Moments at which the picture changes, and silences; None where there is no sound or nobody listened."""

    scenes: tuple[float, ...] = ()
    silences: tuple[Span, ...] | None = None


def parse(data: bytes, duration_s: float) -> Seen:
    """Nothing where the bytes make no sense."""
    try:
        return _seen(json.loads(data), duration_s or math.inf)
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return Seen()


def _seen(data: Any, duration_s: float) -> Seen:
    scenes = sorted(_inside(one["time"], duration_s) for one in data["scenes"][:_MOST])
    silences = data["silences"]
    if silences is None:
        return Seen(tuple(scenes))
    spans = [
        Span(_inside(one["start"], duration_s), _inside(one["end"], duration_s)) for one in silences[:_MOST]
    ]
    return Seen(tuple(scenes), tuple(span for span in spans if span.end > span.start))


def _inside(value: Any, duration_s: float) -> float:
    seconds = float(value)
    if not math.isfinite(seconds):
        raise ValueError("no moment")
    return min(max(0.0, seconds), duration_s)

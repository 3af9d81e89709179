"""What sound a take has, as the fields of `start` say it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from capture.fields import bad, flag

GAIN_RANGE_DB = (-60.0, 30.0)


@dataclass(frozen=True, slots=True)
class SoundRequest:
    """Which sources are heard and how. Gains are in dB, 0 leaves the sound as it is."""

    microphone_on: bool = True
    microphone: str | None = None  # name of a sound device, or part of it; None: the system's default
    system_audio: bool = False  # what the machine plays
    separate_tracks: bool = False  # each source also in a file of its own, beside the video
    microphone_gain_db: float = 0.0
    system_gain_db: float = 0.0
    denoise: bool = False  # of the microphone
    levels: bool = False  # tell `level` events while the engine hears something

    @property
    def any(self) -> bool:
        return self.microphone_on or self.system_audio


def parse_sound(values: dict[str, Any]) -> SoundRequest:
    """The sound fields of a `start` command, checked; BadCommand says which one is wrong."""
    return SoundRequest(
        microphone_on=flag(values, "audio", default=True),
        microphone=_name(values, "microphone"),
        system_audio=flag(values, "systemAudio", default=False),
        separate_tracks=flag(values, "separateTracks", default=False),
        microphone_gain_db=_gain(values, "microphoneGainDb"),
        system_gain_db=_gain(values, "systemGainDb"),
        denoise=flag(values, "denoise", default=False),
        levels=flag(values, "levels", default=False),
    )


def _name(values: dict[str, Any], field: str) -> str | None:
    value = values.get(field)
    if value is not None and not isinstance(value, str):
        raise bad(field, "the name of a sound device")
    return value or None


def _gain(values: dict[str, Any], field: str) -> float:
    value = values.get(field)
    if value is None:
        return 0.0
    low, high = GAIN_RANGE_DB
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not low <= value <= high:
        raise bad(field, f"a number of dB from {low:g} to {high:g}")
    return float(value)

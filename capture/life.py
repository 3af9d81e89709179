"""The fields of `start` that say how a take begins and ends, checked."""

from __future__ import annotations

from typing import Any

from capture.fields import bad, path, typed, whole
from capture.model import MIN_FREE_MB, LifeRequest

COUNTDOWN_RANGE = (0, 60)


def parse_life(values: dict[str, Any]) -> LifeRequest:
    """`countdown`, `selfTest`, `minFreeMb` and `keep`; BadCommand says which one is wrong."""
    countdown = whole(values, "countdown", 0, *COUNTDOWN_RANGE)
    free = values.get("minFreeMb")
    free = MIN_FREE_MB if free is None else free
    if isinstance(free, bool) or not isinstance(free, int | float) or not 0 <= free < 1e9:
        raise bad("minFreeMb", "a number of megabytes, 0 to record until the disk is full")
    return LifeRequest(
        countdown,
        self_test=bool(typed(values, "selfTest", bool, False)),
        min_free_bytes=round(free * 1_000_000),
        keep_test=path(values, "keep"),
    )

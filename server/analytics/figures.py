"""What is counted of a day of a recording: sums alone, so that parts can be added and taken away again."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.analytics.intervals import BUCKETS

# `seen_ms` is what was watched without repeats, `watch_ms` with them; `starts` are sessions, `streams`
# requests for the addresses of the stream.
NUMBERS = (
    "views",
    "viewers",
    "starts",
    "streams",
    "watch_ms",
    "seen_ms",
    "completions",
    "quality_switches",
    "rebuffers",
    "rebuffer_ms",
)
# By bucket: views that saw it, milliseconds that were watched again, views whose furthest place it was.
CURVES = ("retention", "rewatched_ms", "stops")
# By name: views, and of qualities milliseconds.
SPLITS = ("referrers", "devices", "browsers", "systems", "countries", "qualities")

# What comes from outside cannot fill a row: the names of a day beyond these are counted together.
MAX_NAMES = 200
OTHER = "other"


@dataclass(slots=True)
class Figures:
    """Curves are empty as long as the length of the recording is unknown."""

    numbers: Counter[str] = field(default_factory=Counter)
    curves: dict[str, list[int]] = field(default_factory=dict)
    splits: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, other: "Figures", *, sign: int = 1) -> "Figures":
        """Adds (or with a `sign` of -1 takes away) in place; returns itself."""
        for name, count in other.numbers.items():
            self.numbers[name] += sign * count
        for name, counts in other.curves.items():
            mine = self.curves.get(name) or [0] * BUCKETS
            if counts:
                self.curves[name] = [one + sign * more for one, more in zip(mine, counts, strict=True)]
        for name, named in other.splits.items():
            _add_names(self.splits.setdefault(name, Counter()), named, sign)
        return self

    def values(self) -> dict[str, Any]:
        """As columns of a row."""
        return {
            **{name: self.numbers[name] for name in NUMBERS},
            **{name: self.curves.get(name, []) for name in CURVES},
            **{name: {key: n for key, n in self.splits.get(name, {}).items() if n} for name in SPLITS},
        }

    @classmethod
    def of(cls, row: object) -> "Figures":
        """Of an object that has the columns."""
        return cls(
            Counter({name: getattr(row, name) for name in NUMBERS}),
            {name: list(getattr(row, name)) for name in CURVES},
            {name: Counter(getattr(row, name)) for name in SPLITS},
        )


def total(parts: Iterable[Figures]) -> Figures:
    whole = Figures()
    for part in parts:
        whole.add(part)
    return whole


def _add_names(mine: Counter[str], more: Mapping[str, int], sign: int) -> None:
    for name, count in more.items():
        known = name in mine or len(mine) < MAX_NAMES
        mine[name if known else OTHER] += sign * count

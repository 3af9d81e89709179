"""What a speaker wants to say, and how it is shown: text, letters, speed. One small file. No Qt."""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from uploader.paths import home

MOST = 200_000  # letters: hours of talk
SIZES = (10, 72)  # of letters, in points
SPEEDS = (5, 200)  # lines a minute


@dataclass(frozen=True, slots=True)
class Notes:
    """`size` is that of the letters in points, `speed` in lines a minute."""

    text: str = ""
    size: int = 18
    speed: int = 30

    def with_text(self, text: str) -> "Notes":
        return replace(self, text=text[:MOST])

    def larger(self, steps: int) -> "Notes":
        """Letters by so many steps of a tenth."""
        return replace(self, size=_within(round(self.size * 1.1**steps) or 1, SIZES))

    def with_speed(self, speed: int) -> "Notes":
        return replace(self, speed=_within(speed, SPEEDS))

    def points_a_second(self, line: float) -> float:
        """How fast the text moves, where a line is so high."""
        return self.speed * line / 60


class NotesFile:
    """Written in one step; broken, it is as if there were none."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or home() / "notes.json"

    def load(self) -> Notes:
        try:
            return _from_json(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, AttributeError):
            return Notes()

    def save(self, notes: Notes) -> None:
        """OSError when it cannot be kept."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(asdict(notes), ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(self._path)


def _from_json(values: dict[str, Any]) -> Notes:
    usual = asdict(Notes())
    known = {
        one.name: values[one.name]
        for one in fields(Notes)
        if type(values.get(one.name)) is type(usual[one.name])
    }
    found = Notes(**known)
    return replace(
        found.with_text(found.text), size=_within(found.size, SIZES), speed=_within(found.speed, SPEEDS)
    )  # fmt: skip


def _within(value: int, limits: tuple[int, int]) -> int:
    return min(max(value, limits[0]), limits[1])

"""The assistant of the first run: its steps, how far somebody came, when it opens by itself."""

import json
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

FILE = "first-run.json"


class Step(StrEnum):
    """In their order."""

    PLACE = "place"  # where recordings live
    PERMISSIONS = "permissions"
    DEVICES = "devices"


ORDER = tuple(Step)


@dataclass(frozen=True, slots=True)
class Progress:
    """`begun`: somebody has seen it. `done`: they came to its end, or wanted no more of it."""

    step: Step = Step.PLACE
    begun: bool = False
    done: bool = False

    @property
    def first(self) -> bool:
        return self.step is ORDER[0]

    @property
    def last(self) -> bool:
        return self.step is ORDER[-1]

    def at(self, step: Step) -> "Progress":
        return replace(self, step=step, begun=True)

    def next(self) -> "Progress":
        """A step further; behind the last one it is done."""
        if self.last:
            return replace(self, begun=True, done=True)
        return self.at(ORDER[ORDER.index(self.step) + 1])

    def back(self) -> "Progress":
        """A step back; the first one stays."""
        return self.at(ORDER[max(0, ORDER.index(self.step) - 1)])

    def opens(self, server: str | None) -> bool:
        """Whether it opens by itself: who has a server already has set Heddle up in another way, unless they
        are in the middle of this one."""
        return not self.done and (self.begun or server is None)


def load(home: Path) -> Progress:
    """How far somebody came the last time; the beginning where nothing can be read."""
    try:
        told = json.loads((home / FILE).read_text(encoding="utf-8"))
        return Progress(Step(told["step"]), begun=True, done=told["done"] is True)
    except (OSError, ValueError, KeyError, TypeError):
        return Progress()


def save(home: Path, progress: Progress) -> None:
    """In one step. OSError when the disk refuses."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = home / f"{FILE}.{os.getpid()}"
    temporary.write_text(json.dumps({"step": progress.step, "done": progress.done}) + "\n", encoding="utf-8")
    temporary.replace(home / FILE)

"""What recordings take on the disk, as `heddle storage --json` tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """One take; `removable` means that the journal says its server has it whole."""

    name: str
    title: str
    duration_s: float
    bytes: int
    on_server: bool
    removable: bool


@dataclass(frozen=True, slots=True)
class Room:
    """All of them, the largest first."""

    takes: tuple[Kept, ...] = ()
    total_bytes: int = 0
    trash_bytes: int = 0

    @property
    def removable_bytes(self) -> int:
        """What making room would free, if the servers confirm it."""
        return sum(take.bytes for take in self.takes if take.removable)


def room(lines: Iterable[Mapping[str, Any]]) -> Room:
    """From the lines of the list."""
    takes, total, trash = [], 0, 0
    for line in lines:
        if "totalBytes" in line:
            total, trash = int(line["totalBytes"]), int(line["trashBytes"])
        elif "path" in line:
            takes.append(_kept(line))
    return Room(tuple(takes), total, trash)


def _kept(line: Mapping[str, Any]) -> Kept:
    name = str(line["path"]).replace("\\", "/").rsplit("/", 1)[-1]
    return Kept(
        name=name,
        title=str(line.get("title") or name),
        duration_s=float(line.get("durationS") or 0),
        bytes=int(line["bytes"]),
        on_server=bool(line.get("onServer")),
        removable=bool(line.get("removable")),
    )

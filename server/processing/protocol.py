"""What the server and its codec child say to each other: one request in, JSON lines out.

Out come `{"event": "progress", "fraction": 0.5}`, from some steps other events too, and at last either
`{"event": "done", "result": {...}}` or
`{"event": "failed", "kind": ..., "title": ..., "detail": ..., "hint": ...}`.
"""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

# Work that is no step: a look at the videos that a step has made.
CHECK = "check"
# Nor are these: an encoder is asked for pictures, or whether it is there at all.
TRY_ENCODER = "try-encoder"
HAS_ENCODER = "has-encoder"
# The picture of a person.
PORTRAIT = "portrait"


class Failure(StrEnum):
    """Why there is no result."""

    UNREADABLE = "unreadable"  # the file; trying again would change nothing
    MACHINE = "machine"  # disk, memory of this machine: may be better later
    CRASHED = "crashed"  # the codec took its process down
    STALLED = "stalled"  # no sign of life
    TOO_LONG = "too_long"  # over its limit of time

    @property
    def worth_another_try(self) -> bool:
        return self not in (Failure.UNREADABLE, Failure.TOO_LONG)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use. Bytes and seconds; `wall_s` and `stall_s` are enforced by the parent."""

    memory: int = 3 << 30
    addresses: bool = True  # all that is mapped counts as memory, code too; else what can be written
    cpu_s: int = 120
    file: int = 1 << 20  # size of any file it writes
    files: int = 32  # open at a time
    nice: int = 10
    wall_s: float = 60.0
    stall_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """`work` names a function of `work.py`; `source` and `output` are paths, `kind` the container that the
    first bytes named. `settings` are the step's own; `reads` are paths it may read beside the source.
    `follows`: the source still grows, and the parent tells how far it is. `folder` is the child's own.
    """

    work: str
    source: str
    kind: str
    output: str = ""
    folder: str = ""
    thorough: bool = True
    duration_s: float = 0.0
    facts: dict[str, Any] | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    follows: bool = False
    threads: int = 1
    max_pixels: int = 8192 * 8192
    limits: Limits = field(default_factory=Limits)

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Request":
        values = json.loads(line)
        values["reads"] = tuple(values["reads"])
        values["limits"] = Limits(**values["limits"])
        return cls(**values)

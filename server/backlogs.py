"""How far behind a queue is, in the one shape that all queues are shown in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` things, since `oldest`; `dead` are those that were given up."""

    waiting: int
    oldest: datetime | None
    dead: int

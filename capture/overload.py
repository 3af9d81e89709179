"""What to do when the machine cannot keep up: first fewer pictures, then cheaper ones."""

from __future__ import annotations

from enum import StrEnum


class Relief(StrEnum):
    HALF_RATE = "half_rate"
    LIGHT_ENCODER = "light_encoder"


WINDOW_S = 2.0
TOO_MANY = 0.2  # share of pictures lost in a window
IN_A_ROW = 2  # windows: another program's start is no reason yet

ORDER = (Relief.HALF_RATE, Relief.LIGHT_ENCODER)


class Overload:
    """Watches the share of dropped pictures, window by window. No relief is taken back within a take: the
    machine that could not keep up once would only swing between both."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._begin: float | None = None
        self._base = (0, 0)
        self._bad = 0
        self._taken = 0

    def observe(self, at: float, given: int, dropped: int) -> Relief | None:
        """`given` and `dropped` are running totals; the relief to take now, each one once."""
        if self._begin is None or given + dropped < sum(self._base):
            self._begin, self._base = at, (given, dropped)
            return None
        if at - self._begin < self._window_s:
            return None
        more_given, more_dropped = given - self._base[0], dropped - self._base[1]
        self._begin, self._base = at, (given, dropped)
        total = more_given + more_dropped
        self._bad = self._bad + 1 if total and more_dropped / total >= TOO_MANY else 0
        if self._bad < IN_A_ROW or self._taken >= len(ORDER):
            return None
        self._bad = 0
        self._taken += 1
        return ORDER[self._taken - 1]

    def forget(self) -> None:
        """What was lost until now has another reason than load."""
        self._begin, self._bad = None, 0

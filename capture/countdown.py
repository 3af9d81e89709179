"""The seconds before the first picture, each told once."""

from __future__ import annotations

import math
import time


class Countdown:
    """Runs from its making on; of no seconds, it is over at once."""

    def __init__(self, seconds: int = 0) -> None:
        self._zero_at = time.monotonic() + seconds
        self._told = 0

    @property
    def over(self) -> bool:
        return self._zero_at <= time.monotonic()

    def news(self) -> int | None:
        """The seconds left, rounded up, if they were not told yet."""
        left = math.ceil(self._zero_at - time.monotonic())
        if left <= 0 or left == self._told:
            return None
        self._told = left
        return left

    def due_in(self) -> float:
        """Seconds until there is news, or it is over."""
        left = self._zero_at - time.monotonic()
        return left % 1.0 or 1.0 if math.ceil(left) == self._told else 0.0

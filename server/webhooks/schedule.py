"""When a delivery is tried again, and when an endpoint is left alone. No I/O."""

from dataclasses import dataclass

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Three quick tries, then ever slower ones until a day is over.

    `waits_s` are the seconds after each failed try; what is left of `give_up_s` follows the last of them.
    """

    waits_s: tuple[float, ...] = (1, 2, 60, 300, 1800, 2 * HOUR_S, 5 * HOUR_S, 8 * HOUR_S)
    give_up_s: float = 24 * HOUR_S

    def next_wait(self, tries: int, since_first_s: float) -> float | None:
        """Seconds until the next try after `tries` failed ones; None when there is none any more."""
        left = self.give_up_s - since_first_s
        if left <= 0:
            return None
        return min(self.waits_s[tries - 1], left) if tries <= len(self.waits_s) else left


@dataclass(frozen=True, slots=True)
class Breaker:
    """After `threshold` failures in a row an endpoint is left alone, then tried with one delivery."""

    threshold: int = 5
    first_s: float = 30.0
    longest_s: float = HOUR_S

    def open_for(self, failures: int) -> float | None:
        """Seconds that nothing is sent after the last of `failures`; None while the circuit stays closed."""
        if failures < self.threshold:
            return None
        return min(self.longest_s, self.first_s * 2.0 ** min(failures - self.threshold, 30))

    def is_probing(self, failures: int) -> bool:
        """Whether one delivery has to succeed before others are sent again."""
        return failures >= self.threshold

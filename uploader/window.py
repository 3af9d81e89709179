"""How many bytes one PATCH carries, and whether it carries a checksum.

A body with a checksum counts whole or not at all, so its size is what a cut connection costs: at most
1/64 of the file. That is how an upload begins. Once its line has broken, bodies go without: the server
then keeps (and syncs) whatever arrived before the next cut, and nothing that arrived is sent twice. Their
bytes are still covered, by the SHA-256 of the whole file that is compared at the end; what is given up is
only that damage is noticed at once. These bodies are small too: a proxy in between may hold a body back
until it has all of it, and then a cut costs all of it. When so much has gone through cleanly that a lost
body would hardly count, checksums come back.

Small bodies with checksums alone would not do: their headers would cost more than the cuts.
"""

from dataclasses import dataclass

SHARE = 64  # a checksummed body risks one such part of the file
SHARE_AFTER_CUT = 512
SMALLEST, LARGEST = 128 * 1024, 16 * 1024 * 1024
FIRST = 256 * 1024  # before anything is known about the line; also what a small file may lose
LIVE = 1024 * 1024  # a growing file's size says little about the end; a fragment should go in one piece
BODY_S = 4.0  # on a slow line a body takes no longer, so that progress is seen and kept


@dataclass(frozen=True, slots=True)
class Portion:
    """What the next PATCH may carry."""

    size: int
    checked: bool


@dataclass(slots=True)
class Window:
    """Learns from what was acknowledged, how fast, and from interruptions. One per upload."""

    rate: float | None = None  # bytes a second, smoothed
    clean: int | None = None  # bytes since the line broke; None while it never did

    def next(self, known_size: int, *, live: bool) -> Portion:
        """For a file of which `known_size` bytes are there."""
        by_time = FIRST if self.rate is None else int(self.rate * BODY_S)
        careful = max(LIVE if live else FIRST, min(known_size // SHARE, LARGEST))
        if self.clean is None or self.clean >= SHARE * careful:
            return Portion(max(SMALLEST, min(careful, by_time)), checked=True)
        return Portion(max(SMALLEST, min(known_size // SHARE_AFTER_CUT, by_time, LARGEST)), checked=False)

    def acked(self, count: int, seconds: float) -> None:
        """A body of `count` bytes was acknowledged after `seconds`."""
        if count:
            measured = count / max(seconds, 1e-4)
            self.rate = measured if self.rate is None else 0.7 * self.rate + 0.3 * measured
        if self.clean is not None:
            self.clean += count

    def interrupted(self) -> None:
        """The line broke while a body travelled."""
        self.clean = 0

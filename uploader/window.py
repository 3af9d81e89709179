"""How many bytes one PATCH carries.

A checksummed PATCH counts whole or not at all, so its size is also what a cut connection costs. Big bodies
are fast, small ones lose little; which is right depends on a network nobody can predict. So there is an
allowance: of the bytes of one upload at most 1.5 % may be sent twice, and no body is larger than a quarter of
what is left of it. A clean network never feels it (a 1 GiB file goes up in bodies of 4 MiB), a bad one makes
them small by itself. Committing partial bodies without a checksum would lose less per cut in theory, but what
lies in the buffers of sockets and proxies (megabytes) is lost all the same, and a damaged byte would go
unnoticed until the very end.
"""

from dataclasses import dataclass

ALLOWANCE = 0.015
SHARE = 4  # of the allowance left, one body may risk one such part
SMALLEST, LARGEST = 16 * 1024, 8 * 1024 * 1024
FIRST = 256 * 1024  # before anything is known about the network
LIVE = 1024 * 1024  # a growing file's size says little about the end; a fragment should go in one piece
BODY_S = 4.0  # on a slow line a body takes no longer, so that progress is seen and kept


@dataclass(slots=True)
class Window:
    """The size of the next body, from what was lost and how fast the last ones went."""

    lost: int = 0  # bytes of this upload that were sent and did not count
    rate: float | None = None  # bytes a second, smoothed

    def next(self, known_size: int, *, growing: bool) -> int:
        """Bytes for the next body of a file of which `known_size` bytes are there."""
        allowed = (known_size * ALLOWANCE - self.lost) / SHARE
        if growing and not self.lost:
            allowed = max(allowed, LIVE)
        by_time = FIRST if self.rate is None else self.rate * BODY_S
        return int(max(SMALLEST, min(allowed, by_time, LARGEST)))

    def acked(self, count: int, seconds: float) -> None:
        """A body of `count` bytes was acknowledged after `seconds`."""
        measured = count / max(seconds, 1e-4)
        self.rate = measured if self.rate is None else 0.7 * self.rate + 0.3 * measured

    def failed(self, count: int) -> None:
        """`count` bytes left this machine and were not acknowledged."""
        self.lost += count

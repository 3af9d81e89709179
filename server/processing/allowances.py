"""How much a codec child may use, by what it does. Bytes and seconds, far above an honest need."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from server.processing.protocol import Limits

MIB = 1 << 20
# A picture of the largest size takes 100 MiB decoded, and a decoder may hold seventeen of them.
MEMORY = 2048 * MIB
MEMORY_ENCODING = 4096 * MIB
# Encoding a second of video takes this long at worst: 8K on a slow machine that has other things to do.
_SECONDS_PER_SECOND = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What a child is given: a file of `size` bytes and `length_s` seconds (0 where unknown)."""

    size: int
    length_s: float
    threads: int
    reads: int = 0  # bytes of what it reads beside the file, such as a model


Allowance = Callable[[Load], Limits]


def glance(wall_s: float) -> Limits:
    """A look at a file while somebody waits."""
    return Limits(memory=MEMORY, cpu_s=int(wall_s) + 1, wall_s=wall_s, stall_s=wall_s)


def trial(wall_s: float) -> Limits:
    """An encoder is asked for a few pictures."""
    return Limits(memory=MEMORY_ENCODING, cpu_s=int(wall_s) + 1, wall_s=wall_s, stall_s=wall_s)


def reading(load: Load) -> Limits:
    """All of a file is read and nothing decoded: 20 MiB a second even from a slow disk."""
    wall_s = 60.0 + load.size / (20 * MIB)
    return Limits(memory=MEMORY, cpu_s=int(wall_s), wall_s=wall_s, stall_s=60.0)


def picture(_load: Load) -> Limits:
    """A few pictures are decoded and one is written."""
    return Limits(memory=MEMORY, cpu_s=60, file=32 * MIB, wall_s=120.0, stall_s=60.0)


def first_picture(load: Load) -> Limits:
    """It takes a tenth of a second, and somebody looks at an empty page until it is there."""
    return replace(picture(load), nice=0)


def decoding(load: Load) -> Limits:
    """All of a file is decoded, or copied; what comes out is no larger than it."""
    wall_s = 120.0 + load.size / (5 * MIB) + _SECONDS_PER_SECOND / 10 * load.length_s
    return Limits(
        memory=MEMORY,
        cpu_s=int(wall_s) * load.threads,
        file=64 * MIB + 2 * load.size,
        wall_s=wall_s,
        stall_s=120.0,
    )


def encoding(load: Load) -> Limits:
    wall_s = 300.0 + _SECONDS_PER_SECOND * load.length_s
    return Limits(
        memory=MEMORY_ENCODING,
        cpu_s=int(wall_s) * load.threads,
        # An intra-only or lossless source shrinks, a screen at a few frames a second may grow.
        file=256 * MIB + 4 * load.size,
        wall_s=wall_s,
        stall_s=120.0,
    )


def at_leisure(load: Load) -> Limits:
    """Encoding that nobody waits for: the machine does it when it has nothing else to do."""
    return replace(encoding(load), nice=19)


def listening(load: Load) -> Limits:
    """A model of speech hears all of the sound: thirty times as long as it lasts, on the slowest machine."""
    return _hearing(load, 900.0 + 30 * load.length_s)


def listening_along(load: Load) -> Limits:
    """As long as anybody records."""
    return _hearing(load, 48 * 3600.0)


def _hearing(load: Load, wall_s: float) -> Limits:
    return Limits(
        # The weights, once more while they are converted, and what each thread of the libraries sets aside.
        memory=MEMORY_ENCODING + 4 * load.reads,
        cpu_s=int(wall_s) * load.threads,
        file=64 * MIB,
        files=64,
        wall_s=wall_s,
        # The largest models take minutes for half a minute of sound.
        stall_s=600.0,
    )

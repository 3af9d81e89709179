"""Pieces of a video that were watched, as pairs of milliseconds, and the hundred buckets of a video."""

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]
BUCKETS = 100


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """In order, without overlaps, touching ones joined, empty ones left out."""
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if begin >= end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return tuple(merged)


def length(intervals: Iterable[Interval]) -> int:
    return sum(end - begin for begin, end in intervals)


def spread(intervals: Iterable[Interval], duration_ms: int) -> list[int]:
    """Milliseconds in each bucket of a video of `duration_ms`; what lies beyond its end is not in it."""
    found = [0] * BUCKETS
    if duration_ms <= 0:
        return found
    for interval in intervals:
        begin, end = max(0, interval[0]), min(interval[1], duration_ms)
        bucket = begin * BUCKETS // duration_ms
        while begin < end:
            edge = min(end, edge_of(bucket + 1, duration_ms))
            found[bucket] += edge - begin
            begin, bucket = edge, bucket + 1
    return found


def edge_of(bucket: int, duration_ms: int) -> int:
    """Where a bucket begins; that of number `BUCKETS` is the end."""
    return bucket * duration_ms // BUCKETS


def covered(milliseconds: Sequence[int], duration_ms: int) -> list[int]:
    """1 for each bucket of which at least half is in `milliseconds`, as `spread` gives them."""
    sizes = (edge_of(one + 1, duration_ms) - edge_of(one, duration_ms) for one in range(len(milliseconds)))
    return [int(2 * there >= size > 0) for there, size in zip(milliseconds, sizes, strict=True)]

"""Watched pieces are merged and spread over buckets without losing or inventing a millisecond."""

from hypothesis import given
from hypothesis import strategies as st

from server.analytics.intervals import BUCKETS, covered, edge_of, length, merge, spread

pieces = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)), max_size=20)


def milliseconds(intervals: list[tuple[int, int]]) -> set[int]:
    return {one for begin, end in intervals for one in range(begin, end)}


@given(pieces)
def test_merging_keeps_exactly_what_was_watched(intervals: list[tuple[int, int]]) -> None:
    merged = merge(intervals)
    assert milliseconds(list(merged)) == milliseconds(intervals)
    assert length(merged) == len(milliseconds(intervals))


@given(pieces)
def test_merged_pieces_lie_apart_and_in_order(intervals: list[tuple[int, int]]) -> None:
    merged = merge(intervals)
    edges = [edge for piece in merged for edge in piece]
    assert edges == sorted(set(edges))


@given(pieces, pieces)
def test_merging_in_steps_is_merging_at_once(one: list[tuple[int, int]], two: list[tuple[int, int]]) -> None:
    assert merge([*merge(one), *two]) == merge([*two, *one]) == merge(merge([*one, *two]))


@given(pieces, st.integers(1, 5_000))
def test_buckets_hold_what_lies_in_the_video(intervals: list[tuple[int, int]], duration: int) -> None:
    found = spread(intervals, duration)
    inside = [(begin, min(end, duration)) for begin, end in intervals if begin < min(end, duration)]
    assert sum(found) == length(inside)
    assert all(one >= 0 for one in found)


@given(st.integers(1, 100_000))
def test_the_buckets_of_a_video_watched_once_are_full(duration: int) -> None:
    found = spread([(0, duration)], duration)
    assert found == [edge_of(n + 1, duration) - edge_of(n, duration) for n in range(BUCKETS)]
    assert sum(covered(found, duration)) == min(duration, BUCKETS)


def test_a_bucket_is_covered_from_its_half_on() -> None:
    assert covered(spread([(0, 149)], 10_000), 10_000)[:3] == [1, 0, 0]
    assert covered(spread([(0, 150)], 10_000), 10_000)[:3] == [1, 1, 0]

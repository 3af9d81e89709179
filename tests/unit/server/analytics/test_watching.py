"""A session is the same in whatever order its events come, and its figures are those of what was watched."""

from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.analytics.figures import MAX_NAMES, OTHER, Figures, total
from server.analytics.watching import Stretch, Watching, figures_of, fold

SECOND = 1000
spans = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).filter(lambda one: one[0] < one[1])
stretches = st.builds(
    Stretch,
    played=st.lists(spans, max_size=5).map(tuple),
    quality=st.sampled_from([None, "1080p", "360p"]),
    quality_switches=st.integers(0, 3),
    rebuffers=st.integers(0, 3),
    rebuffer_ms=st.integers(0, 500),
)
NAMES = {"devices": "desktop", "referrers": "direct"}


@given(st.lists(stretches, max_size=8).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_order_of_events_means_nothing(told: tuple[list[Stretch], list[Stretch]]) -> None:
    one, two = (fold(10_000, order) for order in told)
    assert one == two
    for viewed in (False, True):
        if one.seen:
            assert figures_of(one, NAMES, viewed=viewed) == figures_of(two, NAMES, viewed=viewed)


@given(st.lists(stretches, min_size=1, max_size=8))
def test_what_is_added_can_be_taken_away_again(told: list[Stretch]) -> None:
    whole, rest = fold(10_000, told), fold(10_000, told[1:])
    day = Figures()
    for watching in (whole, rest):
        day.add(figures_of(watching, NAMES, viewed=bool(watching.seen)))
    day.add(figures_of(rest, NAMES, viewed=bool(rest.seen)), sign=-1)
    assert (
        day.values() == total([figures_of(whole, NAMES, viewed=bool(whole.seen))]).values() or not whole.seen
    )
    assert Figures.of(SimpleNamespace(**day.values())).values() == day.values()


@given(st.lists(stretches, min_size=1, max_size=8))
def test_no_figure_is_more_than_can_be(told: list[Stretch]) -> None:
    watching = fold(10_000, told)
    if not watching.seen:
        return
    figures = figures_of(watching, NAMES, viewed=True)
    assert figures.numbers["seen_ms"] <= min(10_000, figures.numbers["watch_ms"])
    assert sum(figures.curves["stops"]) == 1
    assert set(figures.curves["retention"]) <= {0, 1}
    assert all(again >= 0 for again in figures.curves["rewatched_ms"])
    assert sum(figures.curves["rewatched_ms"]) == sum(watching.plays) - figures.numbers["seen_ms"]


@pytest.mark.parametrize(
    ("duration", "watched", "view"),
    [
        (60 * SECOND, [(0, 2999)], False),
        (60 * SECOND, [(0, 3000)], True),
        (60 * SECOND, [(0, 1500), (30_000, 31_500)], True),
        (60 * SECOND, [(0, 1500), (0, 1500)], False),  # the same again is not more of it
        (2 * SECOND, [(0, 1700)], False),
        (2 * SECOND, [(0, 1800)], True),
        (None, [(0, 2999)], False),
        (None, [(0, 3000)], True),
        (60 * SECOND, [], False),
    ],
)
def test_a_view_is_enough_of_it_or_all(
    duration: int | None, watched: list[tuple[int, int]], view: bool
) -> None:
    assert fold(duration, [Stretch(played=(one,)) for one in watched]).is_view(3000) is view


def test_nothing_watched_is_no_view_even_without_a_threshold() -> None:
    assert not Watching(duration_ms=1000).is_view(0)
    assert fold(1000, [Stretch(played=((0, 1),))]).is_view(0)


def test_curves_tell_where_people_are() -> None:
    watching = fold(
        10_000, [Stretch(played=((0, 5_000),)), Stretch(played=((1_000, 2_000),), quality="720p")]
    )
    figures = figures_of(watching, NAMES, viewed=True)
    assert figures.curves["retention"] == [1] * 50 + [0] * 50
    assert figures.curves["rewatched_ms"] == [0] * 10 + [100] * 10 + [0] * 80
    assert figures.curves["stops"].index(1) == 49
    assert figures.splits["qualities"] == {"720p": 1_000}
    assert figures.numbers["completions"] == 0


def test_who_saw_it_to_the_end_stops_in_the_last_hundredth() -> None:
    figures = figures_of(fold(10_000, [Stretch(played=((0, 10_000),))]), NAMES, viewed=True)
    assert figures.curves["stops"][99] == 1
    assert figures.numbers["completions"] == 1


def test_names_from_outside_cannot_fill_a_row() -> None:
    day = Figures()
    for number in range(MAX_NAMES + 50):
        day.add(Figures(splits={"referrers": _one(f"{number}.example.org")}))
    referrers = day.values()["referrers"]
    assert isinstance(referrers, dict)
    assert len(referrers) == MAX_NAMES + 1
    assert referrers[OTHER] == 50


def _one(name: str) -> Counter[str]:
    return Counter({name: 1})

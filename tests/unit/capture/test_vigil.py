"""A computer that sleeps and a clock that is set are noticed, and told for what they are."""

import pytest

from capture.vigil import Vigil, with_sleep
from media.clock import MediaClock


class Clocks:
    """The three clocks of a machine, and what happens to them."""

    def __init__(self) -> None:
        self.awake = self.always = 1000.0
        self.wall = 1_700_000_000.0

    def pass_(self, seconds: float) -> None:
        self.awake += seconds
        self.always += seconds
        self.wall += seconds

    def sleep(self, seconds: float) -> None:
        self.always += seconds
        self.wall += seconds


class Awake:
    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks

    def now(self) -> float:
        return self._clocks.awake


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def media_clock(clocks: Clocks) -> MediaClock:
    clock = MediaClock(Awake(clocks), frozen_s=3.0)
    clock.start()
    return clock


@pytest.fixture
def vigil(clocks: Clocks, media_clock: MediaClock) -> Vigil:
    return Vigil(
        media_clock, awake=lambda: clocks.awake, always=lambda: clocks.always, wall=lambda: clocks.wall
    )


def test_time_that_passes_is_no_news(clocks: Clocks, vigil: Vigil) -> None:
    for _ in range(10):
        clocks.pass_(0.5)
        assert vigil.look() == []


def test_an_hour_asleep_is_told_and_takes_no_media_time(
    clocks: Clocks, vigil: Vigil, media_clock: MediaClock
) -> None:
    clocks.pass_(2.0)
    clocks.sleep(3600.0)
    (told,) = vigil.look()
    assert (told.code, "60 min" in told.title) == ("slept", True)
    assert media_clock.media_time() == pytest.approx(2.0)
    assert media_clock.pauses == ((2.0, 3600.0),)
    assert vigil.look() == []


def test_a_program_that_was_held_is_told_as_sleep(
    clocks: Clocks, vigil: Vigil, media_clock: MediaClock
) -> None:
    media_clock.media_time()
    clocks.pass_(30.0)
    media_clock.media_time()
    (told,) = vigil.look()
    assert (told.code, "30 s" in told.title) == ("slept", True)


@pytest.mark.parametrize(("seconds", "way"), [(3600.0, "forward"), (-90.0, "back")])
def test_a_clock_that_was_set_is_told_and_changes_nothing(
    clocks: Clocks, vigil: Vigil, media_clock: MediaClock, seconds: float, way: str
) -> None:
    clocks.pass_(1.0)
    clocks.wall += seconds
    (told,) = vigil.look()
    assert (told.code, way in told.title) == ("clock_jumped", True)
    assert media_clock.media_time() == 1.0


def test_this_machine_has_a_clock_that_counts_sleep() -> None:
    assert with_sleep() <= with_sleep()

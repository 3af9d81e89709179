"""Media time stands still in pauses and nowhere else."""

import pytest

from media.clock import MediaClock


class HandClock:
    """Time that the test sets."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        return self.at


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def clock(hand: HandClock) -> MediaClock:
    clock = MediaClock(hand)
    clock.start()
    return clock


def test_media_time_is_zero_before_the_start() -> None:
    assert MediaClock(HandClock()).media_time() == 0.0


def test_media_time_counts_from_the_start(clock: MediaClock, hand: HandClock) -> None:
    hand.at = 103.5
    assert clock.media_time() == 3.5


def test_what_came_before_the_start_has_negative_media_time(clock: MediaClock) -> None:
    assert clock.media_time(99.0) == -1.0


def test_a_second_start_changes_nothing(clock: MediaClock, hand: HandClock) -> None:
    hand.at = 110.0
    clock.start()
    assert clock.media_time() == 10.0


def test_a_pause_takes_its_length_out_of_media_time(clock: MediaClock) -> None:
    clock.pause(102.0)
    clock.resume(107.0)
    assert clock.media_time(105.0) == 2.0
    assert clock.media_time(108.0) == 3.0
    assert clock.pauses == ((2.0, 5.0),)


def test_pausing_twice_and_resuming_twice_change_nothing(clock: MediaClock) -> None:
    clock.pause(102.0)
    clock.pause(103.0)
    clock.resume(104.0)
    clock.resume(105.0)
    assert clock.pauses == ((2.0, 2.0),)


def test_recorded_cuts_the_pauses_out_of_a_stretch(clock: MediaClock) -> None:
    clock.pause(102.0)
    clock.resume(104.0)
    assert clock.recorded(99.0, 105.0) == [(100.0, 102.0), (104.0, 105.0)]
    assert clock.recorded(102.5, 103.5) == []


def test_monotonic_is_the_inverse_of_media_time(clock: MediaClock) -> None:
    clock.pause(102.0)
    clock.resume(104.0)
    assert clock.monotonic(1.0) == 101.0
    assert clock.monotonic(3.0) == 105.0


def test_nobody_knows_when_a_pause_will_be_over(clock: MediaClock) -> None:
    clock.pause(102.0)
    assert clock.monotonic(2.5) is None


def test_a_time_in_which_nobody_asked_for_the_time_is_left_out(hand: HandClock) -> None:
    clock = MediaClock(hand, frozen_s=3.0)
    clock.start()
    for hand.at in (100.5, 103.0, 163.0):
        clock.media_time()
    assert clock.media_time() == 3.0
    assert clock.pauses == ((3.0, 60.0),)
    assert clock.recorded(102.9, 163.1) == [(102.9, 103.0), (163.0, 163.1)]
    hand.at = 164.0
    assert clock.media_time() == 4.0
    assert clock.skipped_s == 60.0


def test_a_pause_may_last_as_long_as_it_likes_without_being_a_sleep(hand: HandClock) -> None:
    clock = MediaClock(hand, frozen_s=3.0)
    clock.start()
    hand.at = 101.0
    clock.pause()
    hand.at = 201.0
    clock.resume()
    assert (clock.media_time(), clock.skipped_s, clock.pauses) == (1.0, 0.0, ((1.0, 100.0),))


def test_a_slow_first_picture_is_no_sleep(hand: HandClock) -> None:
    clock = MediaClock(hand, frozen_s=3.0)
    begin = clock.now()
    hand.at = 110.0
    clock.start(begin)
    assert clock.media_time() == 10.0


def test_a_sleep_of_the_monotonic_clock_stands_among_the_pauses(clock: MediaClock, hand: HandClock) -> None:
    hand.at = 102.0
    clock.slept(3600.0)
    assert clock.media_time() == 2.0
    assert clock.pauses == ((2.0, 3600.0),)

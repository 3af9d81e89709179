"""Pictures are due on an absolute grid; half-second boundaries never go missing."""

import itertools

import pytest

from capture.timeline import HEARTBEAT, KEY_EVERY, Due, Pacer, Tick
from media.hls import PART_TARGET_S


def walk(pacer: Pacer, until: int, delay: int = 0) -> list[Due]:
    found = []
    while pacer.upcoming().pts < until:
        found.append(pacer.arrive(pacer.upcoming().pts + delay))
    return found


EXACT = (24, 25, 30, 50, 60)


@pytest.mark.parametrize("fps", EXACT)
def test_the_rates_people_choose_are_kept_exactly(fps: int) -> None:
    hour = walk(Pacer(fps), 3600 * 90_000, delay=40)
    assert [one.tick.pts for one in hour] == list(range(0, 3600 * 90_000, 90_000 // fps))
    assert [one.tick.pts for one in hour if one.tick.key] == list(range(0, 3600 * 90_000, KEY_EVERY))


@pytest.mark.parametrize("fps", [*EXACT, 119])
def test_boundaries_are_no_further_apart_than_a_part_may_last(fps: int) -> None:
    boundaries = [one.tick.pts for one in walk(Pacer(fps), 4 * KEY_EVERY) if one.tick.boundary]
    gaps = {later - earlier for earlier, later in itertools.pairwise(boundaries)}
    assert max(gaps) <= PART_TARGET_S * 90_000
    assert {0, KEY_EVERY, 2 * KEY_EVERY, 3 * KEY_EVERY} <= set(boundaries)
    # FFmpeg begins a fragment at the first picture 0.5 s after the last beginning, and at each key.
    assert all(
        later - earlier >= HEARTBEAT or later % KEY_EVERY == 0
        for earlier, later in itertools.pairwise(boundaries)
    )


def test_at_25_a_second_boundaries_lie_on_frames() -> None:
    boundaries = [one.tick.pts for one in walk(Pacer(25), 2 * KEY_EVERY) if one.tick.boundary]
    assert [pts / 90_000 for pts in boundaries] == [0, 0.52, 1.04, 1.56, 2, 2.52, 3.04, 3.56]


@pytest.mark.parametrize("fps", [1, 2, 7, 15, 24, 30, 50, 60, 120])
def test_every_half_second_has_a_picture_exactly_there(fps: int) -> None:
    given = walk(Pacer(fps), 4 * KEY_EVERY, delay=40)
    assert [one.tick.pts for one in given if one.tick.boundary] == list(range(0, 4 * KEY_EVERY, HEARTBEAT))
    assert [one.tick.pts for one in given if one.tick.key] == [0, KEY_EVERY, 2 * KEY_EVERY, 3 * KEY_EVERY]


@pytest.mark.parametrize("fps", [1, 7, 24, 25, 30, 60])
def test_time_stamps_rise_strictly_whatever_the_delay(fps: int) -> None:
    pacer, now, stamps = Pacer(fps), 0, []
    for delay in itertools.islice(itertools.cycle([0, 10, 1400, 2900, 7000, 60_000, 200_000]), 200):
        now = max(now, pacer.upcoming().pts) + delay
        due = pacer.arrive(now)
        stamps += [missed.pts for missed in due.missed] + [due.tick.pts]
    assert all(later > earlier for earlier, later in itertools.pairwise(stamps))
    step = KEY_EVERY if fps == 25 else HEARTBEAT
    assert set(stamps) >= set(range(0, stamps[-1], step))


def test_the_frame_rate_is_kept_on_average() -> None:
    assert len(walk(Pacer(30), 10 * 90_000)) == 300


@pytest.mark.parametrize(("arrival", "stamp", "late"), [(3000, 3000, 0), (4400, 3000, 0), (4600, 6000, 1)])
def test_a_picture_carries_the_tick_nearest_to_its_grab(arrival: int, stamp: int, late: int) -> None:
    pacer = Pacer(30)
    pacer.arrive(0)
    assert pacer.arrive(arrival) == Due((), Tick(stamp, boundary=False), late)
    assert pacer.upcoming().pts == stamp + 3000


def test_arriving_a_rounding_error_early_is_on_time() -> None:
    pacer = Pacer(30)
    pacer.arrive(0)
    assert pacer.arrive(2999).tick.pts == 3000


@pytest.mark.parametrize("fps", [7, 25, 30, 60])
@pytest.mark.parametrize("now", [45_000, 468_000, 468_001, 500_123])
def test_the_closing_picture_lasts_to_the_end_and_hardly_longer(fps: int, now: int) -> None:
    end = Pacer(fps).closing(now) + 90_000 / fps
    assert -1 <= end - now < 90_000 / fps + 1


@pytest.mark.parametrize("fps", [15, 20, 24, 25, 30, 50, 60])
def test_no_two_pictures_share_a_frame(fps: int) -> None:
    frames = [int(one.tick.pts * fps / 90_000 + 0.5) for one in walk(Pacer(fps), 4 * KEY_EVERY)]
    assert len(set(frames)) == len(frames)


def test_after_a_long_delay_missed_boundaries_are_repeated_and_ticks_counted() -> None:
    pacer = Pacer(30)
    pacer.arrive(0)
    due = pacer.arrive(100_000)
    assert [tick.pts for tick in due.missed] == [45_000, 90_000]
    assert due.tick.pts == 99_000
    assert due.late == 32


def test_a_missed_key_is_still_a_key() -> None:
    pacer = Pacer(30)
    pacer.arrive(0)
    due = pacer.arrive(KEY_EVERY + 5000)
    assert [tick.pts for tick in due.missed if tick.key] == [KEY_EVERY]


def test_half_the_rate_keeps_the_grid() -> None:
    pacer = Pacer(30)
    walk(pacer, 30_000)
    pacer.fps = 15
    assert [one.tick.pts for one in walk(pacer, 100_000) if one.tick.boundary] == [45_000, 90_000]

"""Mixing adds what belongs together, never wraps, and mutes to the sample."""

import numpy as np
import pytest

from capture.soundmix import FADE, LIMIT_FROM, Mute, Strip, gain, limited, mixed, take_together


def tone(count: int, level: float = 1.0) -> np.ndarray:
    return np.full((count, 1), level, dtype=np.float32)


def test_one_quiet_source_stays_as_it_is() -> None:
    piece = tone(100, 0.5)
    assert mixed([piece]) is piece


def test_two_loud_sources_bend_and_do_not_clip() -> None:
    slope = np.linspace(-2, 2, 4001, dtype=np.float32)[:, None]
    both = mixed([slope / 2, slope / 2])
    assert np.abs(both).max() <= 1.0
    assert (np.diff(both[:, 0]) >= 0).all()
    quiet = np.abs(slope) <= LIMIT_FROM
    assert np.array_equal(both[quiet], slope[quiet])
    assert both.dtype == np.float32


def test_silence_of_no_length_is_let_through() -> None:
    assert len(limited(np.zeros((0, 2), dtype=np.float32))) == 0


@pytest.mark.parametrize(("db", "factor"), [(0.0, 1.0), (6.0206, 2.0), (-20.0, 0.1)])
def test_gains_are_decibels(db: float, factor: float) -> None:
    assert gain(db) == pytest.approx(factor, rel=1e-4)


def test_sources_are_taken_as_far_as_all_of_them_go() -> None:
    first, second = Strip(), Strip()
    first.add(np.arange(10, dtype=np.float32)[:, None])
    first.add(np.arange(10, 20, dtype=np.float32)[:, None])
    assert take_together([first, second]) == []
    second.add(tone(15))
    mine, other = take_together([first, second])
    assert list(mine[:, 0]) == list(range(15))
    assert len(other) == 15
    assert (first.ready, second.ready) == (5, 0)
    second.add(tone(5))
    assert list(take_together([first, second])[0][:, 0]) == list(range(15, 20))


def muted(mute: Mute, sizes: list[int]) -> np.ndarray:
    start, pieces = 0, []
    for size in sizes:
        pieces.append(mute.applied(start, tone(size)))
        start += size
    return np.concatenate(pieces)[:, 0]


def test_muting_begins_at_its_moment_and_fades_within_5_ms() -> None:
    mute = Mute()
    mute.turn(1000, on=True)
    mute.turn(5000, on=False)
    sound = muted(mute, [480] * 15)
    assert (sound[:1001] == 1).all()
    assert (sound[1000 + FADE : 5001] == 0).all()
    assert (sound[5000 + FADE :] == 1).all()
    assert np.abs(np.diff(sound)).max() < 1.5 / FADE


def test_muting_twice_changes_nothing_and_often_is_followed() -> None:
    mute = Mute()
    for start in range(0, 20_000, 2000):
        mute.turn(start, on=True)
        mute.turn(start, on=True)
        mute.turn(start + 1000, on=False)
    sound = muted(mute, [480] * 50)
    for start in range(0, 20_000, 2000):
        assert sound[start + 600] == 0
        assert sound[start + 1600] == 1
    assert sound[-1] == 1


def test_who_is_not_muted_is_not_touched() -> None:
    piece = tone(480)
    mute = Mute()
    assert mute.applied(0, piece) is piece
    mute.turn(100, on=True)
    mute.turn(200, on=False)
    assert mute.applied(48_000, piece) is piece

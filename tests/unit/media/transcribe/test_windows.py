"""Windows hold all speech once, in order, up to thirty seconds, and give their times back exactly."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.transcribe.options import FILLED_S, LIVE_S, RATE, WINDOW_S
from media.transcribe.voice import FRAME, Stretch, StretchFinder
from media.transcribe.windows import Packer, Window

# Stretches as (pause before, length) in frames of 32 ms.
TALKS = st.lists(st.tuples(st.integers(5, 400), st.integers(4, 870)), min_size=1, max_size=30)


def stretches(talk: list[tuple[int, int]]) -> list[Stretch]:
    at, found = 0, []
    for pause, length in talk:
        found.append(Stretch(at + pause * FRAME, at + (pause + length) * FRAME, 0.9))
        at = found[-1].end
    return found


def pack(spoken: list[Stretch], least_s: float = FILLED_S, step: int = 1000) -> list[Window]:
    packer = Packer(least_s)
    windows: list[Window] = []
    for at in range(0, len(spoken), step):
        windows += packer.add(spoken[at : at + step])
    return windows + packer.finish(spoken[-1].end + RATE)


@given(TALKS, st.sampled_from([FILLED_S, LIVE_S]))
def test_windows_hold_all_speech_once_and_fit(talk: list[tuple[int, int]], least_s: float) -> None:
    spoken = stretches(talk)
    windows = pack(spoken, least_s)
    pieces = [piece for window in windows for piece in window.pieces]
    assert all(window.length <= WINDOW_S * RATE for window in windows)
    assert all(start < end for start, end in pieces)
    assert all(before[1] <= after[0] for before, after in pairwise(pieces))
    for stretch in spoken:
        assert any(start <= stretch.start and stretch.end <= end for start, end in pieces)
    assert [stretch for window in windows for stretch in window.stretches] == spoken


@given(TALKS)
def test_windows_do_not_depend_on_when_stretches_come(talk: list[tuple[int, int]]) -> None:
    spoken = stretches(talk)
    assert pack(spoken, LIVE_S, 1) == pack(spoken, LIVE_S)


def test_full_windows_are_well_filled() -> None:
    spoken = stretches([(10, 90)] * 100)
    lengths = [window.length / RATE for window in pack(spoken)][:-1]
    assert min(lengths) >= 0.8 * WINDOW_S


def test_a_full_window_ends_at_its_longest_late_pause() -> None:
    spoken = stretches([(6, 150)] * 5 + [(25, 150), (6, 150)])
    assert pack(spoken)[0].stretches == tuple(spoken[:5])


def test_live_windows_end_at_the_first_pause_of_a_second() -> None:
    packer = Packer(LIVE_S)
    assert packer.add([Stretch(0, 9 * RATE, 0.9)]) == []
    assert packer.pause(9 * RATE + RATE // 2) == []
    (window,) = packer.pause(10 * RATE)
    assert window.pieces == ((0, 9 * RATE + int(0.4 * RATE)),)
    assert packer.held_from is None


def test_moments_of_a_window_are_moments_of_the_recording() -> None:
    window = Window(((10 * RATE, 12 * RATE), (20 * RATE, 23 * RATE)))
    assert window.span(0.5, 1.0) == (10.5, 11.0)
    assert window.span(2.5, 3.0) == (20.5, 21.0)
    assert window.span(1.8, 2.1) == (11.8, 12.0), "a word lies in one piece"
    assert window.span(4.5, 9.0) == (22.5, 23.0), "and never after the window"


def test_the_voice_of_a_moment() -> None:
    window = Window(((0, 4 * RATE),), (Stretch(0, 2 * RATE, 0.8),))
    assert window.voice(0.0, 2.0) == pytest.approx(0.8)
    assert window.voice(1.0, 3.0) == pytest.approx(0.4)
    assert window.voice(3.0, 4.0) == 0.0


def find(probabilities: list[float]) -> list[tuple[int, int]]:
    finder = StretchFinder()
    found = [*finder.add(np.asarray(probabilities, np.float32)), *finder.finish()]
    return [(stretch.start // FRAME, stretch.end // FRAME) for stretch in found]


@pytest.mark.parametrize(
    ("probabilities", "found"),
    [
        ([], []),
        ([0.1] * 50, []),
        ([0.1] * 10 + [0.9] * 20 + [0.1] * 10, [(10, 30)]),
        ([0.9] * 20, [(0, 20)]),
        ([0.1] * 10 + [0.9] * 3 + [0.1] * 10, []),
        ([0.9] * 10 + [0.1] * 3 + [0.9] * 10 + [0.1] * 9, [(0, 23)]),
        ([0.9] * 10 + [0.4] * 9 + [0.9] * 10 + [0.1] * 9, [(0, 29)]),
        ([0.9] * 10 + [0.1] * 6 + [0.9] * 10, [(0, 10), (16, 26)]),
    ],
)
def test_stretches_begin_and_end_with_the_voice(
    probabilities: list[float], found: list[tuple[int, int]]
) -> None:
    assert find(probabilities) == found


def test_who_never_pauses_is_cut_where_the_voice_is_weakest() -> None:
    probabilities = [0.95] * 2000
    probabilities[800] = 0.6
    found = find(probabilities)
    assert found[0] == (0, 800)
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all((end - start) * FRAME < 29 * RATE for start, end in found)
    assert found[-1][1] == 2000


@given(st.lists(st.floats(0, 1), max_size=2000), st.integers(1, 100))
def test_stretches_do_not_depend_on_the_pieces(probabilities: list[float], step: int) -> None:
    finder = StretchFinder()
    found = []
    for at in range(0, len(probabilities), step):
        found += finder.add(np.asarray(probabilities[at : at + step], np.float64))
    found += finder.finish()
    whole = StretchFinder()
    assert found == [*whole.add(np.asarray(probabilities, np.float64)), *whole.finish()]

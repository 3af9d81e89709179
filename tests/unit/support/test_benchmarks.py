"""The benchmark's own arithmetic and data; nothing is timed."""

import math

import pytest

from tests.benchmarks import goals
from tests.benchmarks.quality import Point, at_ssim
from tests.benchmarks.recorders import PEERS


def test_every_goal_is_for_something_that_is_measured() -> None:
    for content, peer in goals.CPU:
        assert content in goals.CONTENTS
        assert peer in PEERS
    assert {size for size, _, _ in goals.CPU_AT} | set(goals.LOST_PERCENT) <= set(goals.SIZES)
    assert set(goals.SIZES_OF) <= set(PEERS)


def test_a_size_of_its_own_wins() -> None:
    assert goals.cpu_goal("1080p30", "typing", "ffmpeg") == 0.15
    assert goals.cpu_goal("4K30", "typing", "ffmpeg") == 0.10
    assert goals.cpu_goal("1080p30", "typing", "obs") is None


@pytest.mark.parametrize(
    ("decibel", "bitrate"), [(20, 1e5), (25, 1e5 * math.sqrt(10)), (30, 1e6), (40, 1e7), (45, 10**7.5)]
)
def test_a_bitrate_lies_between_its_neighbours_or_beyond_the_last(decibel: float, bitrate: float) -> None:
    points = [Point(10 ** (level / 10 + 3), 1 - 10 ** (-level / 10)) for level in (40, 20, 30)]
    assert at_ssim(points, decibel) == pytest.approx(bitrate, rel=1e-6)

"""Levels are dB of full scale; a dead microphone is noticed after three seconds and told once."""

import numpy as np
import pytest

from capture.soundlevel import FLOOR_DB, RATE, Flatness, Level


def sine(amplitude: float) -> np.ndarray:
    return (amplitude * np.sin(np.arange(4800) * 2 * np.pi * 100 / RATE)).astype(np.float32)[:, None]


def test_a_full_sine_is_3_db_below_its_peak() -> None:
    level = Level()
    level.measured = True
    level.add(sine(1.0))
    loudness, peak = level.read()
    assert (loudness, peak) == (pytest.approx(-3.0, abs=0.1), pytest.approx(0.0, abs=0.1))
    assert level.read() == (FLOOR_DB, FLOOR_DB)


def test_nothing_is_measured_for_nobody() -> None:
    level = Level()
    level.add(sine(1.0))
    assert level.read() == (FLOOR_DB, FLOOR_DB)


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_a_flat_source_is_told_once_after_three_seconds(value: float) -> None:
    flat, block = Flatness(), np.full((480, 1), value, dtype=np.float32)
    assert [number for number in range(1000) if flat.add(block)] == [299]


def test_the_faintest_noise_is_not_flat() -> None:
    flat, dice = Flatness(), np.random.default_rng(1)
    blocks = [dice.integers(-1, 2, (480, 1)) / np.float32(32768) for _ in range(400)]
    assert not any(flat.add(block.astype(np.float32)) for block in blocks)


def test_a_pause_in_the_silence_begins_the_count_anew() -> None:
    flat, silence = Flatness(), np.zeros((48_000, 1), dtype=np.float32)
    assert [flat.add(silence), flat.add(silence), flat.add(sine(0.1))] == [False] * 3
    assert [flat.add(silence), flat.add(silence), flat.add(silence)] == [False, False, True]

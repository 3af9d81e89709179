"""Whatever a device gives becomes 48 kHz in one or two channels, in its place to the sample."""

import numpy as np
import pytest

from media.denoise import Denoiser
from media.samples import RATE, Former, remix


def click_at(former: Former, rate: int, channels: int, *, at_s: float, block: int) -> float:
    """When a click, made at `at_s`, is heard after forming."""
    count = rate * 2
    sound = np.zeros((count, channels), dtype=np.float32)
    sound[round(at_s * rate)] = 1.0
    heard: list[tuple[float, float]] = []
    for first in range(0, count, block):
        begin, formed = former.form(100.0 + first / rate, sound[first : first + block].tobytes())
        if len(formed):
            loudest = int(np.abs(formed).max(axis=1).argmax())
            heard.append((float(np.abs(formed).max()), begin + loudest / RATE))
    return max(heard)[1] - 100.0


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("wanted", [1, 2])
def test_a_click_stays_where_it_was(rate: int, channels: int, wanted: int) -> None:
    former = Former(rate, channels, wanted)
    heard = click_at(former, rate, channels, at_s=1.0, block=rate // 100)
    assert heard == pytest.approx(1.0, abs=0.0002)


def test_as_many_samples_come_out_as_the_time_holds() -> None:
    former, count = Former(44_100, 1, 1), 0
    for number in range(1000):
        count += len(former.form(number / 100, np.zeros(441, dtype=np.float32).tobytes())[1])
    assert count == pytest.approx(10 * RATE, abs=100)


def test_channels_are_mixed_at_most_down_to_two() -> None:
    stereo = np.array([[0.5, -0.1]], dtype=np.float32)
    assert remix(stereo, 2) is stereo
    assert remix(stereo, 1)[0, 0] == pytest.approx(0.2)
    assert remix(stereo[:, :1], 2).tolist() == [[0.5, 0.5]]
    one_of_eight = np.zeros((1, 8), dtype=np.float32)
    one_of_eight[0, 5] = 0.8
    assert remix(one_of_eight, 1)[0, 0] == pytest.approx(0.8 / 8**0.5)
    assert remix(one_of_eight, 2).shape == (1, 2)


@pytest.mark.parametrize("channels", [1, 2])
def test_noise_goes_and_speech_stays_in_its_place(channels: int) -> None:
    dice, denoiser = np.random.default_rng(1), Denoiser(channels)
    count = RATE * 8
    noise = (0.003 * dice.standard_normal((count, channels))).astype(np.float32)
    sound = noise.copy()
    word = (0.4 * np.sin(np.arange(9600) * 2 * np.pi * 700 / RATE)).astype(np.float32)
    sound[6 * RATE : 6 * RATE + 9600] += word[:, None]
    cleaned, first = [], None
    for begin in range(0, count, 480):
        at, done = denoiser.clean(50.0 + begin / RATE, sound[begin : begin + 480])
        if len(done):
            first = at if first is None else first
            cleaned.append(done)
    assert first is not None
    heard = np.concatenate(cleaned)[:, 0]
    start = round((first - 50.0) * RATE)  # where the first sample given out lies
    around = slice(6 * RATE - 4800 - start, 6 * RATE + 14_400 - start)
    lag = int(np.abs(np.correlate(heard[around], word, "valid")).argmax()) - 4800
    assert abs(lag) < 48
    before, after = noise[4 * RATE : 5 * RATE, 0], heard[4 * RATE - start : 5 * RATE - start]
    assert 20 * np.log10(before.std() / after.std()) > 12

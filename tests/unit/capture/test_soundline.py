"""Sound lies where it was heard: pauses are cut out exactly, holes are silent, drift is stretched away."""

from collections.abc import Iterable

import numpy as np
import pytest

from capture.model import SoundBlock
from capture.soundline import RATE, SoundLine
from media.clock import MediaClock

BLOCK = 480


class HandClock:
    at = 1000.0

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


def blocks(
    count: int, *, first: float = 1000.0, jitter: float = 0.0, off_first: float = 0.0, rate: float = RATE
) -> Iterable[SoundBlock]:
    """Blocks whose every sample is its own number, stamped like a real device stamps them."""
    noise = np.random.default_rng(1)
    for number in range(count):
        at = (
            first + number * BLOCK / rate + noise.uniform(-jitter, jitter) + (off_first if number == 0 else 0)
        )
        samples = np.arange(number * BLOCK, (number + 1) * BLOCK, dtype=np.float32) + 1
        yield SoundBlock(at, samples.tobytes())


def place(line: SoundLine, block: SoundBlock, channels: int = 1) -> list[np.ndarray]:
    return line.place(block.at, np.frombuffer(block.samples, dtype=np.float32).reshape(-1, channels))


def run(line: SoundLine, given: Iterable[SoundBlock]) -> np.ndarray:
    pieces = [piece for block in given for piece in place(line, block)]
    return np.concatenate(pieces)[:, 0] if pieces else np.zeros(0, dtype=np.float32)


def test_sound_from_the_start_is_given_out_as_it_came(clock: MediaClock) -> None:
    sound = run(SoundLine(clock, 1), blocks(100))
    assert len(sound) == 100 * BLOCK
    assert np.array_equal(sound, np.arange(1, 100 * BLOCK + 1))


def test_jitter_and_a_wrong_first_time_stamp_do_not_matter(clock: MediaClock) -> None:
    sound = run(SoundLine(clock, 1), blocks(200, jitter=0.003, off_first=0.010))
    lead = int(np.argmax(sound == 200)) - 199
    assert abs(lead) < 0.002 * RATE


def test_a_device_that_starts_late_gives_silence_first(clock: MediaClock) -> None:
    sound = run(SoundLine(clock, 1), blocks(60, first=1000.25))
    assert np.count_nonzero(sound[:12_000]) == 0
    assert sound[12_000] == 1


def test_what_was_heard_before_the_start_is_cut_off(clock: MediaClock) -> None:
    sound = run(SoundLine(clock, 1), blocks(60, first=999.9))
    assert sound[0] == 4801


def test_a_pause_is_cut_out_to_the_sample(clock: MediaClock) -> None:
    clock.pause(1000.5)
    clock.resume(1001.25)
    sound = run(SoundLine(clock, 1), blocks(200))
    assert len(sound) == 200 * BLOCK - 36_000
    assert sound[23_999] == 24_000
    assert sound[24_000] == 60_001


def test_lost_blocks_become_silence_of_their_length(clock: MediaClock) -> None:
    given = list(blocks(300))
    del given[100:150]
    sound = run(SoundLine(clock, 1), given)
    assert len(sound) == pytest.approx(300 * BLOCK, abs=BLOCK * 5)
    assert sound[-1] == 300 * BLOCK
    assert abs(len(sound) - 300 * BLOCK) < 0.015 * RATE


@pytest.mark.parametrize("wrong", [1, 33, 80])
def test_a_device_that_begins_with_wrong_times_is_put_right_at_once(clock: MediaClock, wrong: int) -> None:
    given = [
        SoundBlock(block.at - (0.09 if number < wrong else 0.0), block.samples)
        for number, block in enumerate(blocks(200))
    ]
    sound = run(SoundLine(clock, 1), given)
    assert sound[-1] == 200 * BLOCK
    assert abs(len(sound) - 200 * BLOCK) < 0.002 * RATE


def test_nobody_waits_for_the_truth_who_heard_it_before_the_take(hand: HandClock) -> None:
    line = SoundLine(clock := MediaClock(hand), 1)
    given = list(blocks(100, first=999.5))
    for block in given[:70]:
        line.hear(block.at, BLOCK)
    clock.start(1000.2)
    sound = run(line, given[70:])
    assert sound[0] == 70 * BLOCK + 1
    assert len(sound) == 30 * BLOCK


def test_times_that_come_nearer_to_the_truth_are_waited_for(clock: MediaClock) -> None:
    """PulseAudio's are up to 0.7 s off at first, and 10 ms less with each block of 10 ms."""
    given = [
        SoundBlock(block.at - max(0.0, 0.65 - number * 0.01), block.samples)
        for number, block in enumerate(blocks(100))
    ]
    sound = run(SoundLine(clock, 1), given)
    assert np.array_equal(sound, np.arange(1, 100 * BLOCK + 1))


def test_what_is_recorded_before_it_is_heard_lies_right_after_a_pause(
    clock: MediaClock, hand: HandClock
) -> None:
    """The sound of a computer: a block is there 30 ms before its loudspeaker plays it."""
    line, sound = SoundLine(clock, 1), []
    for number, block in enumerate(blocks(200)):
        hand.at = block.at - 0.030
        if number == 100:
            clock.pause()
        if number == 140:
            clock.resume()
        sound.append(run(line, [block]))
    joined = np.concatenate(sound)
    resumed = 0.97  # media time: the pause began with block 100, 30 ms before it was heard
    after = int((resumed + 0.1) * RATE)
    assert joined[after] == after + 1 + 0.4 * RATE


def test_a_speed_that_is_off_never_makes_two_milliseconds(clock: MediaClock) -> None:
    line, rate = SoundLine(clock, 1), RATE * 1.0005
    worst = 0.0
    for number, block in enumerate(blocks(3000, rate=rate, jitter=0.001)):
        place(line, block)
        if number > 100:
            worst = max(worst, abs(line.written / RATE - (number + 1) * BLOCK / rate))
    assert worst < 0.002


@pytest.mark.parametrize("speed", [0.999, 1.001])
def test_a_drifting_device_is_stretched_and_stays_within_10_ms(clock: MediaClock, speed: float) -> None:
    line = SoundLine(clock, 1)
    worst = 0.0
    for number, block in enumerate(blocks(6000, rate=RATE * speed)):
        place(line, block)
        if number > 100:
            worst = max(worst, abs(line.written / RATE - (number + 1) * BLOCK / (RATE * speed)))
    assert worst < 0.010


def test_a_stalled_device_gives_silence_so_that_the_picture_need_not_wait(
    clock: MediaClock, hand: HandClock
) -> None:
    line = SoundLine(clock, 1)
    run(line, blocks(50))
    hand.at = 1000.6
    assert line.fill_stall() == []
    hand.at = 1003.0
    assert sum(len(piece) for piece in line.fill_stall()) > 2 * RATE
    assert line.written / RATE == pytest.approx(2.75)


def test_what_comes_after_a_stall_lies_exactly_where_it_was_heard(clock: MediaClock, hand: HandClock) -> None:
    line = SoundLine(clock, 1)
    given = list(blocks(200))
    sound = [run(line, given[:50])]
    hand.at = 1001.2
    sound += [piece[:, 0] for piece in line.fill_stall()]
    sound.append(run(line, given[50:]))
    joined = np.concatenate(sound)
    assert len(joined) == 200 * BLOCK
    assert joined[60_000] == 60_001


def test_without_any_device_the_track_is_silent_and_complete(clock: MediaClock, hand: HandClock) -> None:
    line = SoundLine(clock, 1)
    hand.at = 1010.0
    line.fill_stall(lost=True)
    assert line.written == 10 * RATE
    hand.at = 1010.5
    line.finish(10.5)
    assert line.written == 10.5 * RATE


def test_stereo_keeps_its_channels_apart(clock: MediaClock) -> None:
    line = SoundLine(clock, 2)
    pieces = []
    for number in range(80):
        samples = np.tile(np.array([0.5, -0.5], dtype=np.float32), BLOCK)
        pieces += place(line, SoundBlock(1000.0 + number * 0.01, samples.tobytes()), channels=2)
    sound = np.concatenate(pieces)
    assert sound.shape == (80 * BLOCK, 2)
    assert (sound[:, 0] == 0.5).all()
    assert (sound[:, 1] == -0.5).all()


@pytest.mark.parametrize("ppm", [300, -300])
def test_an_hour_of_a_device_whose_clock_is_off_by_300_ppm(ppm: int, clock: MediaClock) -> None:
    """Where each block's first sample comes to lie, against where it was heard: never 40 ms off, and from one
    block to the next never more than 5 ms nearer or farther."""
    line, rate, noise = SoundLine(clock, 1), RATE * (1 + ppm / 1e6), np.random.default_rng(2)
    samples = np.zeros((BLOCK * 10, 1), dtype=np.float32)  # 100 ms each: an hour in a second
    offsets = []
    for number in range(36_000):
        heard = number * len(samples) / rate
        before = line.written
        pieces = line.place(1000.0 + heard + noise.uniform(-0.002, 0.002), samples)
        if pieces and number > 60:
            offsets.append(before / RATE - heard)
    assert np.abs(offsets).max() <= 0.040
    assert np.abs(np.diff(offsets)).max() <= 0.005
    assert line.written / RATE == pytest.approx(36_000 * len(samples) / rate, abs=0.040)

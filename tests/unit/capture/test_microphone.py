"""Microphones that are picky: opened as they can be, named as they are, looked for afresh each time."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capture.backends import audio_sounddevice
from capture.errors import NoMicrophone
from capture.model import SoundBlock


class PortAudioError(Exception):
    pass


class FakePortAudio:
    """As sounddevice looks like to us, with one device that opens in one form only."""

    PortAudioError = PortAudioError

    def __init__(self, rate: int, channels: int) -> None:
        self.form = (rate, channels)
        self.tried: list[tuple[int, int]] = []
        self.looked = 0
        self.device = {
            "name": "Studio", "index": 3, "max_input_channels": channels, "default_samplerate": float(rate),
        }  # fmt: skip
        self.default = SimpleNamespace(device=[3, 4])
        self.callback: Any = None

    def _terminate(self) -> None:
        self.looked += 1

    def _initialize(self) -> None: ...

    def query_devices(self, wanted: object = None, kind: str | None = None) -> Any:
        if kind is None:
            return [self.device, {**self.device, "index": 4}, {**self.device, "max_input_channels": 0}]
        if wanted not in (None, 3, "Studio"):
            raise ValueError(f"No input device matching {wanted!r}")
        return self.device

    def RawInputStream(self, **options: Any) -> Any:  # noqa: N802 - the library's name
        self.tried.append((options["samplerate"], options["channels"]))
        if self.tried[-1] != self.form:
            raise PortAudioError("Invalid sample rate")
        self.callback = options["callback"]
        return SimpleNamespace(start=lambda: None, abort=lambda **_: None, close=lambda **_: None)

    def hears(self, frames: int, age: float = 0.01) -> None:
        """One block, as PortAudio's thread would bring it."""
        data = np.zeros((frames, self.form[1]), dtype=np.float32).tobytes()
        when = SimpleNamespace(currentTime=100.0, inputBufferAdcTime=100.0 - age)
        self.callback(data, frames, when, SimpleNamespace(input_overflow=False))


def plugged(monkeypatch: pytest.MonkeyPatch, rate: int, channels: int) -> FakePortAudio:
    fake = FakePortAudio(rate, channels)
    monkeypatch.setattr(audio_sounddevice, "_load", lambda: fake)
    monkeypatch.setattr(audio_sounddevice, "FRESH_S", 0.0)
    return fake


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (44_100, 2), (16_000, 1), (96_000, 8)])
def test_a_device_is_opened_as_it_can_be(rate: int, channels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, blocks = plugged(monkeypatch, rate, channels), list[SoundBlock]()
    source = audio_sounddevice.open(blocks.append)
    fake.hears(rate // 100)
    source.close()
    assert fake.tried[-1] == (rate, channels)
    assert (blocks[0].rate, blocks[0].channels) == (rate, channels)
    assert len(blocks[0].samples) == rate // 100 * channels * 4
    assert source.failed() is None


def ages(monkeypatch: pytest.MonkeyPatch, *told: float) -> list[float]:
    """How old blocks of 10 ms are taken to be, by what the driver tells."""
    fake, blocks = plugged(monkeypatch, 48_000, 1), list[SoundBlock]()
    monkeypatch.setattr(audio_sounddevice, "time", SimpleNamespace(monotonic=lambda: 50.0))
    source = audio_sounddevice.open(blocks.append)
    for age in told:
        fake.hears(480, age)
    source.close()
    return [round(50.0 - block.at, 6) for block in blocks]


def test_a_driver_that_knows_no_times_has_just_filled_its_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ages(monkeypatch, 0.0, 100.0, -1.0) == [0.01, 0.01, 0.01]


def test_a_monitor_whose_sound_is_still_to_be_heard_does_not_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ages(monkeypatch, 0.0004, 0.0, -0.002, 0.0003) == [0.0004, 0.0, 0.0, 0.0003]


def test_great_ages_are_believed_only_of_a_stream_that_has_run_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, *_, late = ages(monkeypatch, 0.7, *[0.012] * 200, 0.7)
    assert (first, late) == (0.01, 0.7)


def test_a_device_that_opens_in_no_form_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = plugged(monkeypatch, 48_000, 2)
    fake.form = (1, 1)
    with pytest.raises(NoMicrophone, match="does not open: Invalid sample rate"):
        audio_sounddevice.open(lambda block: None)


def test_devices_are_looked_for_afresh_but_never_under_an_open_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake = plugged(monkeypatch, 48_000, 2)
    source = audio_sounddevice.open(lambda block: None)
    assert fake.looked == 1
    audio_sounddevice.list_microphones()
    assert fake.looked == 1
    source.close()
    audio_sounddevice.list_microphones()
    assert fake.looked == 2


def test_devices_of_one_name_are_told_apart_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged(monkeypatch, 44_100, 2)
    first, second = audio_sounddevice.list_microphones()
    assert (first.id, first.rate, first.default) == ("3", 44_100, True)
    assert (second.id, second.default) == ("4", False)
    audio_sounddevice.open(lambda block: None, first.id).close()
    with pytest.raises(NoMicrophone, match="called Nobody"):
        audio_sounddevice.open(lambda block: None, "Nobody")

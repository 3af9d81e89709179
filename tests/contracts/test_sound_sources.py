"""One behaviour for every source of sound: PortAudio over a real PulseAudio, the tone, and what Windows and
macOS play, against stand-ins that behave as the vendors' documentation says."""

import importlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from capture.errors import CaptureError
from capture.model import SoundBlock
from capture.ports import SoundSource
from tests.support.fake_sck import FakeMac, show_mac
from tests.support.fake_wasapi import FakeWindowsSound
from tests.support.services import Pulse
from tests.support.walls import Wall, eventually


@dataclass
class Stand:
    """A backend, and what plays into it."""

    backend: Any
    tone_hz: float | None = 440.0
    part_of_name: str | None = None
    end: Callable[[], None] | None = None  # the device goes away
    blocks: list[SoundBlock] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    opened: list[SoundSource] = field(default_factory=list)
    system: Any = None

    def open(self, device: str | None = None) -> SoundSource:
        self.opened.append(self.backend.open(self._deliver, device))
        return self.opened[-1]

    def hear(self, count: int) -> list[SoundBlock]:
        eventually(lambda: len(self.blocks) >= count, f"{count} blocks")
        return self.blocks[:count]

    def _deliver(self, block: SoundBlock) -> None:
        self.threads.add(threading.get_ident())
        self.blocks.append(block)


def _synthetic(request: pytest.FixtureRequest) -> Stand:
    return Stand(importlib.import_module("capture.backends.synthetic_sound"))


def _sounddevice(request: pytest.FixtureRequest) -> Stand:
    request.getfixturevalue("pulse")
    sounddevice = pytest.importorskip("sounddevice", exc_type=OSError, reason="PortAudio is not installed")
    sounddevice._terminate()
    sounddevice._initialize()
    return Stand(
        importlib.import_module("capture.backends.audio_sounddevice"), tone_hz=None, part_of_name="pulse"
    )


def _synthetic_system(request: pytest.FixtureRequest) -> Stand:
    return Stand(importlib.import_module("capture.backends.synthetic_system"), tone_hz=880.0)


def _pulse(request: pytest.FixtureRequest) -> Stand:
    server: Pulse = request.getfixturevalue("pulse")
    backend = importlib.import_module("capture.backends.loopback_pulse")
    return Stand(backend, tone_hz=None, part_of_name="heddle.monitor", end=server.process.kill)


def _wasapi(request: pytest.FixtureRequest) -> Stand:
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    system = FakeWindowsSound()
    patch.setattr("sys.platform", "win32")
    patch.setattr("capture.backends.com.library", system.library)

    def end() -> None:
        system.capture.gone = True

    backend = importlib.import_module("capture.backends.loopback_wasapi")
    return Stand(backend, part_of_name="speakers", end=end, system=system)


def _macos(request: pytest.FixtureRequest) -> Stand:
    mac = show_mac(Wall(64, 64), request.getfixturevalue("monkeypatch"))
    backend = importlib.import_module("capture.backends.loopback_macos")
    return Stand(backend, part_of_name="mac", end=lambda: _user_ends(mac), system=mac)


def _user_ends(mac: FakeMac) -> None:
    mac.streams[-1].break_off()


STANDS = {
    "synthetic": _synthetic,
    "synthetic_system": _synthetic_system,
    "loopback_pulse": _pulse,
    "audio_sounddevice": _sounddevice,
    "loopback_wasapi": _wasapi,
    "loopback_macos": _macos,
}
ELSEWHERE = ["loopback_wasapi", "loopback_macos"]
SYSTEM_AUDIO = ["loopback_pulse", *ELSEWHERE]


@pytest.fixture(params=list(STANDS))
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    stand = STANDS[request.param](request)
    yield stand
    for source in stand.opened:
        source.close()


def test_it_can_be_used_here(stand: Stand) -> None:
    assert stand.backend.probe().usable


def test_a_device_has_a_name_and_channels(stand: Stand) -> None:
    source = stand.open()
    assert source.name
    assert 1 <= source.channels <= 2
    assert source.failed() is None


def test_blocks_are_whole_frames_of_float32_with_rising_times(stand: Stand) -> None:
    before = time.monotonic()
    source = stand.open()
    blocks = stand.hear(20)
    assert all(len(block.samples) % (4 * source.channels) == 0 for block in blocks)
    times = [block.at for block in blocks]
    assert times == sorted(times)
    assert before - 1.0 < times[0] <= time.monotonic()
    assert threading.get_ident() not in stand.threads


def test_a_tone_is_heard_as_it_is(stand: Stand) -> None:
    if stand.tone_hz is None:
        pytest.skip("nothing plays into this one here")
    source = stand.open()
    joined = b"".join(block.samples for block in stand.hear(100))
    sound = np.frombuffer(joined, dtype=np.float32).reshape(-1, source.channels)[:, 0]
    spectrum = np.abs(np.fft.rfft(sound))
    assert np.argmax(spectrum) * 48_000 / len(sound) == pytest.approx(stand.tone_hz, abs=2)


def test_a_device_is_found_by_a_part_of_its_name(stand: Stand) -> None:
    if stand.part_of_name is None:
        pytest.skip("there is but one")
    assert stand.part_of_name in stand.open(stand.part_of_name).name.lower()


def test_a_device_that_is_not_there_is_missed_in_words(stand: Stand) -> None:
    if stand.part_of_name is None:
        pytest.skip("there is but one")
    with pytest.raises(CaptureError) as caught:
        stand.open("nobody's device")
    assert caught.value.detail
    assert caught.value.hint


def test_after_closing_nothing_is_delivered_and_closing_twice_is_once(stand: Stand) -> None:
    source = stand.open()
    stand.hear(3)
    source.close()
    source.close()
    heard = len(stand.blocks)
    time.sleep(0.05)  # five blocks long: silence has no event to wait for
    assert len(stand.blocks) == heard
    assert source.failed() is None


@pytest.fixture(params=SYSTEM_AUDIO)
def played(request: pytest.FixtureRequest) -> Iterator[Stand]:
    stand = STANDS[request.param](request)
    yield stand
    for source in stand.opened:
        source.close()


def test_a_device_that_goes_away_says_so(played: Stand) -> None:
    source = played.open()
    played.hear(3)
    assert played.end is not None
    played.end()
    assert eventually(source.failed, "a word about it")


def test_system_audio_lists_its_devices(played: Stand) -> None:
    devices = played.backend.list_devices()
    assert devices
    assert devices[0].default
    assert all(one.id and one.name and one.channels == 2 and one.rate == 48_000 for one in devices)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_on_another_system_it_says_so(name: str) -> None:
    answer = importlib.import_module(f"capture.backends.{name}").probe()
    assert not answer.usable
    assert "Windows" in answer.reason or "macOS" in answer.reason


def test_every_com_reference_is_given_back(request: pytest.FixtureRequest) -> None:
    stand = _wasapi(request)
    stand.backend.list_devices()
    source = stand.open()
    stand.hear(3)
    assert stand.system.client.running
    assert stand.system.client.format == (0xFFFE, 2, 48_000, 384_000, 8, 32, 22, 32, 3)
    source.close()
    assert not stand.system.client.running
    assert stand.system.held() == []
    assert not any(stand.system.entered.values())


def test_a_gap_that_windows_reports_is_handed_on(request: pytest.FixtureRequest) -> None:
    stand = _wasapi(request)
    stand.open()
    stand.hear(3)
    stand.system.capture.lost = True
    eventually(lambda: any(block.after_loss for block in stand.blocks), "a block after the loss")
    stand.opened[-1].close()

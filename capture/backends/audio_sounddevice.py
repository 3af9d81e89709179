"""The microphone through PortAudio: every system's sound, 10 ms at a time.

PortAudio looks for devices once, when it is initialised, so it is initialised again before each opening: a
microphone plugged in since then is found, one that went away is not tried in vain. That closes all streams of
the process; there is never another one, since system audio takes other ways.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from capture.errors import NoMicrophone
from capture.model import SoundBlock
from capture.ports import Probe, SoundSource
from capture.sounddevices import SoundDevice

name = "audio_sounddevice"

RATE = 48_000
BLOCK_S = 0.010
# Some drivers do not know when a block was heard, and PulseAudio's ALSA plugin claims up to 0.7 s ago in its
# first second, when in truth it was just now. Later a block may well be that old: a busy machine comes late.
OLDEST_AT_FIRST_S = 0.2
AT_FIRST_S = 2.0
OLDEST_S = 5.0
FRESH_S = 0.5  # looking costs 40 ms: probing and then opening looks once
_HINT = "Plug in a microphone, or record with --no-audio."
_port_audio = threading.Lock()  # initialising and opening are not thread-safe
_open_streams: set[object] = set()
_looked_at = -FRESH_S


def probe() -> Probe:
    try:
        with _port_audio:
            _look_again()
            device = _device(None)
    except NoMicrophone as error:
        return Probe(usable=False, reason=error.detail)
    return Probe(usable=True, reason=str(device["name"]))


def open(deliver: Callable[[SoundBlock], None], device: str | None = None) -> SoundSource:
    with _port_audio:
        _look_again()
        found = _device(device)
        return _Microphone(deliver, found)


def list_microphones() -> list[SoundDevice]:
    """What can be recorded here; NoMicrophone when PortAudio is missing."""
    with _port_audio:
        _look_again()
        sounddevice = _load()
        default = sounddevice.default.device[0]
        found = [one for one in sounddevice.query_devices() if one["max_input_channels"] > 0]
    names = [one["name"] for one in found]
    return [
        SoundDevice(
            id=one["name"] if names.count(one["name"]) == 1 else str(one["index"]),
            name=one["name"],
            channels=one["max_input_channels"],
            rate=round(one["default_samplerate"]),
            default=one["index"] == default,
        )
        for one in found
    ]


class _Microphone:
    """`_deliver` runs on PortAudio's thread: it stamps, copies and returns."""

    def __init__(self, deliver: Callable[[SoundBlock], None], device: dict[str, Any]) -> None:
        self.name = str(device["name"])
        self._deliver = deliver
        self._ended = threading.Event()
        self._closed = False
        self._given_s = 0.0
        self._tells_age = False
        self.rate, self.channels, self._stream = self._open_stream(device)
        _open_streams.add(self)

    def failed(self) -> str | None:
        return "The sound system stopped it." if self._ended.is_set() and not self._closed else None

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)
            _open_streams.discard(self)

    def _open_stream(self, device: dict[str, Any]) -> tuple[int, int, Any]:
        """Open as 48 kHz and at most stereo where the device can, else as what it offers."""
        sounddevice = _load()
        refusal: Exception | None = None
        for rate, channels in _forms(device):
            self.rate, self.channels = rate, channels
            stream = None
            try:
                stream = sounddevice.RawInputStream(
                    device=device["index"],
                    samplerate=rate,
                    blocksize=round(rate * BLOCK_S),
                    latency="low",
                    channels=channels,
                    dtype="float32",
                    callback=self._on_block,
                    finished_callback=self._ended.set,
                )
                stream.start()
            except sounddevice.PortAudioError as error:
                refusal = refusal or error
                if stream is not None:
                    stream.close(ignore_errors=True)
                self._ended.clear()
            else:
                return rate, channels, stream
        raise NoMicrophone("The microphone does not open", str(refusal), _HINT) from refusal

    def _on_block(self, data: Any, count: int, when: Any, status: Any) -> None:
        now = time.monotonic()
        age = self._age(when.currentTime - when.inputBufferAdcTime, count / self.rate)
        self._deliver(
            SoundBlock(now - age, bytes(data), bool(status.input_overflow), self.channels, self.rate)
        )

    def _age(self, told: float, length: float) -> float:
        """How long ago the first sample of a block was heard, by what the driver told of it."""
        oldest = OLDEST_AT_FIRST_S if self._given_s < AT_FIRST_S else OLDEST_S
        self._given_s += length
        self._tells_age |= 0.0 < told < oldest
        if not self._tells_age or told >= oldest:
            return length  # it has just been filled
        return max(0.0, told)  # 0: PulseAudio's word for a monitor's sound that is still to be heard


def _forms(device: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """(rate, channels) in the order in which they are tried. Some drivers open with all channels or not at
    all."""
    most, own_rate = int(device["max_input_channels"]), round(device["default_samplerate"])
    tried = [(rate, channels) for channels in (min(2, most), most, 1) for rate in (RATE, own_rate)]
    yield from dict.fromkeys(tried)


def _load() -> Any:
    try:
        import sounddevice  # PortAudio may be missing
    except OSError as error:
        raise NoMicrophone(
            "Sound cannot be recorded here", str(error), "Install PortAudio (Debian: libportaudio2)."
        ) from error
    return sounddevice


def _look_again() -> None:
    """Have PortAudio see what was plugged in or out. There is no public call for it:
    https://github.com/spatialaudio/python-sounddevice/issues/16"""
    global _looked_at  # noqa: PLW0603 - as PortAudio's own state is: one for the process
    sounddevice = _load()
    if not _open_streams and time.monotonic() - _looked_at > FRESH_S:
        _looked_at = time.monotonic()
        sounddevice._terminate()  # noqa: SLF001 - no public call ends PortAudio
        sounddevice._initialize()  # noqa: SLF001 - no public call starts it again


def _device(wanted: str | None) -> dict[str, Any]:
    """What PortAudio says of the device whose name holds `wanted` (or whose number it is), or of the default
    one."""
    sounddevice = _load()
    try:
        device = sounddevice.query_devices(
            int(wanted) if wanted is not None and wanted.isdigit() else wanted, kind="input"
        )
    except (sounddevice.PortAudioError, ValueError) as error:
        named = f" called {wanted}" if wanted else ""
        raise NoMicrophone(f"There is no microphone{named}", str(error), _HINT) from error
    if int(device["max_input_channels"]) < 1:
        raise NoMicrophone("There is no microphone", "The default device gives no sound.", _HINT)
    return dict(device)

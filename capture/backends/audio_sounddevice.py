"""The microphone through PortAudio: every system's sound, 10 ms at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from capture.errors import NoMicrophone
from capture.model import SoundBlock
from capture.ports import Probe, SoundSource

name = "audio_sounddevice"

RATE = 48_000
BLOCK = 480
# Some drivers do not know when a block was heard, and PulseAudio's ALSA plugin claims up to 0.7 s ago in its
# first second, when in truth it was just now.
OLDEST_S = 0.2
_HINT = "Plug in a microphone, or record with --no-audio."


def probe() -> Probe:
    try:
        device = _device()
    except NoMicrophone as error:
        return Probe(usable=False, reason=error.detail)
    return Probe(usable=True, reason=str(device["name"]))


def open(  # noqa: A001 - the word of the port
    deliver: Callable[[SoundBlock], None], device: str | None = None
) -> SoundSource:
    return _Microphone(deliver, _device(device))


class _Microphone:
    """`_deliver` runs on PortAudio's thread: it stamps, copies and returns."""

    def __init__(self, deliver: Callable[[SoundBlock], None], device: dict[str, Any]) -> None:
        import sounddevice  # noqa: PLC0415 - PortAudio may be missing

        self.name = str(device["name"])
        self.channels = min(2, int(device["max_input_channels"]))
        self._deliver = deliver
        self._ended = threading.Event()
        self._closed = False
        try:
            self._stream = sounddevice.RawInputStream(
                device=device["index"],
                samplerate=RATE,
                blocksize=BLOCK,
                latency="low",
                channels=self.channels,
                dtype="float32",
                callback=self._on_block,
                finished_callback=self._ended.set,
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise NoMicrophone("The microphone does not open", str(error), _HINT) from error

    def failed(self) -> str | None:
        return "The sound system stopped it." if self._ended.is_set() and not self._closed else None

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)

    def _on_block(self, data: Any, count: int, when: Any, status: Any) -> None:
        now = time.monotonic()
        age = when.currentTime - when.inputBufferAdcTime
        if not 0.0 < age < OLDEST_S:
            age = count / RATE  # the block has just been filled
        self._deliver(SoundBlock(now - age, bytes(data), bool(status.input_overflow)))


def _device(wanted: str | None = None) -> dict[str, Any]:
    """What PortAudio says of the device whose name holds `wanted`, or of the default one."""
    try:
        import sounddevice  # noqa: PLC0415
    except OSError as error:
        raise NoMicrophone(
            "Sound cannot be recorded here", str(error), "Install PortAudio (Debian: libportaudio2)."
        ) from error
    try:
        device = sounddevice.query_devices(wanted, kind="input")
    except (sounddevice.PortAudioError, ValueError) as error:
        named = f" called {wanted}" if wanted else ""
        raise NoMicrophone(f"There is no microphone{named}", str(error), _HINT) from error
    if int(device["max_input_channels"]) < 1:
        raise NoMicrophone("There is no microphone", "The default device gives no sound.", _HINT)
    return dict(device)

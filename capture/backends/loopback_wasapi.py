"""What a Windows output device plays, through WASAPI's loopback mode.

While nothing plays, Windows gives nothing at all: the gap is silence, and the sound line fills it.
Unverified on a real system: see docs/platforms.md.
Source: https://learn.microsoft.com/en-us/windows/win32/coreaudio/loopback-recording
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from capture.errors import NoSystemAudio
from capture.model import SoundBlock
from capture.ports import Probe, SoundSource
from capture.sounddevices import SoundDevice

if TYPE_CHECKING:
    from capture.backends.wasapi import Output, Packet

name = "loopback_wasapi"

POLL_S = 0.01
OLDEST_S = 0.5  # an older stamp is of another clock
OPEN_S = 10.0
CLOSE_S = 3.0
_HINT = "Plug in loudspeakers or headphones, or record without system audio."


def probe() -> Probe:
    if sys.platform != "win32":
        return Probe(usable=False, reason="WASAPI is part of Windows")
    try:
        return Probe(usable=True, reason=_outputs()[0].name)
    except OSError as error:
        return Probe(usable=False, reason=f"no output device answers: {error}")


def list_devices() -> list[SoundDevice]:
    from capture.backends import wasapi

    try:
        found = _outputs()
    except OSError as error:
        raise NoSystemAudio("System audio cannot be recorded", str(error), _HINT) from error
    return [SoundDevice(one.id, one.name, wasapi.CHANNELS, wasapi.RATE, default=one.default) for one in found]


def open(deliver: Callable[[SoundBlock], None], device: str | None = None) -> SoundSource:
    return _Loopback(deliver, device)


class _Loopback:
    """A thread of its own opens the device, reads it every 10 ms and closes it: COM stays on one thread."""

    def __init__(self, deliver: Callable[[SoundBlock], None], device: str | None) -> None:
        from capture.backends import wasapi

        self.name = "system audio"
        self.channels = wasapi.CHANNELS
        self._deliver, self._device = deliver, device
        self._ready, self._closing = threading.Event(), threading.Event()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._run, name="heddle-loopback", daemon=True)
        self._thread.start()
        if not self._ready.wait(OPEN_S):
            self._failure = self._failure or f"The device did not open within {OPEN_S:g} s."
        if self._failure:
            self.close()
            raise NoSystemAudio("System audio cannot be recorded", self._failure, _HINT)

    def failed(self) -> str | None:
        return self._failure

    def close(self) -> None:
        self._closing.set()
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        from capture.backends import com

        entered = False
        try:
            entered = com.enter()
            self._record()
        except OSError as error:
            self._failure = f"The output device stopped: {error}"
        finally:
            if entered:
                com.leave()
            self._ready.set()

    def _record(self) -> None:
        from capture.backends import wasapi

        output = _named(wasapi.outputs(), self._device)
        if output is None:
            self._failure = f"There is no output device called {self._device}."
            return
        self.name = output.name
        stream = wasapi.Loopback(output.id)
        try:
            self._ready.set()
            while not self._closing.wait(POLL_S):
                for packet in stream.read():
                    self._deliver(_block(packet))
        finally:
            stream.close()


def _block(packet: Packet) -> SoundBlock:
    """Stamped with the monotonic time of its first sample. perf_counter is Windows' performance counter."""
    from capture.backends import wasapi

    age = time.perf_counter() - packet.at_100ns / 1e7
    if not packet.at_100ns or not 0.0 <= age < OLDEST_S:
        age = len(packet.samples) / (wasapi.RATE * wasapi.CHANNELS * 4)
    at = time.monotonic() - age
    return SoundBlock(at, packet.samples, packet.after_loss, channels=wasapi.CHANNELS, rate=wasapi.RATE)


def _named(outputs: list[Output], wanted: str | None) -> Output | None:
    """By id, else by a part of the name; the default one (the first) for None."""
    if wanted is None:
        return outputs[0]
    exact = (one for one in outputs if one.id == wanted)
    similar = (one for one in outputs if wanted.lower() in one.name.lower())
    return next(exact, None) or next(similar, None)


def _outputs() -> list[Output]:
    from capture.backends import com, wasapi

    entered = com.enter()
    try:
        return wasapi.outputs()
    finally:
        if entered:
            com.leave()

"""What a Linux machine plays: the monitor of the default sink of PulseAudio, or of PipeWire answering for it.

By libpulse and not through PortAudio's ALSA plugin, because (1) the plugin records one source named in an
environment variable that the microphone would obey too; (2) PortAudio must be initialised again to find a
microphone that came back, which would cut this stream; (3) only libpulse tells that the default sink changed,
as it does whenever headphones are plugged in, and how long before the loudspeaker a sample is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from capture.backends.pulse_client import CHANNELS, RATE, PulseClient, PulseStream
from capture.errors import NoSystemAudio
from capture.model import SoundBlock
from capture.ports import Probe, SoundSource
from capture.sounddevices import SoundDevice

name = "loopback_pulse"

CLOSE_S = 1.0
T = TypeVar("T")
_NO_SINK = "The sound server has no output whose sound could be recorded."


def probe() -> Probe:
    try:
        sink = _ask(PulseClient.default_sink)
    except NoSystemAudio as error:
        return Probe(usable=False, reason=f"{error.title}: {error.detail}")
    return Probe(usable=True, reason=sink) if sink else Probe(usable=False, reason=_NO_SINK)


def open(deliver: Callable[[SoundBlock], None], device: str | None = None) -> SoundSource:
    """`device` is (a part of) the name of a monitor source; None follows the default sink when it changes."""
    return _Loopback(deliver, device)


def list_devices() -> list[SoundDevice]:
    """The monitors of all sinks. NoSystemAudio when the server cannot be asked."""
    default, sources = _ask(lambda client: (client.default_sink(), client.sources()))
    return [
        SoundDevice(one.name, one.description, one.channels, one.rate, default=one.monitor_of == default)
        for one in sources
        if one.monitor_of is not None
    ]


class _Loopback:
    """A thread that turns the client's loop. `_deliver` is called on it."""

    channels = CHANNELS

    def __init__(self, deliver: Callable[[SoundBlock], None], device: str | None) -> None:
        self._deliver, self._device = deliver, device
        self._client = PulseClient()
        try:
            self._source = self._choose()
            self._stream: PulseStream = self._client.record(self._source)
            self._client.watch_default()
        except NoSystemAudio:
            self._client.close()
            raise
        self.name = self._source
        self._reason: str | None = None
        self._closing = threading.Event()
        self._left, self._ended = threading.Lock(), False  # a closed client must not be woken
        self._thread = threading.Thread(target=self._run, name="heddle-loopback", daemon=True)
        self._thread.start()

    def failed(self) -> str | None:
        return self._reason

    def close(self) -> None:
        self._closing.set()
        with self._left:
            if not self._ended:
                self._client.wake()
        self._thread.join(CLOSE_S)

    def _choose(self) -> str:
        if self._device is not None:
            return self._named(self._device)
        sink = self._client.default_sink()
        if sink is None:
            raise NoSystemAudio("There is nothing to record", _NO_SINK)
        return f"{sink}.monitor"

    def _named(self, wanted: str) -> str:
        """The server takes any name and tells later that there is no such source: so it is asked first."""
        monitors = [one for one in self._client.sources() if one.monitor_of is not None]
        exact = (one.name for one in monitors if one.name == wanted)
        similar = (one.name for one in monitors if wanted.lower() in f"{one.name} {one.description}".lower())
        found = next(exact, None) or next(similar, None)
        if found is None:
            known = ", ".join(one.name for one in monitors) or "nothing"
            raise NoSystemAudio(
                f"There is no system audio called {wanted}", f"There is {known}.", "Name one of these."
            )
        return found

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                self._client.turn()
                self._read()
                if self._client.default_changed:
                    self._follow()
                if self._stream.failed:
                    raise NoSystemAudio("The output went away", f"{self._source} is gone.")
        except NoSystemAudio as error:
            self._reason = error.detail
        finally:
            with self._left:
                self._ended = True
                self._stream.close()
                self._client.close()

    def _read(self) -> None:
        while (read := self._stream.read()) is not None and not self._closing.is_set():
            age, samples = read
            self._deliver(SoundBlock(time.monotonic() - age, samples, channels=CHANNELS, rate=RATE))

    def _follow(self) -> None:
        """Record what people hear now: the default sink has become another one."""
        self._client.default_changed = False
        source = self._choose()
        if source != self._source:
            self._stream.close()
            self._source = source
            self._stream = self._client.record(source)


def _ask(question: Callable[[PulseClient], T]) -> T:
    client = PulseClient()
    try:
        return question(client)
    finally:
        client.close()

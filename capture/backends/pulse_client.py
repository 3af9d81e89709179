"""A connection to the sound server, and a recording stream on it, for one thread.

A plain main loop turned by the thread that wants the sound needs no locks and no second thread, and it can be
left at any moment: `wake` is the one call that another thread may make.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from capture.backends import libpulse as lib
from capture.errors import NoSystemAudio

RATE = 48_000
CHANNELS = 2
BLOCK_BYTES = 480 * CHANNELS * 4
ANSWER_S = 3.0
_HINT = "Start PulseAudio or PipeWire (pipewire-pulse)."


@dataclass(frozen=True, slots=True)
class Source:
    """Something the server can record; `monitor_of` is the name of the sink whose sound it is."""

    name: str
    description: str
    rate: int
    channels: int
    monitor_of: str | None


class PulseClient:
    """Connected when made. NoSystemAudio whenever the server does not answer or goes away."""

    def __init__(self) -> None:
        self._pa = _library()
        self._loop = self._pa.pa_mainloop_new()
        self._context = self._pa.pa_context_new(self._pa.pa_mainloop_get_api(self._loop), b"Heddle")
        self._closed = False
        self._changed = lib.ON_CHANGE(self._on_change)
        self.default_changed = False
        try:
            self._connect()
        except NoSystemAudio:
            self.close()
            raise

    def turn(self, *, wait: bool = True) -> None:
        """Let libpulse do what is due, waiting for something to do."""
        if self._pa.pa_mainloop_iterate(self._loop, int(wait), None) < 0 or self._dead():
            raise self._gone()

    def wake(self) -> None:
        """End a waiting `turn`; from any thread, until `close`."""
        self._pa.pa_mainloop_wakeup(self._loop)

    def default_sink(self) -> str | None:
        """The name of the sink that programs play to."""
        found: list[str | None] = []

        def on_info(_context: Any, info: Any, _data: Any) -> None:
            name = info.contents.default_sink_name if info else None
            found.append(name.decode(errors="replace") if name else None)

        callback = lib.ON_SERVER_INFO(on_info)
        self._ask(lambda: self._pa.pa_context_get_server_info(self._context, callback, None), lambda: found)
        return found[0]

    def sources(self) -> list[Source]:
        """Everything that can be recorded, microphones and monitors."""
        found: list[Source] = []
        ended: list[int] = []

        def on_info(_context: Any, info: Any, end: int, _data: Any) -> None:
            if end or not info:
                ended.append(end)
            else:
                found.append(_source(info.contents))

        callback = lib.ON_SOURCE_INFO(on_info)
        self._ask(
            lambda: self._pa.pa_context_get_source_info_list(self._context, callback, None), lambda: ended
        )
        return found

    def watch_default(self) -> None:
        """From now on `default_changed` becomes true when the default sink may be another one."""
        self._pa.pa_context_set_subscribe_callback(self._context, self._changed, None)
        self._forget(self._pa.pa_context_subscribe(self._context, lib.SUBSCRIBE_SERVER, None, None))

    def record(self, source: str) -> PulseStream:
        return PulseStream(self._pa, self._context, source)

    def close(self) -> None:
        """Idempotent; streams must be closed before."""
        if not self._closed:
            self._closed = True
            self._pa.pa_context_disconnect(self._context)
            self._pa.pa_context_unref(self._context)
            self._pa.pa_mainloop_free(self._loop)

    def _connect(self) -> None:
        if self._pa.pa_context_connect(self._context, None, lib.CONTEXT_NOAUTOSPAWN, None) < 0:
            raise self._gone()
        self._until(lambda: self._pa.pa_context_get_state(self._context) == lib.CONTEXT_READY)

    def _ask(self, ask: Callable[[], Any], answered: Callable[[], object]) -> None:
        operation = ask()
        try:
            self._until(answered)
        finally:
            self._forget(operation)

    def _until(self, reached: Callable[[], object]) -> None:
        deadline = time.monotonic() + ANSWER_S
        while not reached():
            if self._pa.pa_mainloop_iterate(self._loop, 0, None) == 0:
                time.sleep(0.002)  # nothing to do yet, and waiting inside has no time limit
            if self._dead() or time.monotonic() > deadline:
                raise self._gone()

    def _dead(self) -> bool:
        state = self._pa.pa_context_get_state(self._context)
        return state in (lib.CONTEXT_FAILED, lib.CONTEXT_TERMINATED)

    def _gone(self) -> NoSystemAudio:
        number = self._pa.pa_context_errno(self._context)
        words = self._pa.pa_strerror(number).decode(errors="replace") if number else "It does not answer"
        return NoSystemAudio("The sound server cannot be reached", f"PulseAudio: {words}.", _HINT)

    def _forget(self, operation: Any) -> None:
        if operation:
            self._pa.pa_operation_unref(operation)

    def _on_change(self, _context: Any, _event: int, _index: int, _data: Any) -> None:
        self.default_changed = True


class PulseStream:
    """Records one source as stereo float32 at 48 kHz, in blocks of about 10 ms."""

    def __init__(self, pa: Any, context: Any, source: str) -> None:
        self._pa = pa
        spec = lib.SampleSpec(lib.SAMPLE_FLOAT32LE, RATE, CHANNELS)
        whole = lib.NO_INDEX  # the server's own choice
        attributes = lib.BufferAttr(whole, whole, whole, whole, BLOCK_BYTES)
        # DONT_MOVE: when the sink goes away, the server would move the stream to whatever else it has, which
        # may be a microphone.
        flags = (
            lib.STREAM_INTERPOLATE_TIMING
            | lib.STREAM_AUTO_TIMING_UPDATE
            | lib.STREAM_ADJUST_LATENCY
            | lib.STREAM_DONT_MOVE
        )
        self._stream = pa.pa_stream_new(context, b"Heddle records", ctypes.byref(spec), None)
        if (
            not self._stream
            or pa.pa_stream_connect_record(self._stream, source.encode(), ctypes.byref(attributes), flags) < 0
        ):
            self.close()
            raise NoSystemAudio("The sound of this computer cannot be recorded", f"{source} does not open.")

    @property
    def failed(self) -> bool:
        state = self._pa.pa_stream_get_state(self._stream)
        return state in (lib.STREAM_FAILED, lib.STREAM_TERMINATED)

    def read(self) -> tuple[float, bytes] | None:
        """The next samples and how long ago in seconds the first one was heard; None when there are none yet.

        The age is negative for what is on its way to the loudspeaker: it will be heard then.
        """
        if self._pa.pa_stream_get_state(self._stream) != lib.STREAM_READY:
            return None
        size = self._pa.pa_stream_readable_size(self._stream)
        if not size or size == ctypes.c_size_t(-1).value:
            return None
        age, data, count = self._age(), ctypes.c_void_p(), ctypes.c_size_t()
        if self._pa.pa_stream_peek(self._stream, ctypes.byref(data), ctypes.byref(count)) < 0:
            return None
        if not count.value:
            return None
        # Without data it is a hole in the recording: so much time passed.
        samples = ctypes.string_at(data.value, count.value) if data.value else bytes(count.value)
        self._pa.pa_stream_drop(self._stream)
        return age if age is not None else count.value / (4 * CHANNELS * RATE), samples

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream:
            self._pa.pa_stream_disconnect(stream)
            self._pa.pa_stream_unref(stream)

    def _age(self) -> float | None:
        microseconds, negative = ctypes.c_uint64(), ctypes.c_int()
        if self._pa.pa_stream_get_latency(self._stream, ctypes.byref(microseconds), ctypes.byref(negative)):
            return None  # not known before the server answered once
        return -microseconds.value / 1e6 if negative.value else microseconds.value / 1e6


def _library() -> Any:
    try:
        return lib.load()
    except OSError as error:
        raise NoSystemAudio(
            "System audio cannot be recorded here", str(error), "Install libpulse (Debian: libpulse0)."
        ) from error


def _source(info: lib.SourceInfo) -> Source:
    monitored = info.monitor_of_sink != lib.NO_INDEX and info.monitor_of_sink_name
    return Source(
        name=info.name.decode(errors="replace"),
        description=(info.description or info.name).decode(errors="replace"),
        rate=info.sample_spec.rate,
        channels=info.sample_spec.channels,
        monitor_of=monitored.decode(errors="replace") if monitored else None,
    )

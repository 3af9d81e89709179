"""The sound thread: blocks from the device become one unbroken track, with silence where there are none."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from capture.encode import SoundEncoder
from capture.model import Counters, SoundBlock
from capture.ports import SoundSource
from capture.soundline import SoundLine
from media.clock import MediaClock

if TYPE_CHECKING:
    import numpy as np
    from av import Packet
    from numpy.typing import NDArray

INBOX = 500  # blocks: five seconds of 10 ms
TICK_S = 0.1


class Inbox:
    """Between the system's sound thread and ours: `put` never waits, a full box drops and counts."""

    def __init__(self, counters: Counters) -> None:
        self._queue: queue.SimpleQueue[SoundBlock] = queue.SimpleQueue()
        self._counters = counters

    def put(self, block: SoundBlock) -> None:
        full = self._queue.qsize() >= INBOX
        if full or block.after_loss:
            self._counters.audio_drops += 1
        if not full:
            self._queue.put(block)

    def get(self, timeout: float) -> SoundBlock | None:
        try:
            return self._queue.get(timeout=timeout) if timeout else self._queue.get_nowait()
        except queue.Empty:
            return None


class SoundEvents(Protocol):
    """Called from the sound thread."""

    def sound_lost(self, detail: str) -> None: ...
    def failed(self, where: str, error: Exception) -> None: ...


class SoundTrack:
    """Owns the sound encoder. `source` is None where there is no device: the track is silent then."""

    def __init__(
        self,
        source: SoundSource | None,
        inbox: Inbox,
        clock: MediaClock,
        *,
        encoder: SoundEncoder,
        channels: int,
        deliver: Callable[[list[Packet[Any]]], None],
        events: SoundEvents,
    ) -> None:
        self._source, self._inbox, self._clock = source, inbox, clock
        self._encoder, self._deliver, self._events = encoder, deliver, events
        self._line = SoundLine(clock, channels)
        self._lost = source is None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heddle-sound", daemon=True)

    @property
    def line(self) -> SoundLine:
        return self._line

    @property
    def peak(self) -> float:
        """The loudest sample so far, full scale being 1."""
        return self._encoder.peak

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """End the track where the media clock stands now; False when it takes longer. Idempotent."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._take(TICK_S)
                if self._clock.started:
                    self._encode(self._line.fill_stall(lost=self._lost))
                self._watch()
            self._end()
        except Exception as error:  # noqa: BLE001 - told to whoever runs the pipeline
            self._events.failed("sound", error)
        finally:
            if self._source is not None:
                self._source.close()

    def _take(self, timeout: float) -> bool:
        block = self._inbox.get(timeout)
        if block is None:
            return False
        if self._clock.started:  # what came before belongs to no take
            self._encode(self._line.place(block))
        return True

    def _watch(self) -> None:
        if self._source is None or self._lost:
            return
        reason = self._source.failed()
        if reason is not None:
            self._lost = True
            self._events.sound_lost(reason)

    def _end(self) -> None:
        if self._source is not None:
            self._source.close()
        while self._take(0.0):
            pass
        self._encode(self._line.finish(max(0.0, self._clock.media_time())))
        self._deliver(self._encoder.flush())

    def _encode(self, pieces: list[NDArray[np.float32]]) -> None:
        for piece in pieces:
            packets = self._encoder.encode(piece)
            if packets:
                self._deliver(packets)

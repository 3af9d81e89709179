"""The sound thread: blocks from all sources become unbroken tracks, with silence where there is nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from capture.encode import SoundEncoder
from capture.soundfeed import Inbox, Kind
from capture.soundinput import SoundInput
from capture.soundkeeper import Keeper
from capture.soundmix import mixed, take_together
from media.clock import MediaClock

if TYPE_CHECKING:
    import numpy as np
    from av import Packet
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (samples, channels)

TICK_S = 0.1
LEVELS_EVERY_S = 0.1
CLOSE_S = 1.0

Levels = Mapping[Kind, tuple[float, float]]  # (root mean square, peak) in dB of full scale


class SoundEvents(Protocol):
    """Called from the sound thread."""

    def sound_levels(self, levels: Levels) -> None: ...
    def failed(self, where: str, error: Exception) -> None: ...


class SoundTracks:
    """Owns the sound encoders: the first one gets the mix, the others, if any, one source each."""

    def __init__(
        self,
        inbox: Inbox,
        clock: MediaClock,
        *,
        inputs: Sequence[SoundInput],
        keepers: Sequence[Keeper],
        encoders: Sequence[SoundEncoder],
        deliver: Callable[[list[Packet[Any]], int], None],
        events: SoundEvents,
        levels: bool = False,
    ) -> None:
        self._inbox, self._clock = inbox, clock
        self._inputs = {one.kind: one for one in inputs}
        self._keepers, self._encoders = keepers, encoders
        self._deliver, self._events = deliver, events
        self._levels_at = 0.0 if levels else None
        for one in inputs:
            one.level.measured = levels
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heddle-sound", daemon=True)

    @property
    def error_s(self) -> float | None:
        """How far the first source lay from where it was put; None before there was any."""
        line = next(iter(self._inputs.values())).line
        return line.error_s if line.written else None

    @property
    def peak(self) -> float:
        """The loudest sample of the mix so far, full scale being 1."""
        return self._encoders[0].peak

    def start(self) -> None:
        for keeper in self._keepers:
            keeper.start()
        self._thread.start()

    def mute(self, *, on: bool) -> None:
        """The microphone is silent, or heard again, from now on; what the machine plays stays."""
        if Kind.MICROPHONE in self._inputs:
            self._inputs[Kind.MICROPHONE].mute(on=on)

    def stop(self, timeout: float) -> bool:
        """End the tracks where the media clock stands now; False when it takes longer. Idempotent."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._take(TICK_S)
                if self._clock.started:
                    for one in self._inputs.values():
                        one.fill_stall()
                    self._mix()
                self._measure()
            self._end()
        except Exception as error:  # noqa: BLE001 - told to whoever runs the pipeline
            self._events.failed("sound", error)
        finally:
            self._close_sources()

    def _take(self, timeout: float) -> bool:
        got = self._inbox.get(timeout)
        if got is None:
            return False
        kind, news = got
        self._inputs[kind].take(news)
        return True

    def _measure(self) -> None:
        now = time.monotonic()
        if self._levels_at is not None and now >= self._levels_at:
            self._levels_at = now + LEVELS_EVERY_S
            self._events.sound_levels({kind: one.level.read() for kind, one in self._inputs.items()})

    def _end(self) -> None:
        self._close_sources()
        while self._take(0.0):
            pass
        end_s = max(0.0, self._clock.media_time())
        for one in self._inputs.values():
            one.finish(end_s)
        self._mix()
        for track, encoder in enumerate(self._encoders):
            self._deliver(encoder.flush(), track)

    def _close_sources(self) -> None:
        """A driver that hangs keeps its own thread, not ours."""
        for keeper in self._keepers:
            keeper.close(CLOSE_S)

    def _mix(self) -> None:
        pieces = take_together([one.strip for one in self._inputs.values()])
        if pieces:
            self._encode(0, mixed(pieces))
            for track in range(1, len(self._encoders)):
                self._encode(track, mixed(pieces[track - 1 : track]))

    def _encode(self, track: int, piece: Samples) -> None:
        packets = self._encoders[track].encode(piece)
        if packets:
            self._deliver(packets, track)


def describe_levels(levels: Levels) -> dict[str, float]:
    """The fields of a `level` event; a source that is not recorded has none."""
    fields: dict[str, float] = {}
    for kind, (loudness, peak) in levels.items():
        fields |= {f"{kind}Db": loudness, f"peak{kind.capitalize()}Db": peak}
    return fields

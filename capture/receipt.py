"""The receipt of a take: whether what should be in it is in it. Measured while it ran, written at its end."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from statistics import median

from capture.model import Counters, TakeInfo
from capture.vigil import with_sleep
from media.manifest import Receipt

SILENCE_DB = -60.0  # a microphone in a quiet room is louder, one that is switched off is not
_FLOOR = 1e-7


class Measured:
    """What is sampled now and then while a take runs. Belongs to one thread."""

    def __init__(self) -> None:
        self._offsets: list[float] = []
        self._began, self._began_at = datetime.now(UTC), with_sleep()

    def sound_lies(self, error_s: float) -> None:
        """How far sound lies from where it was put, now."""
        self._offsets.append(error_s)
        if len(self._offsets) > 20_000:  # hours; every second one says as much
            del self._offsets[::2]

    def receipt(
        self, info: TakeInfo, counters: Counters, peak: float | None, sound_files: tuple[str, ...] = ()
    ) -> Receipt:
        """`peak` is the loudest sample's size, None without a sound track; `sound_files` are the names of
        those that hold one source each."""
        level = round(20 * math.log10(max(peak, _FLOOR)), 1) if peak is not None else None
        # Not by the clock on the wall: that may have been set since the take began.
        ended = self._began + timedelta(seconds=with_sleep() - self._began_at)
        return Receipt(
            ended_at=ended.isoformat(timespec="milliseconds"),
            backend=info.backend,
            microphone=info.audio,
            audio_present=level is not None and level > SILENCE_DB,
            peak_db=level,
            av_offset_ms=round(median(self._offsets) * 1000, 1) if self._offsets else None,
            encoded=counters.encoded,
            dropped=counters.dropped,
            late=counters.late,
            audio_drops=counters.audio_drops,
            sound_files=sound_files,
        )

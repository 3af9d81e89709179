"""How loud a source is, and whether it gives anything at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (samples, channels)

FLOOR_DB = -90.0
RATE = 48_000
FLAT_AFTER_S = 3.0
# Half a step of 16 bit sound: the quietest analogue input has more noise than that.
FLAT_BELOW = 1.5e-5


class Level:
    """Loudness since the last reading, in dB of full scale. Costs nothing until somebody measures."""

    def __init__(self) -> None:
        self.measured = False
        self.clear()

    def clear(self) -> None:
        self._energy, self._count, self._peak = 0.0, 0, 0.0

    def add(self, samples: Samples) -> None:
        if self.measured and samples.size:
            flat = samples.ravel()
            self._energy += float(flat @ flat)
            self._count += flat.size
            self._peak = max(self._peak, float(flat.max()), -float(flat.min()))

    def read(self) -> tuple[float, float]:
        """(root mean square, peak), at least FLOOR_DB each; begins anew."""
        mean = self._energy / self._count if self._count else 0.0
        values = decibels(math.sqrt(mean)), decibels(self._peak)
        self.clear()
        return values


class Flatness:
    """Notices a source that gives digital silence, or one and the same value, for FLAT_AFTER_S."""

    def __init__(self) -> None:
        self._samples = 0
        self._told = False

    def add(self, samples: Samples) -> bool:
        """Whether it has just become certain. Told once."""
        if self._told or not samples.size:
            return False
        if float(samples.max() - samples.min()) > FLAT_BELOW:
            self._samples = 0
            return False
        self._samples += len(samples)
        self._told = self._samples >= FLAT_AFTER_S * RATE
        return self._told


def decibels(amplitude: float) -> float:
    return round(max(FLOOR_DB, 20 * math.log10(amplitude)), 1) if amplitude > 0 else FLOOR_DB

"""A microphone that hears a tone, in blocks as a sound card gives them: for tests, taken only when named."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from capture.model import SoundBlock
from capture.ports import Probe, SoundSource

name = "synthetic"

RATE = 48_000
BLOCK = 480
TONE_HZ = 440.0
LEVEL = 0.2


def probe() -> Probe:
    return Probe(usable=True)


def open(
    deliver: Callable[[SoundBlock], None],
    device: str | None = None,  # noqa: ARG001 - there is but one
) -> SoundSource:
    return Tone(deliver, TONE_HZ)


class Tone:
    name = "synthetic"
    channels = 1

    def __init__(self, deliver: Callable[[SoundBlock], None], hertz: float) -> None:
        self._deliver, self._hertz = deliver, hertz
        self._begin = time.monotonic()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heddle-tone", daemon=True)
        self._thread.start()

    def failed(self) -> str | None:
        return None

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._ending.wait(max(0.0, self._begin + (number + 1) * BLOCK / RATE - time.monotonic())):
            at = (number * BLOCK + np.arange(BLOCK)) / RATE
            samples = (LEVEL * np.sin(2 * np.pi * self._hertz * at)).astype(np.float32)
            self._deliver(SoundBlock(self._begin + number * BLOCK / RATE, samples.tobytes()))
            number += 1

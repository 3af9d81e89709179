"""A computer that plays a tone, an octave above the synthetic microphone: taken only when named."""

from __future__ import annotations

from collections.abc import Callable

from capture.backends.synthetic_sound import TONE_HZ, Tone
from capture.model import SoundBlock
from capture.ports import Probe, SoundSource

name = "synthetic"


def probe() -> Probe:
    return Probe(usable=True)


def open(
    deliver: Callable[[SoundBlock], None],
    device: str | None = None,  # noqa: ARG001 - there is but one
) -> SoundSource:
    return Tone(deliver, 2 * TONE_HZ)

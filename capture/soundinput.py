"""One source's way onto the media timeline: formed, cleaned, measured, placed, made louder, muted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from capture.model import SoundBlock
from capture.soundfeed import Kind, Lost, News
from capture.soundlevel import Flatness, Level
from capture.soundline import RATE, SoundLine
from capture.soundmix import Mute, Strip, gain
from media.clock import MediaClock
from media.denoise import Denoiser
from media.samples import Former

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (samples, channels)


class SoundInput:
    """Belongs to the sound thread, but for `mute`. What is placed waits in `strip`.

    `tell` gets "lost" with the reason, "back" and "flat".
    """

    def __init__(
        self,
        kind: Kind,
        clock: MediaClock,
        channels: int,
        tell: Callable[[Kind, str, str], None],
        *,
        gain_db: float = 0.0,
        denoise: bool = False,
        lost: bool = False,
    ) -> None:
        self.kind, self.line, self.strip, self.level = kind, SoundLine(clock, channels), Strip(), Level()
        self._clock, self._channels, self._tell = clock, channels, tell
        self._gain = gain(gain_db)
        self._mute = Mute()
        self._flat = Flatness()
        self._wants_denoise = denoise
        self._former: Former | None = None
        self._denoiser: Denoiser | None = None
        self._lost = lost

    def mute(self, *, on: bool) -> None:
        """Silent, or heard again, from now on."""
        self._mute.turn(round(self._clock.media_time() * RATE), on=on)

    def take(self, news: News) -> None:
        if isinstance(news, Lost):
            self._lost = True
            self._former = self._denoiser = None
            self.level.clear()
            self._tell(self.kind, "lost", news.reason)
        else:
            self._take(news)

    def fill_stall(self) -> None:
        """Let nobody wait for a source that gives nothing."""
        self._keep(lambda: self.line.fill_stall(lost=self._lost))

    def finish(self, until_s: float) -> None:
        self._keep(lambda: self.line.finish(until_s))

    def _take(self, block: SoundBlock) -> None:
        if self._lost:
            self._lost = False
            self._keep(self.line.restart)
            self._tell(self.kind, "back", "")
        at, samples = self._form(block)
        if self._flat.add(samples) and self.kind is Kind.MICROPHONE:
            self._tell(self.kind, "flat", "")
        if self._denoiser is not None:
            at, samples = self._denoiser.clean(at, samples)
        if self._gain != 1.0:
            samples = samples * self._gain
        self.level.add(samples)
        if not len(samples):
            return
        if self._clock.started:
            self._keep(lambda: self.line.place(at, samples))
        else:
            self.line.hear(at, len(samples))

    def _form(self, block: SoundBlock) -> tuple[float, Samples]:
        former = self._former
        if former is None or not former.fits(block.rate, block.channels):
            former = self._former = Former(block.rate, block.channels, self._channels)
            self._denoiser = Denoiser(self._channels) if self._wants_denoise else None
        return former.form(block.at, block.samples)

    def _keep(self, place: Callable[[], list[Samples]]) -> None:
        start = self.line.written
        for piece in place():
            self.strip.add(self._mute.applied(start, piece))
            start += len(piece)

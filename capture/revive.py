"""An encoder that outlives its codec: one that fails or hangs in the middle of a take is opened again.

A driver is updated, a GPU resets, a laptop's lid was closed: the hardware's session is gone, the take is not.
SVT-AV1 may wait for itself for ever. So a codec works on a thread of its own, and is left behind with it.
A new codec may go on in the same file only if it makes the very headers that the file began with, for these
are written once. So the same preset is tried first, then software; where neither fits, the take ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from capture.colour import Planes
from capture.encode import VideoEncoder
from capture.errors import EncoderLost
from capture.health import Health, encoder_reopened, encoder_stalled
from capture.worker import Stalled, Worker
from media import presets
from media.encoding import open_video
from media.errors import EncoderError
from media.muxer import VideoFormat
from media.presets import VideoPreset

if TYPE_CHECKING:
    from av import Packet
    from av.video.codeccontext import VideoCodecContext

log = logging.getLogger(__name__)

# A codec that fails over and over is no help: the third time within a take is the end.
LIVES = 3
# A picture takes milliseconds; on a machine that is busy with all else, a second. Each time twice as long,
# for on one that has no memory left it was not the codec that hung.
STALL_S = 5.0
SOFTWARE = "libx264"


class SturdyEncoder:
    """As `VideoEncoder`, and belongs to one thread like it, which waits while the codec's own thread encodes.
    `tell` hears of every codec that was replaced."""

    def __init__(
        self, context: VideoCodecContext, video: VideoFormat, tell: Callable[[Health], None]
    ) -> None:
        self._encoder, self._codec = VideoEncoder(context, video), Worker("codec")
        self._headers = context.extradata
        self._format, self._tell = video, tell
        self._lives, self._patience_s = LIVES, STALL_S

    @property
    def light(self) -> bool:
        return self._encoder.light

    @property
    def silent_s(self) -> float:
        """How long the codec has been at the picture in hand, in seconds; from any thread."""
        return self._codec.silent_s

    def encode(self, planes: Planes, pts: int, *, key: bool) -> list[Packet[Any]]:
        """The packets that are ready; EncoderLost when the codec failed and none can take its place."""
        while True:
            try:
                return self._codec.call(partial(self._encoder.encode, planes, pts, key=key), self._patience_s)
            except (OSError, ValueError, RuntimeError) as error:
                self._revive(error)
            # What the old codec still held is lost with it: a picture or two. The new one begins with a key.
            key = True

    def lighten(self) -> None:
        self._encoder.lighten()

    def flush(self) -> list[Packet[Any]]:
        """The last packets. A codec that fails only now costs its last picture and nothing else."""
        try:
            return self._codec.call(self._encoder.flush, self._patience_s)
        except (OSError, ValueError, RuntimeError) as error:
            log.warning("the encoder gave up at the very end: %r", error)
            return []
        finally:
            self._codec.close()

    def _revive(self, error: Exception) -> None:
        stalled = isinstance(error, Stalled)
        late = f"It did not answer for {self._patience_s:g} s."
        reason = late if stalled else f"{type(error).__name__}: {error}."
        self._lives -= 1
        self._patience_s *= 2 if stalled else 1
        tried = []
        for preset in self._candidates() if self._lives else ():
            context, why = self._open(preset)
            if context is not None:
                self._codec.close()
                self._encoder, self._codec = VideoEncoder(context, self._format), Worker("codec")
                self._tell((encoder_stalled if stalled else encoder_reopened)(preset.name, reason))
                return
            tried.append(f"{preset.name}: {why}")
        raise EncoderLost(
            "The encoder failed, the recording has ended",
            " ".join([reason, *tried]),
            "Everything up to here is kept and plays. Record with --encoder libx264 if it happens again.",
        ) from error

    def _candidates(self) -> tuple[VideoPreset, ...]:
        own, software = self._format.preset, presets.load().video_named(SOFTWARE)
        return (own,) if own.name == software.name else (own, software)

    def _open(self, preset: VideoPreset) -> tuple[VideoCodecContext | None, str]:
        one = self._format
        try:
            context = open_video(preset, one.width, one.height, one.fps, light=self.light)
        except EncoderError as error:
            return None, error.detail or error.title
        if context.extradata != self._headers:
            return None, "its headers are not those the file began with."
        return context, ""

"""An encoder that outlives its codec: when encoding fails in the middle of a take, the codec is opened again.

A driver is updated, a GPU resets, a laptop's lid was closed: the hardware's session is gone, the take is not.
A new codec may go on in the same file only if it makes the very headers that the file began with, for these
are written once. So the same preset is tried first, then software; where neither fits, the take ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from capture.colour import Planes
from capture.encode import VideoEncoder
from capture.errors import EncoderLost
from capture.health import Health, encoder_reopened
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
SOFTWARE = "libx264"


class SturdyEncoder:
    """As `VideoEncoder`, and belongs to one thread like it. `tell` hears of every codec that was replaced."""

    def __init__(
        self, context: VideoCodecContext, video: VideoFormat, tell: Callable[[Health], None]
    ) -> None:
        self._encoder = VideoEncoder(context, video)
        self._headers = context.extradata
        self._format, self._tell = video, tell
        self._lives = LIVES

    @property
    def light(self) -> bool:
        return self._encoder.light

    def encode(self, planes: Planes, pts: int, *, key: bool) -> list[Packet[Any]]:
        """The packets that are ready; EncoderLost when the codec failed and none can take its place."""
        while True:
            try:
                return self._encoder.encode(planes, pts, key=key)
            except (OSError, ValueError, RuntimeError) as error:
                self._revive(error)
            # What the old codec still held is lost with it: a picture or two. The new one begins with a key.
            key = True

    def lighten(self) -> None:
        self._encoder.lighten()

    def flush(self) -> list[Packet[Any]]:
        """The last packets. A codec that fails only now costs its last picture and nothing else."""
        try:
            return self._encoder.flush()
        except (OSError, ValueError, RuntimeError) as error:
            log.warning("the encoder gave up at the very end: %s", error)
            return []

    def _revive(self, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}."
        self._lives -= 1
        tried = []
        for preset in self._candidates() if self._lives else ():
            context, why = self._open(preset)
            if context is not None:
                self._encoder = VideoEncoder(context, self._format)
                self._tell(encoder_reopened(preset.name, reason))
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

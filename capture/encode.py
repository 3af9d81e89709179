"""Encoders in the recorder: pictures and samples in, packets out. Each belongs to one thread."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from capture.colour import Planes
from media.clock import VIDEO_RATE
from media.encoding import MATRIX_BT709, RANGE_LIMITED, open_video
from media.muxer import VideoFormat

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.audio.codeccontext import AudioCodecContext
    from av.video.codeccontext import VideoCodecContext
    from numpy.typing import NDArray

AAC_FRAME = 1024


class VideoEncoder:
    """Keys exactly where they are asked for."""

    def __init__(self, context: VideoCodecContext, video: VideoFormat) -> None:
        from av import VideoFrame  # noqa: PLC0415 - the engine imports FFmpeg while it arms
        from av.video.frame import PictureType  # noqa: PLC0415 - loads FFmpeg, which comes while it arms

        self._context = context
        self._format = video
        self._new_frame, self._empty_frame = VideoFrame.from_numpy_buffer, VideoFrame
        self._key_type, self._any_type = PictureType.I, PictureType.NONE
        self._light_wanted = False
        self.light = False

    def encode(self, planes: Planes, pts: int, *, key: bool) -> list[Packet[Any]]:
        """The packets that are ready. The picture may be changed again as soon as this returns."""
        before: list[Packet[Any]] = []
        if key and self._light_wanted:
            before = self._change_over()
        frame = self._frame(planes)
        frame.pts, frame.time_base = pts, Fraction(1, VIDEO_RATE)
        frame.pict_type = self._key_type if key else self._any_type
        return [*before, *self._timed(self._context.encode(frame))]

    def lighten(self) -> None:
        """Use the cheaper settings from the next key frame on, where the file's headers allow it."""
        self._light_wanted = bool(self._format.preset.light) and not self.light

    def flush(self) -> list[Packet[Any]]:
        return self._timed(self._context.encode(None))

    def _change_over(self) -> list[Packet[Any]]:
        self._light_wanted = False
        one = self._format
        light = open_video(one.preset, one.width, one.height, one.fps, light=True)
        if light.extradata != self._context.extradata:
            return []  # another FFmpeg than the preset was made for: keep what works
        rest = self.flush()
        self._context, self.light = light, True
        return rest

    def _frame(self, planes: Planes) -> VideoFrame:
        frame = self._new_frame(planes.memory, format="yuv420p")
        if frame.height != planes.y.shape[0]:
            frame = self._copied(planes)
        frame.colorspace, frame.color_range = MATRIX_BT709, RANGE_LIMITED
        wanted = self._format.preset.pixel_format
        return frame if wanted == "yuv420p" else frame.reformat(format=wanted)

    def _copied(self, planes: Planes) -> VideoFrame:
        """PyAV 18.1 takes memory of yuv420p for a picture of whole fours of lines: in others the colours
        would lie two lines off."""
        height, width = planes.y.shape
        frame = self._empty_frame(width, height, "yuv420p")
        for plane, lines in zip(frame.planes, (planes.y, planes.u, planes.v), strict=True):
            rows = np.frombuffer(cast("Any", plane), np.uint8).reshape(-1, plane.line_size)
            rows[: lines.shape[0], : lines.shape[1]] = lines
        return frame

    def _timed(self, packets: list[Packet[Any]]) -> list[Packet[Any]]:
        for packet in packets:
            # Only the last picture of the file keeps this; the others last until the next.
            packet.duration = VIDEO_RATE // self._format.fps
        return packets


class SoundEncoder:
    """Collects samples into the codec's frames; the time stamps are the sample count."""

    def __init__(self, context: AudioCodecContext, channels: int) -> None:
        from av import AudioFrame  # noqa: PLC0415 - the engine imports FFmpeg while it arms

        self._context = context
        self._channels = channels
        self._layout = "mono" if channels == 1 else "stereo"
        self._new_frame = AudioFrame.from_ndarray
        self._waiting: list[NDArray[np.float32]] = []
        self.peak = 0.0  # the loudest sample so far
        self._count = 0
        self._pts = 0

    def encode(self, samples: NDArray[np.float32]) -> list[Packet[Any]]:
        """Take (samples, channels); the packets that are ready."""
        if len(samples):
            self.peak = max(self.peak, float(samples.max()), -float(samples.min()))
        self._waiting.append(samples)
        self._count += len(samples)
        if self._count < AAC_FRAME:
            return []
        joined = np.concatenate(self._waiting) if len(self._waiting) > 1 else samples
        whole = self._count - self._count % AAC_FRAME
        packets: list[Packet[Any]] = []
        for first in range(0, whole, AAC_FRAME):
            packets += self._encode(joined[first : first + AAC_FRAME])
        self._waiting, self._count = [joined[whole:]], self._count - whole
        return packets

    def flush(self) -> list[Packet[Any]]:
        packets: list[Packet[Any]] = []
        if self._count:
            packets += self._encode(np.concatenate(self._waiting))
            self._waiting, self._count = [], 0
        return [*packets, *self._context.encode(None)]

    def _encode(self, samples: NDArray[np.float32]) -> list[Packet[Any]]:
        planar = np.ascontiguousarray(samples.T)
        frame = self._new_frame(planar, format="fltp", layout=self._layout)
        frame.sample_rate = self._context.sample_rate
        frame.pts, frame.time_base = self._pts, Fraction(1, self._context.sample_rate)
        self._pts += len(samples)
        return self._context.encode(frame)

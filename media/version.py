"""One version of a video's pictures: their size, their encoder, the file they go into."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import av
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from media.clock import VIDEO_RATE
from media.encoding import does_not_open, hardware_context, options_for
from media.packets import lasting_until
from media.presets import VideoPreset
from media.priority import ordinary_priority
from media.tonemap import ToneMap, is_hdr

TICK = Fraction(1, VIDEO_RATE)
# Text stays sharper than with FFmpeg's usual BILINEAR: see ADR 22 for what that is worth.
SCALER = Interpolation.BICUBIC
_FRAME_DURATION = 1 << 8  # AV_CODEC_FLAG_FRAME_DURATION: packets last as long as their pictures
# H.273 code points for pictures made from RGB or HDR: BT.709, limited range.
_BT709, _RANGE = 1, 1
# Degrees that a picture must be turned against the clock, as transpositions.
_TURNS = {90: ("cclock",), 180: ("clock", "clock"), 270: ("clock",)}


@dataclass(frozen=True, slots=True)
class Target:
    """A file and the size its pictures get, upright, in even numbers."""

    output: OutputContainer
    size: tuple[int, int]


class Upright:
    """Decoded pictures as a version wants them: its size, 4:2:0, SDR, the right way up."""

    def __init__(self, source: VideoStream, size: tuple[int, int], rotation: int) -> None:
        self._rotation = rotation
        self._size = size[::-1] if rotation % 180 else size
        self._reformatter = VideoReformatter()
        self._graph: Graph | None = None
        self._tone = ToneMap(self._size) if is_hdr(source.codec_context.color_trc) else None
        self.toned = self._tone is not None

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        picture = self._tone(frame) if self._tone is not None else self._scaled(frame)
        return self._turned(picture) if self._rotation else picture

    def _scaled(self, frame: VideoFrame) -> VideoFrame:
        width, height = self._size
        rgb = not frame.format.name.startswith("yuv")
        return self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="yuv420p",
            interpolation=SCALER,
            dst_colorspace=_BT709 if rgb else None,
            dst_color_range=_RANGE if rgb else None,
            threads=1,
        )

    def _turned(self, frame: VideoFrame) -> VideoFrame:
        """All frames have one size here, so one graph serves."""
        if self._graph is None:
            self._graph = graph = Graph()
            nodes = [
                graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=TICK)
            ]
            nodes += [graph.add("transpose", way) for way in _TURNS[self._rotation]]
            graph.link_nodes(*nodes, graph.add("buffersink")).configure()
        self._graph.vpush(frame)
        return self._graph.vpull()


class Version:
    """Pictures in, packets of `target` out. One thread, one reformatter.

    The first of several versions is made of what was decoded; each other one of the pictures of the one
    before it (`scaled`), which are smaller.
    """

    def __init__(self, source: VideoStream, target: Target, rotation: int, *, first: bool) -> None:
        self._source = source
        self._size = target.size
        self._output = target.output
        self._upright = Upright(source, target.size, rotation) if first else None
        self._toned = is_hdr(source.codec_context.color_trc)
        self._rotation = rotation
        self._reformatter = VideoReformatter()
        self._packer = VideoReformatter()
        self._format = ""
        self._shown: VideoFrame | None = None
        self._lengths: dict[int, int] = {}  # of pictures in the encoder, by their time
        self._last: Packet[Any] | None = None
        self.emitted = 0

    def open(self, preset: VideoPreset, rate: Fraction, threads: int) -> None:
        """`rate` is nominal: it goes into the header, not into the times. Raises EncoderError."""
        try:
            stream = self._output.add_stream(preset.name, rate=rate, **hardware_context(preset))
        except (av.error.FFmpegError, OSError, ValueError, NotImplementedError) as error:
            raise does_not_open(preset, error) from error
        self._stream, self._format = cast("VideoStream", stream), preset.pixel_format
        context, source = self._stream.codec_context, self._source.codec_context
        context.width, context.height = self._size
        context.pix_fmt = preset.pixel_format
        context.time_base = TICK
        context.gop_size = 1 << 29
        context.max_b_frames = 0
        context.flags |= _FRAME_DURATION
        # Whole pictures side by side: PyAV's slices, made for calls, cost a fifth more bits and some CPU.
        context.thread_count, context.thread_type = threads, "FRAME"
        context.options = options_for(preset, threads)
        context.sample_aspect_ratio = self._aspect()
        # The pictures keep their matrix and range through the scaler, so their tags stay true.
        context.color_primaries, context.color_trc = source.color_primaries, source.color_trc
        context.colorspace, context.color_range = source.colorspace, source.color_range
        if not (self._source.pix_fmt or "").startswith("yuv"):
            context.colorspace, context.color_range = _BT709, _RANGE
        if self._toned:
            context.color_primaries = context.color_trc = context.colorspace = _BT709
            context.color_range = _RANGE
        self._stream.time_base = TICK
        try:
            with ordinary_priority():
                context.open()
        except (av.error.FFmpegError, OSError, ValueError, NotImplementedError) as error:
            raise does_not_open(preset, error) from error

    def scaled(self, picture: VideoFrame) -> VideoFrame:
        """What this version shows of a decoded picture, or of a larger version's."""
        if self._upright is not None:
            self._shown = self._upright(picture)
        else:
            width, height = self._size
            self._shown = self._reformatter.reformat(
                picture, width=width, height=height, interpolation=SCALER, threads=1
            )
        return self._shown

    def show(self, at: int, duration: int, *, key: bool) -> list["Packet[Any]"]:
        """Encodes what was scaled last, to be shown at the tick `at`."""
        picture = self._shown
        if picture is None:
            return []
        if picture.format.name != self._format:
            picture = self._packer.reformat(picture, format=self._format, threads=1)
        picture.pts, picture.time_base, picture.duration = at, TICK, duration
        self._lengths[at] = duration
        picture.pict_type = PictureType.I if key else PictureType.NONE
        return self._count(self._stream.encode(picture))

    def finish(self) -> list["Packet[Any]"]:
        done = self._count(self._stream.encode(None))
        last, self._last = self._last, None
        return done if last is None else [*done, last]

    def _aspect(self) -> Fraction:
        """Of a pixel, so that the picture keeps its shape when its size was rounded to even numbers."""
        aspect = self._source.sample_aspect_ratio
        if not aspect:
            return Fraction(1)
        return 1 / aspect if self._rotation % 180 else aspect

    def _count(self, packets: Sequence["Packet[Any]"]) -> list["Packet[Any]"]:
        """Not every encoder passes on how long a picture is shown. The newest waits for the next one."""
        self.emitted += len(packets)
        done: list[Packet[Any]] = []
        for packet in packets:
            length = self._lengths.pop(packet.pts or 0, 0)
            packet.duration = packet.duration or length
            before, self._last = self._last, packet
            if before is not None:
                done.append(lasting_until(before, packet))
        return done

"""The pictures between a cut and the next key, encoded anew so that what follows can be copied behind them.

Their encoder is held to the profile and the level of the film and gets ids of its own for its parameter sets,
so both encoders' sets stand in one header and no picture can take the wrong ones.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import av
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from media.avc import Record
from media.encoding import GLOBAL_HEADER, KEYS_ARE_FORCED, does_not_open
from media.errors import FragmentError, RenditionError
from media.presets import load

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

# ITU-T H.264, annex A.2: a decoder that was chosen for the film takes these pictures, too.
_PROFILES = {66: "baseline", 77: "main", 100: "high"}
_PLAIN = ("yuv420p", "yuvj420p")


class Head:
    """Pictures of `source` in, packets in its own ticks out, of which the first is a key.

    RenditionError where this film's pictures cannot be followed by others of the same track.
    """

    def __init__(self, source: VideoStream) -> None:
        record, number = _record(source)
        if number is None or record.profile not in _PROFILES or source.pix_fmt not in _PLAIN:
            raise RenditionError("Pictures of two encoders cannot be joined in this film")
        self._context = _open(source, record, number)
        self.header = record.joined(_sets(bytes(self._context.extradata or b""))).write()
        self.pictures = 0

    def encode(self, frame: VideoFrame) -> Sequence["Packet[Any]"]:
        frame.pict_type = PictureType.NONE if self.pictures else PictureType.I
        self.pictures += 1
        return self._context.encode(frame)

    def finish(self) -> Sequence["Packet[Any]"]:
        return self._context.encode(None)


def _record(source: VideoStream) -> tuple[Record, int | None]:
    """The film's sets, and an id for another one."""
    try:
        record = Record.read(bytes(source.codec_context.extradata or b""))
        return record, record.free_id
    except FragmentError as error:
        raise RenditionError(error.title, error.detail) from error


def _sets(extradata: bytes) -> Record:
    try:
        return Record.read(extradata)
    except FragmentError as error:
        raise RenditionError("The encoder gives no parameter sets", error.title) from error


def _open(source: VideoStream, record: Record, number: int) -> "VideoCodecContext":
    preset, like = load().piece, source.codec_context
    context = cast("VideoCodecContext", av.CodecContext.create(preset.name, "w"))
    context.width, context.height, context.pix_fmt = like.width, like.height, source.pix_fmt
    context.time_base = source.time_base or Fraction(1, 90_000)
    context.framerate = Fraction(source.average_rate or 30).limit_denominator(1001)
    context.gop_size = KEYS_ARE_FORCED
    context.max_b_frames = 0
    context.flags |= GLOBAL_HEADER
    context.thread_count = 0  # as many as suit the machine
    context.sample_aspect_ratio = source.sample_aspect_ratio or Fraction(1)
    context.color_primaries, context.color_trc = like.color_primaries, like.color_trc
    context.colorspace, context.color_range = like.colorspace, like.color_range
    context.options = {
        **preset.options,
        "profile": _PROFILES[record.profile],
        "level": f"{record.level / 10:.1f}",
        "x264-params": f"sps-id={number}:annexb=0",
    }
    try:
        context.open()
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise does_not_open(preset, error) from error
    return context

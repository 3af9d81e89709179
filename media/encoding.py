"""Opening a video encoder for a growing file: time stamps, colours, keys only where they are asked for."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from media.clock import VIDEO_RATE
from media.errors import EncoderError
from media.presets import VideoPreset
from media.priority import ordinary_priority

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

_PIXELS_OF_A_THREAD = 1920 * 1080 * 30  # a second: what one core of an old laptop encodes in motion
KEYS_ARE_FORCED = 1 << 29  # a group so long that no encoder starts one by itself
GLOBAL_HEADER = 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER: parameter sets belong into the moov

# H.273 code points. The compose stage converts through the BT.709 matrix in limited range. The transfer is
# named BT.709 as well, as every recorder names it: players then treat the picture as any other HD video.
PRIMARIES_BT709 = 1
TRANSFER_BT709 = 1
MATRIX_BT709 = 1
RANGE_LIMITED = 1

# The sample entries of ISO/IEC 14496-15 that keep parameter sets out of the stream. FFmpeg would write `hev1`
# for HEVC, which Apple's players refuse.
TAGS = {"hevc": "hvc1", "av1": "av01", "h264": "avc1"}


def hardware_context(preset: VideoPreset) -> dict[str, Any]:
    """What `add_stream` and `CodecContext.create` need beside the name; raises without hardware."""
    if not preset.device:
        return {}
    from av.codec.hwaccel import HWAccel  # only where an encoder asks for it

    return {"hwaccel": HWAccel(preset.device)}


def configure(
    context: VideoCodecContext, preset: VideoPreset, width: int, height: int, fps: int, *, light: bool = False
) -> None:
    """Set up an encoder that is not open yet: time stamps in 1/90000, a key only where a frame asks."""
    context.width, context.height = width, height
    context.pix_fmt = preset.pixel_format
    context.time_base = Fraction(1, VIDEO_RATE)
    context.framerate = Fraction(fps)
    context.gop_size = KEYS_ARE_FORCED
    context.max_b_frames = 0
    context.color_primaries, context.color_trc = PRIMARIES_BT709, TRANSFER_BT709
    context.colorspace, context.color_range = MATRIX_BT709, RANGE_LIMITED
    context.flags |= GLOBAL_HEADER
    if preset.name == "libsvtav1":
        _quieten_svt()
    if preset.name == "libx264":
        context.thread_count = slices_for(width, height, fps)
    context.options = {**preset.options, **(preset.light if light else {})}


def options_for(preset: VideoPreset, threads: int) -> dict[str, str]:
    """The preset's options for an encoder that may use so many threads."""
    if preset.name != "libsvtav1":
        return dict(preset.options)
    _quieten_svt()
    # It does not hear of FFmpeg's own number.
    return {**preset.options, "svtav1-params": f"{preset.options['svtav1-params']}:lp={threads}"}


def slices_for(width: int, height: int, fps: int) -> int:
    """How many threads encode a picture, each a slice of it, without letting the next one wait.

    By itself x264 takes one for each core. Slices know nothing of each other: eight of them cost half as much
    CPU again and a tenth more bits than the whole picture.
    """
    wanted = -(-width * height * fps // _PIXELS_OF_A_THREAD)
    return min(wanted, os.cpu_count() or 1)


def _quieten_svt() -> None:
    """Errors only: it tells stderr its settings whatever FFmpeg wants."""
    os.environ.setdefault("SVT_LOG", "1")


def open_video(
    preset: VideoPreset, width: int, height: int, fps: int, *, light: bool = False
) -> VideoCodecContext:
    """An opened encoder of its own; EncoderError when it does not open."""
    import av

    try:
        context = cast(
            "VideoCodecContext", av.CodecContext.create(preset.name, "w", **hardware_context(preset))
        )
        configure(context, preset, width, height, fps, light=light)
        with ordinary_priority():
            context.open()
    except (av.error.FFmpegError, OSError, ValueError, NotImplementedError) as error:
        raise does_not_open(preset, error) from error
    return context


def does_not_open(preset: VideoPreset, error: Exception) -> EncoderError:
    """FFmpeg's words without the call and its options."""
    words = getattr(error, "strerror", None) or str(error)
    return EncoderError(f"The encoder {preset.name} does not open", words)

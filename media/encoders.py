"""Which H.264 encoder works on this machine, and opening it for a growing file.

Hardware encoders lie: they are listed without hardware, open without a driver session left, or crash the
process. So each is probed by encoding a frame in a child process with a time limit, and the answer is kept in
the client's folder until FFmpeg or the graphics driver change. `python -m media.encoders NAME` is that child.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

from media import self_command
from media.clock import VIDEO_RATE
from media.errors import EncoderError
from media.presets import VideoPreset, load

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

log = logging.getLogger(__name__)

PROBE_TIMEOUT_S = 8.0
PROBE_SIZE = (640, 384)
KEYS_ARE_FORCED = 1 << 29  # a group so long that no encoder starts one by itself
SOFTWARE = "libx264"

# H.273 code points of what the compose stage makes: sRGB pictures through the BT.709 matrix, limited range.
PRIMARIES_BT709 = 1
TRANSFER_SRGB = 13
MATRIX_BT709 = 1
RANGE_LIMITED = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """The encoder to use and why the ones before it were not."""

    preset: VideoPreset
    rejected: dict[str, str]


def choose(wanted: str | None = None) -> Choice:
    """The first encoder that works here, or the wanted one; EncoderError when that one does not work.

    Takes some 100 ms the first time on a machine that may have hardware encoders, else nothing.
    """
    presets = load().video
    if wanted is not None:
        presets = (load().video_named(wanted),)
    rejected: dict[str, str] = {}
    cache = _Cache.open()
    for preset in presets:
        reason = None if preset.name == SOFTWARE else _rejection(preset, cache)
        if reason is None:
            return Choice(preset, rejected)
        log.info("%s rejected: %s", preset.name, reason)
        rejected[preset.name] = reason
    raise EncoderError(
        "No video encoder works on this machine",
        "; ".join(f"{name}: {reason}" for name, reason in rejected.items()),
        "Leave out the choice of an encoder to record with libx264.",
    )


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
    context.color_primaries, context.color_trc = PRIMARIES_BT709, TRANSFER_SRGB
    context.colorspace, context.color_range = MATRIX_BT709, RANGE_LIMITED
    context.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER: parameter sets belong into the moov
    context.options = {**preset.options, **(preset.light if light else {})}


def open_video(
    preset: VideoPreset, width: int, height: int, fps: int, *, light: bool = False
) -> VideoCodecContext:
    """An opened encoder of its own; EncoderError when it does not open."""
    import av  # noqa: PLC0415 - the uploader and the command line import media without a codec

    try:
        context = cast("VideoCodecContext", av.CodecContext.create(preset.name, "w"))
        configure(context, preset, width, height, fps, light=light)
        context.open()
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise EncoderError(f"The encoder {preset.name} does not open", str(error)) from error
    return context


def probe(name: str) -> None:
    """Encode two frames with the encoder, the second a key; raises when it cannot."""
    import av  # noqa: PLC0415

    width, height = PROBE_SIZE
    preset = load().video_named(name)
    context = open_video(preset, width, height, 30)
    size = 0
    for index in range(2):
        frame = av.VideoFrame(width, height, preset.pixel_format)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.pts, frame.time_base = index * VIDEO_RATE // 30, context.time_base
        frame.pict_type = av.video.frame.PictureType.I
        size += sum(packet.size for packet in context.encode(frame))
    size += sum(packet.size for packet in context.encode(None))
    if not size:
        raise EncoderError(f"The encoder {name} gave nothing")


def cache_file() -> Path:
    """Where the answers are kept: in the client's folder."""
    home = os.environ.get("HEDDLE_HOME")
    if home:
        return Path(home) / "encoders.json"
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_data_dir("heddle", appauthor=False)) / "encoders.json"


def _rejection(preset: VideoPreset, cache: _Cache) -> str | None:
    """Why this encoder cannot be used; None when it works."""
    if sys.platform not in preset.platforms:
        return f"not on {sys.platform}"
    if preset.needs and not any(_present(need) for need in preset.needs):
        return f"none of {', '.join(preset.needs)} is there"
    known = cache.answer(preset.name)
    if known is None:
        known = _probe_in_child(preset.name)
        cache.remember(preset.name, known)
    return known or None


def _present(need: str) -> bool:
    if need.startswith("/"):
        return os.access(need, os.R_OK | os.W_OK)
    try:
        ctypes.CDLL(need)
    except OSError:
        return False
    return True


def _probe_in_child(name: str) -> str:
    """Empty when the encoder works, else why not."""
    command = self_command.command("media.encoders", name)
    try:
        done = subprocess.run(command, capture_output=True, timeout=PROBE_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"did not answer within {PROBE_TIMEOUT_S:g} s"
    except OSError as error:
        return f"could not be tried: {error}"
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"ended with code {done.returncode}"


@dataclass(frozen=True, slots=True)
class _Cache:
    """Answers by encoder, valid for one FFmpeg and one driver. Losing them costs a second, no more."""

    path: Path
    key: str
    answers: dict[str, str]

    @classmethod
    def open(cls) -> _Cache:
        path, key = cache_file(), _machine_key()
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            answers = {str(k): str(v) for k, v in data["answers"].items()} if data["key"] == key else {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            answers = {}
        return cls(path, key, answers)

    def answer(self, name: str) -> str | None:
        return self.answers.get(name)

    def remember(self, name: str, answer: str) -> None:
        self.answers[name] = answer
        temporary = self.path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps({"key": self.key, "answers": self.answers}), encoding="utf-8")
            temporary.replace(self.path)


def _machine_key() -> str:
    import av  # noqa: PLC0415

    return "|".join((av.__version__, str(av.library_versions), platform.platform(), _driver_version()))


def _driver_version() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/driver/nvidia/version").read_text(encoding="utf-8").splitlines()[0]
    return ""


def main(arguments: list[str]) -> int:
    try:
        probe(arguments[0])
    except Exception as error:  # noqa: BLE001 - the answer is for the parent, whatever went wrong
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

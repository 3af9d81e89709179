"""Asking an encoder for a frame where it cannot do harm: in a child process with a time limit.

Hardware encoders lie: they are listed without hardware, open without a driver session left, or crash or hang
the process. The answers are kept in the client's folder until FFmpeg, the driver or the presets change.
`python -m media.encoder_probe NAME QUALITY CEILING` is the child; a ceiling of 0 is none.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from media import self_command
from media.clock import VIDEO_RATE
from media.encoding import open_video
from media.errors import EncoderError
from media.presets import load

PROBE_TIMEOUT_S = 8.0
_KILLED_TIMEOUT_S = 1.0
_PROBE_SIZE = (640, 384)
_PROBE_PICTURES = 3


@dataclass(frozen=True, slots=True)
class Question:
    """An encoder with the settings it would record with; another quality or a ceiling may be refused."""

    encoder: str
    quality: str
    max_bitrate: int | None

    @property
    def key(self) -> str:
        return "/".join(self.arguments)

    @property
    def arguments(self) -> list[str]:
        return [self.encoder, self.quality, str(self.max_bitrate or 0)]


def probe(question: Question) -> None:
    """Encode pictures of which the last must be a key; EncoderError when that is not what comes out."""
    import av

    width, height = _PROBE_SIZE
    preset = load().video_named(question.encoder).tuned(question.quality, question.max_bitrate)
    context = open_video(preset, width, height, 30)
    packets = []
    for index in range(_PROBE_PICTURES):
        frame = av.VideoFrame(width, height, preset.pixel_format)
        for plane in frame.planes:
            ramp = bytes(range(256)) * (plane.buffer_size // 256 + 1)
            plane.update(ramp[: plane.buffer_size])
        frame.pts, frame.time_base = index * VIDEO_RATE // 30, context.time_base
        key = index in (0, _PROBE_PICTURES - 1)
        frame.pict_type = av.video.frame.PictureType.I if key else av.video.frame.PictureType.NONE
        packets += context.encode(frame)
    packets += context.encode(None)
    if not any(packet.size for packet in packets):
        raise EncoderError(f"The encoder {preset.name} gave nothing")
    if len(packets) != _PROBE_PICTURES or not (packets[0].is_keyframe and packets[-1].is_keyframe):
        raise EncoderError(f"The encoder {preset.name} does not set keys where it is asked to")


def tried(question: Question) -> str:
    """Empty when the encoder works in this process, else why not. One that crashes takes it along."""
    import av.logging

    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture() as said:
        try:
            probe(question)
        except Exception as error:  # noqa: BLE001 - the answer is for the parent, whatever went wrong
            # FFmpeg's own first complaint says more than its error code.
            return " - ".join([str(error), *(message.strip() for _, _, message in said[:1])])
    return ""


def ask(question: Question) -> str:
    """Empty when the encoder works, else why not. Takes PROBE_TIMEOUT_S at most, and a second to kill."""
    try:
        child = subprocess.Popen(command(question), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    except OSError as error:
        return f"could not be tried: {error}"
    try:
        _, said = child.communicate(timeout=PROBE_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        # A child that hangs inside the driver cannot even be killed; the take does not wait for it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=_KILLED_TIMEOUT_S)
        return f"did not answer within {PROBE_TIMEOUT_S:g} s"
    if child.returncode == 0:
        return ""
    return _ending(child.returncode, said.decode(errors="replace"))


def command(question: Question) -> list[str]:
    return self_command.command("media.encoder_probe", *question.arguments)


def _ending(code: int, said: str) -> str:
    lines = said.strip().splitlines()
    if code == 1 and lines:
        return lines[-1]
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"its process was ended by {signal.Signals(-code).name}"
    # Windows ends a crashed process with its NTSTATUS, which is known by its hexadecimal form.
    return (
        f"its process ended with code {code & 0xFFFFFFFF:#x}" if code > 0xFFFF else f"ended with code {code}"
    )


@dataclass(frozen=True, slots=True)
class Cache:
    """Answers by question, valid for one FFmpeg, driver and set of presets. Losing them costs a second."""

    path: Path
    key: str
    answers: dict[str, str]

    @classmethod
    def open(cls) -> Cache:
        path, key = cache_file(), machine_key()
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            answers = {str(k): str(v) for k, v in data["answers"].items()} if data["key"] == key else {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            answers = {}
        return cls(path, key, answers)

    def answer(self, question: Question) -> str | None:
        return self.answers.get(question.key)

    def remember(self, question: Question, answer: str) -> None:
        self.answers[question.key] = answer
        temporary = self.path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps({"key": self.key, "answers": self.answers}), encoding="utf-8")
            temporary.replace(self.path)


def cache_file() -> Path:
    """Where the answers are kept: in the client's folder."""
    home = os.environ.get("HEDDLE_HOME")
    if home:
        return Path(home) / "encoders.json"
    import platformdirs

    return Path(platformdirs.user_data_dir("heddle", appauthor=False)) / "encoders.json"


def machine_key() -> str:
    import av

    versions = (av.__version__, str(av.library_versions), platform.platform(), _driver_version())
    return "|".join((*versions, load().fingerprint))


def _driver_version() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/driver/nvidia/version").read_text(encoding="utf-8").splitlines()[0]
    return ""


def main(arguments: list[str]) -> int:
    name, quality, ceiling = arguments
    reason = tried(Question(name, quality, int(ceiling) or None))
    if reason:
        sys.stderr.write(f"{reason}\n")
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Facts about a video and what follows from them. No codec is needed to think about one."""

from dataclasses import asdict, dataclass, replace
from typing import Any

HEIGHTS = (1080, 720, 480, 360)
# A recording that is fragmented already plays as it is, if less comfortably; it is not touched for its keys.
MAX_PLAYABLE_KEY_GAP_S = 12.0
# A lower rung must be worth its disk: at most this part of the one above it.
_CLEARLY_BELOW = 0.8
_AV1_SMALL, _AV1_LEAST = 480, 128  # lines; encoders of AV1 refuse tiny pictures
_EIGHT_BIT_420 = frozenset({"yuv420p", "yuvj420p"})


@dataclass(frozen=True, slots=True)
class Probe:
    """Facts about a file. `duration_s` and `frames` are 0 where only reading all of it would tell."""

    format: str
    size_bytes: int
    duration_s: float
    bitrate: int  # bits per second, of the whole file
    fragmented: bool
    width: int = 0  # as coded: turn it by `rotation` degrees to see it upright
    height: int = 0
    rotation: int = 0
    fps: float = 0.0  # mean
    frames: int = 0
    codec: str = ""
    pixel_format: str = ""
    key_gap_s: float = 0.0  # longest time between two key frames; 0 where unknown
    audio_codec: str = ""
    channels: int = 0
    sample_rate: int = 0

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height as a viewer sees them."""
        return (self.height, self.width) if self.rotation % 180 else (self.width, self.height)

    @property
    def even_size(self) -> tuple[int, int]:
        """The same as H.264 wants it."""
        width, height = self.display_size
        return max(2, width // 2 * 2), max(2, height // 2 * 2)

    @property
    def has_video(self) -> bool:
        return bool(self.codec)

    @property
    def has_audio(self) -> bool:
        return bool(self.audio_codec)

    @property
    def plain_h264(self) -> bool:
        """H.264 as every browser decodes it: 8 bit, 4:2:0."""
        return self.codec == "h264" and self.pixel_format in _EIGHT_BIT_420

    @property
    def streams_as_it_is(self) -> bool:
        """Whether browsers can play the file by ranges of its bytes."""
        return (
            self.fragmented
            and (not self.has_video or self.plain_h264)
            and self.audio_codec in ("", "aac")
            and self.key_gap_s <= MAX_PLAYABLE_KEY_GAP_S
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rung:
    """A rendition's name and picture size in pixels, upright, both even."""

    name: str
    width: int
    height: int


def rungs_for(width: int, height: int) -> tuple[Rung, ...]:
    """The renditions worth making of a picture of this size as viewers see it, largest first.

    Their names count the lines of a picture that lies; one that stands has so many columns.
    """
    short = min(width, height)
    return tuple(_rung(rung, width, height) for rung in HEIGHTS if _is_below(rung, short))


def av1_rungs_for(width: int, height: int) -> tuple[Rung, ...]:
    """Two sizes let a player go down: the source's, up to 1080 lines, and one for slow lines."""
    short = min(width, height)
    if short < _AV1_LEAST:
        return ()
    lines = {"av1": min(short // 2 * 2, HEIGHTS[0])}
    if _is_below(_AV1_SMALL, short):
        lines["av1small"] = _AV1_SMALL
    return tuple(replace(_rung(count, width, height), name=name) for name, count in lines.items())


def _is_below(lines: int, short: int) -> bool:
    return lines <= short * _CLEARLY_BELOW


def _rung(lines: int, width: int, height: int) -> Rung:
    long = max(2, round(max(width, height) * lines / min(width, height) / 2) * 2)
    return Rung(f"{lines}p", *((long, lines) if width >= height else (lines, long)))

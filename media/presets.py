"""Encoder presets as data (`presets.toml`), read once."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from media.errors import EncoderError

CODECS = ("h264", "hevc", "av1")
BALANCED = "balanced"
_BITRATE = "b"


@dataclass(frozen=True, slots=True)
class VideoPreset:
    """How one encoder is driven; `light` overlays `options` when the machine cannot keep up.

    `device` is the kind of hardware context that FFmpeg needs to hand it frames, empty where it needs none.
    As it is read, `options` means the balanced quality without a ceiling; `tuned` gives the others.
    """

    name: str
    codec: str
    hardware: bool
    platforms: tuple[str, ...]
    needs: tuple[str, ...]
    pixel_format: str
    options: dict[str, str]
    light: dict[str, str]
    device: str = ""
    qualities: dict[str, dict[str, str]] = field(default_factory=dict)
    cap: dict[str, str | float] = field(default_factory=dict)

    def tuned(self, quality: str = BALANCED, max_bitrate: int | None = None) -> VideoPreset:
        """The preset with a quality's options and a ceiling in bits per second settled into `options`."""
        options = {**self.options, **self.qualities.get(quality, {})}
        if max_bitrate is not None:
            options |= self._capped(max_bitrate, options)
        return replace(self, options=options)

    def _capped(self, bits: int, options: dict[str, str]) -> dict[str, str]:
        """Numbers in `cap` are shares of the ceiling. A mean rate that is below it already stays."""
        capped = {
            name: value if isinstance(value, str) else str(round(bits * value))
            for name, value in self.cap.items()
        }
        if _BITRATE in capped and _BITRATE in options:
            capped[_BITRATE] = str(min(int(capped[_BITRATE]), int(options[_BITRATE])))
        return capped


@dataclass(frozen=True, slots=True)
class AudioPreset:
    encoder: str
    rate: int
    bits_mono: int
    bits_stereo: int

    def bits(self, channels: int) -> int:
        return self.bits_mono if channels == 1 else self.bits_stereo


@dataclass(frozen=True, slots=True)
class Presets:
    """`fingerprint` changes with the file's content."""

    qualities: tuple[str, ...]
    video: tuple[VideoPreset, ...]
    audio: AudioPreset
    piece: VideoPreset
    rendition: VideoPreset
    rendition_av1: VideoPreset
    fingerprint: str

    def video_named(self, name: str) -> VideoPreset:
        for preset in self.video:
            if preset.name == name:
                return preset
        known = ", ".join(preset.name for preset in self.video)
        raise EncoderError(f"There is no encoder preset {name!r}", hint=f"Known: {known}.")

    def rendition_named(self, name: str) -> VideoPreset:
        """How an encoder makes versions of a finished film; hardware as it records, in balanced quality."""
        software = (self.rendition, self.rendition_av1)
        return next((preset for preset in software if preset.name == name), None) or self.video_named(name)

    def for_codec(self, codec: str) -> tuple[VideoPreset, ...]:
        """The candidates for a codec, best first."""
        return tuple(preset for preset in self.video if preset.codec == codec)


@lru_cache(maxsize=1)
def load() -> Presets:
    content = files("media").joinpath("presets.toml").read_bytes()
    data = tomllib.loads(content.decode("utf-8"))
    return Presets(
        qualities=tuple(data["qualities"]),
        video=tuple(_video(entry) for entry in data["video"]),
        audio=AudioPreset(**data["audio"]),
        piece=_video(data["piece"]),
        rendition=_video(data["rendition"]),
        rendition_av1=_video(data["rendition_av1"]),
        fingerprint=hashlib.sha256(content).hexdigest()[:16],
    )


def _video(entry: dict[str, Any]) -> VideoPreset:
    qualities = {name: dict(options) for name, options in entry.get("qualities", {}).items()}
    return VideoPreset(
        name=entry["name"],
        codec=entry["codec"],
        hardware=entry["hardware"],
        platforms=tuple(entry["platforms"]),
        needs=tuple(entry["needs"]),
        pixel_format=entry["pixel_format"],
        options={**entry["options"], **qualities.get(BALANCED, {})},
        light=dict(entry["light"]),
        device=entry.get("device", ""),
        qualities=qualities,
        cap=dict(entry.get("cap", {})),
    )

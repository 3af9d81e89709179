"""Encoder presets as data (`presets.toml`), read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from media.errors import EncoderError


@dataclass(frozen=True, slots=True)
class VideoPreset:
    """How one encoder is driven; `light` overlays `options` when the machine cannot keep up."""

    name: str
    hardware: bool
    platforms: tuple[str, ...]
    needs: tuple[str, ...]
    pixel_format: str
    options: dict[str, str]
    light: dict[str, str]


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
    video: tuple[VideoPreset, ...]
    audio: AudioPreset
    rendition: VideoPreset

    def video_named(self, name: str) -> VideoPreset:
        for preset in self.video:
            if preset.name == name:
                return preset
        known = ", ".join(preset.name for preset in self.video)
        raise EncoderError(f"There is no encoder preset {name!r}", hint=f"Known: {known}.")


@lru_cache(maxsize=1)
def load() -> Presets:
    data = tomllib.loads(files("media").joinpath("presets.toml").read_text(encoding="utf-8"))
    return Presets(
        video=tuple(_video(entry) for entry in data["video"]),
        audio=AudioPreset(**data["audio"]),
        rendition=_video(data["rendition"]),
    )


def _video(entry: dict[str, Any]) -> VideoPreset:
    return VideoPreset(
        name=entry["name"],
        hardware=entry["hardware"],
        platforms=tuple(entry["platforms"]),
        needs=tuple(entry["needs"]),
        pixel_format=entry["pixel_format"],
        options=dict(entry["options"]),
        light=dict(entry["light"]),
    )

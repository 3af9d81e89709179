"""How a take's picture is to be encoded: the fields of a `start` command that say so."""

from __future__ import annotations

from typing import Any

from capture.fields import bad, typed
from media.encoders import VideoRequest
from media.presets import BALANCED, CODECS, load

MIN_BITRATE = 100_000  # bits per second; below that no screen is readable


def parse_video(values: dict[str, Any]) -> VideoRequest:
    """`codec`, `quality`, `maxBitrate` (bits per second), `encoder`; BadCommand says which is wrong."""
    return VideoRequest(
        codec=_one_of(values, "codec", CODECS),
        quality=_one_of(values, "quality", load().qualities) or BALANCED,
        max_bitrate=_bitrate(values.get("maxBitrate")),
        encoder=typed(values, "encoder", str, None) or None,
    )


def _one_of(values: dict[str, Any], field: str, known: tuple[str, ...]) -> str | None:
    value: str | None = typed(values, field, str, None)
    if value is None or value in known:
        return value
    raise bad(field, f"one of {', '.join(known)}")


def _bitrate(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < MIN_BITRATE:
        raise bad("maxBitrate", f"a whole number of bits per second, {MIN_BITRATE} or more")
    return value

"""What events say about a take: the values of the recorder under their names on the wire."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from capture.model import Counters, Result, TakeInfo
from capture.stems import stem_paths
from media.manifest import Marker

_COUNTED = tuple(field.name for field in fields(Counters))


def take(info: TakeInfo) -> dict[str, Any]:
    values = asdict(info)
    system_audio = values.pop("system_audio")
    return {**values, "path": str(info.path), "systemAudio": system_audio}


def result(end: Result, info: TakeInfo | None) -> dict[str, Any]:
    values = {
        "id": info.id if info else None,
        "path": str(end.path),
        "durationS": end.duration_s,
        "bytes": end.bytes,
        "fragments": end.fragments,
        "sha256": end.sha256,
        "markers": [marker(one) for one in end.markers],
        **counters(end.counters),
    }
    return values | {"receipt": receipt(end, info)}


def receipt(end: Result, info: TakeInfo | None) -> dict[str, Any] | None:
    """The take's receipt: what is in the file, for somebody who will not look; None for an empty one."""
    if end.receipt is None or info is None:
        return None
    told = end.receipt
    return {
        "durationS": end.duration_s,
        "bytes": end.bytes,
        "sha256": end.sha256,
        "encoder": info.encoder,
        "backend": told.backend,
        "microphone": told.microphone,
        "audioPresent": told.audio_present,
        "peakDb": told.peak_db,
        "avOffsetMs": told.av_offset_ms,
        "encoded": told.encoded,
        "dropped": told.dropped,
        "late": told.late,
        "audioDrops": told.audio_drops,
        "markers": [marker(one) for one in end.markers],
        "endedAt": told.ended_at,
        "soundFiles": [str(path) for path in stem_paths(end.path).values()],
    }


def marker(one: Marker) -> dict[str, Any]:
    return {"timeS": one.at_s, "title": one.title}


def counters(values: Counters) -> dict[str, int]:
    return {"audioDrops" if name == "audio_drops" else name: getattr(values, name) for name in _COUNTED}

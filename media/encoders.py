"""Which video encoder to record with: the best of a codec's candidates that really encodes here."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, field

from media.encoder_probe import Cache, Question, ask
from media.errors import EncoderError
from media.presets import BALANCED, CODECS, VideoPreset, load

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """How a take's picture is to be encoded. Without a codec it is the named encoder's, else H.264.

    `max_bitrate` is a ceiling in bits per second.
    """

    codec: str | None = None
    quality: str = BALANCED
    max_bitrate: int | None = None
    encoder: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The encoder to use, with its settings, and why the ones before it were not."""

    preset: VideoPreset
    rejected: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EncoderEntry:
    """One encoder in a list; `reason` says why it is not usable."""

    name: str
    codec: str
    hardware: bool
    usable: bool
    reason: str


def choose(request: VideoRequest | None = None, *, without: Collection[str] = ()) -> Choice:
    """The first encoder that works here, or the wanted one; EncoderError when none does.

    `without` names encoders that have failed already. Takes some 100 ms for each hardware encoder that may
    exist here, once on a machine; PROBE_TIMEOUT_S for one that hangs.
    """
    request = request or VideoRequest()
    rejected: dict[str, str] = {}
    cache = Cache.open()
    for preset in _candidates(request):
        question = Question(preset.name, request.quality, request.max_bitrate)
        reason = "has failed before" if preset.name in without else _rejection(preset, question, cache)
        if reason is None:
            return Choice(preset.tuned(request.quality, request.max_bitrate), rejected)
        log.info("%s rejected: %s", preset.name, reason)
        rejected[preset.name] = reason
    raise EncoderError(
        "No video encoder works on this machine",
        "; ".join(f"{name}: {reason}" for name, reason in rejected.items()),
        "Leave out the choice of an encoder and of a codec to record with libx264.",
    )


def list_encoders() -> list[EncoderEntry]:
    """Every encoder there could be on any machine, asked as for a take of balanced quality; best first."""
    cache = Cache.open()
    entries = []
    for preset in load().video:
        reason = _rejection(preset, Question(preset.name, BALANCED, None), cache)
        entries.append(EncoderEntry(preset.name, preset.codec, preset.hardware, reason is None, reason or ""))
    return entries


def _candidates(request: VideoRequest) -> tuple[VideoPreset, ...]:
    """EncoderError for a request that contradicts itself or names what does not exist."""
    presets = load()
    _known("quality", request.quality, presets.qualities)
    if request.codec is not None:
        _known("codec", request.codec, CODECS)
    if request.encoder is None:
        return presets.for_codec(request.codec or CODECS[0])
    preset = presets.video_named(request.encoder)
    if request.codec not in (None, preset.codec):
        raise EncoderError(
            f"{preset.name} does not make {request.codec}",
            f"It makes {preset.codec}.",
            "Leave out the codec or the encoder.",
        )
    return (preset,)


def _known(what: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise EncoderError(f"The {what} {value!r} is not known", hint=f"Known: {', '.join(known)}.")


def _rejection(preset: VideoPreset, question: Question, cache: Cache) -> str | None:
    """Why this encoder cannot be used; None when it works. Cheap reasons come before a probe."""
    reason = missing(preset)
    if reason is not None or not preset.hardware:
        return reason
    known = cache.answer(question)
    if known is None:
        known = ask(question)
        cache.remember(question, known)
    return known or None


def missing(preset: VideoPreset) -> str | None:
    """Why there is no use in trying this encoder; None when there may be."""
    if sys.platform not in preset.platforms:
        return f"not on {sys.platform}"
    if not _built(preset.name):
        return "this build of FFmpeg does not have it"
    if preset.needs and not any(_present(need) for need in preset.needs):
        return f"none of {', '.join(preset.needs)} is there"
    return None


def _built(name: str) -> bool:
    import av

    return name in av.codecs_available


def _present(need: str) -> bool:
    if need.startswith("/"):
        return os.access(need, os.R_OK | os.W_OK)
    try:
        ctypes.CDLL(need)
    except OSError:
        return False
    return True

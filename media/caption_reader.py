"""Captions that somebody uploads: WebVTT and SubRip, read into a transcript.

As lenient as players are (a missing blank line, an odd identifier, tags), but never silent: a file without
one cue is an error. Style sheets, regions, positions and voices are left out: only text and times are kept.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator

from media.errors import TranscriptError
from media.transcript import MAX_SECONDS, MAX_SEGMENTS, MAX_TEXT, Segment, Transcript, clean

MAX_CHARS = 8 << 20
_CLOCK = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?:[ \t].*)?", re.ASCII)
_VTT_TAG = re.compile(r"<[^>]*>")
# SubRip has no escapes: only what is known to be a tag is one.
_SRT_TAG = re.compile(r"</?(?:b|i|u|s|font)(?: [^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)


def parse_vtt(text: str, language: str = "und") -> Transcript:
    """Raises TranscriptError for what is no WebVTT, or has no cue."""
    lines = _lines(text)
    if not lines or not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise _refused("A WebVTT file begins with the word WEBVTT.")
    return _transcript(_cues(lines[1:]), _vtt_text, language)


def parse_srt(text: str, language: str = "und") -> Transcript:
    """Raises TranscriptError for what has no cue."""
    return _transcript(_cues(_lines(text)), _srt_text, language)


def _lines(text: str) -> list[str]:
    if len(text) > MAX_CHARS:
        raise _refused(f"It is longer than {MAX_CHARS} characters.")
    # Not splitlines(): that also splits at characters which may stand in a caption.
    return re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))


def _cues(lines: Iterable[str]) -> Iterator[tuple[float, float, list[str]]]:
    """A cue is a line of times and the lines below it, up to an empty one."""
    current: tuple[float, float, list[str]] | None = None
    for line in lines:
        times = _TIMES.fullmatch(line)
        if times or not line.strip():
            if current:
                yield current
            current = (*_span(times.groups()), []) if times else None
        elif current:
            current[2].append(line)
    if current:
        yield current


def _span(groups: tuple[str | None, ...]) -> tuple[float, float]:
    start, end = _seconds(*groups[:4]), _seconds(*groups[4:])
    if end < start or end > MAX_SECONDS:
        raise _refused(f"A cue lasts from {start:g} to {end:g} seconds.")
    return start, end


def _seconds(hours: str | None, minutes: str | None, seconds: str | None, part: str | None) -> float:
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + int((part or "0").ljust(3, "0")) / 1000


def _vtt_text(lines: list[str]) -> str:
    return clean(html.unescape(_VTT_TAG.sub("", " ".join(lines))))


def _srt_text(lines: list[str]) -> str:
    return clean(_SRT_TAG.sub("", " ".join(lines)))


def _transcript(
    cues: Iterable[tuple[float, float, list[str]]], read: Callable[[list[str]], str], language: str
) -> Transcript:
    segments: list[Segment] = []
    for start, end, lines in cues:
        text = read(lines)
        if len(text) > MAX_TEXT or len(segments) >= MAX_SEGMENTS:
            raise _refused(f"A cue may have {MAX_TEXT} characters, and a file {MAX_SEGMENTS} cues.")
        if text:
            segments.append(Segment(len(segments), start, end, text))
    if not segments:
        raise _refused("There is no cue with text in it.")
    segments.sort(key=lambda segment: segment.start)
    return Transcript(language, tuple(segments), duration_s=max(segment.end for segment in segments))


def _refused(detail: str) -> TranscriptError:
    return TranscriptError(
        "These captions cannot be read", detail, "Save them as WebVTT (.vtt) or SubRip (.srt) in UTF-8."
    )

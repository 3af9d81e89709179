"""A transcript as WebVTT, SubRip, plain text and JSON.

Sources: https://www.w3.org/TR/webvtt1/ and, for SubRip, which has no standard,
https://www.matroska.org/technical/subtitles.html#srt-subtitles. Reading them back: `media.caption_reader`.
"""

from collections.abc import Callable
from enum import StrEnum

from media.caption_reader import parse_srt, parse_vtt
from media.cues import Cue, cues_of
from media.transcript import Segment, Transcript, Word

__all__ = [
    "CaptionFormat",
    "Cue",
    "Segment",
    "Transcript",
    "Word",
    "cues_of",
    "parse_srt",
    "parse_vtt",
    "render",
    "to_srt",
    "to_txt",
    "to_vtt",
]

# A pause this long, in seconds, begins a new paragraph; so does a sentence's end after so many characters.
_PARAGRAPH_PAUSE_S = 2.0
_PARAGRAPH_LENGTH = 500
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class CaptionFormat(StrEnum):
    """Also the file name's extension."""

    VTT = "vtt"
    SRT = "srt"
    TXT = "txt"
    JSON = "json"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    CaptionFormat.VTT: "text/vtt; charset=utf-8",
    CaptionFormat.SRT: "application/x-subrip; charset=utf-8",
    CaptionFormat.TXT: "text/plain; charset=utf-8",
    CaptionFormat.JSON: "application/json",
}


def render(transcript: Transcript, format_: CaptionFormat) -> str:
    """The transcript as a file of that format."""
    return _RENDERERS[format_](transcript)


def to_vtt(transcript: Transcript) -> str:
    """WebVTT, each cue with a number as its identifier."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues_of(transcript.segments), 1):
        times = f"{_clock(cue.start, '.')} --> {_clock(_end(cue), '.')}"
        blocks.append("\n".join([str(number), times, *(line.translate(_ESCAPES) for line in cue.lines)]))
    return "\n\n".join(blocks) + "\n"


def to_srt(transcript: Transcript) -> str:
    """SubRip. It has no escapes: an arrow in the text, which would look like a cue's times, is shortened."""
    blocks = []
    for number, cue in enumerate(cues_of(transcript.segments), 1):
        times = f"{_clock(cue.start, ',')} --> {_clock(_end(cue), ',')}"
        blocks.append("\n".join([str(number), times, *(line.replace("-->", "->") for line in cue.lines)]))
    return "".join(f"{block}\n\n" for block in blocks)


def to_txt(transcript: Transcript) -> str:
    """The text alone, in paragraphs."""
    paragraphs: list[list[str]] = []
    length, end = 0, 0.0
    for segment in transcript.segments:
        if not segment.text:
            continue
        full = length > _PARAGRAPH_LENGTH and paragraphs[-1][-1].endswith((".", "!", "?"))
        if not paragraphs or full or segment.start - end >= _PARAGRAPH_PAUSE_S:
            paragraphs.append([])
            length = 0
        paragraphs[-1].append(segment.text)
        length += len(segment.text)
        end = segment.end
    return "".join(" ".join(paragraph) + "\n\n" for paragraph in paragraphs).removesuffix("\n")


def _end(cue: Cue) -> float:
    """After its start also when both are written in milliseconds, as players demand."""
    return max(cue.end, (round(cue.start * 1000) + 1) / 1000)


def _clock(seconds: float, mark: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, thousandths = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{thousandths // 1000:02d}{mark}{thousandths % 1000:03d}"


_RENDERERS: dict[CaptionFormat, Callable[[Transcript], str]] = {
    CaptionFormat.VTT: to_vtt,
    CaptionFormat.SRT: to_srt,
    CaptionFormat.TXT: to_txt,
    CaptionFormat.JSON: lambda transcript: transcript.to_json() + "\n",
}

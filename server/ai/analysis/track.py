"""Chapters as a WebVTT track of kind `chapters` (https://www.w3.org/TR/webvtt1/#introduction-chapters)."""

from collections.abc import Sequence

from server.ai.analysis.schemas import ChapterOut

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def chapters_vtt(chapters: Sequence[ChapterOut]) -> str:
    """One cue a chapter, numbered; a track without cues where there are none."""
    blocks = ["WEBVTT"]
    for number, chapter in enumerate(chapters, 1):
        title = " ".join(chapter.title.split()).translate(_ESCAPES)
        blocks.append(f"{number}\n{_clock(chapter.start)} --> {_clock(chapter.end)}\n{title}")
    return "\n\n".join(blocks) + "\n"


def _clock(seconds: float) -> str:
    minutes, thousandths = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{thousandths // 1000:02d}.{thousandths % 1000:03d}"

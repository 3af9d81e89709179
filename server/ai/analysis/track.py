"""Chapters as a WebVTT track of kind `chapters` (https://www.w3.org/TR/webvtt1/#introduction-chapters)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from server.ai.analysis.schemas import ChapterOut
from server.ai.analysis.service import Analyses
from server.recordings.schemas import Marker, Recording
from server.streaming.captions import Chapters

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# A chapter that was found so near to a marker begins there: a person knows better.
_NEAR_S = 10.0
# What lies before the first marker is a chapter of its own from this length on.
_BEGINNING_S = 1.0
# Of the last chapter of a recording whose length nobody knows yet.
_OPEN_END_S = 3600.0


@dataclass(frozen=True, slots=True)
class Track:
    """`count` of the cues: a track may have none."""

    text: str
    count: int

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.text.encode()).hexdigest()[:24]}"'


class PlayerChapters:
    """Called with a recording; what streaming wants as `ChaptersOf`."""

    def __init__(self, analyses: Analyses) -> None:
        self._analyses = analyses

    async def __call__(self, recording: Recording) -> Chapters | None:
        track = await self.track(recording)
        return Chapters(track.text, track.etag) if track is not None and track.count else None

    async def track(self, recording: Recording) -> Track | None:
        """None where nothing was marked and nothing analysed."""
        found = await self._analyses.chapters(recording.id)
        if found is None and not recording.markers:
            return None
        chapters = merged(found or (), recording.markers, recording.duration_s, recording.title)
        return Track(chapters_vtt(chapters), len(chapters))


def merged(
    found: Sequence[ChapterOut], markers: Sequence[Marker], duration_s: float | None, title: str
) -> list[ChapterOut]:
    """All markers, and what was found between them. `title` is for what lies before the first marker."""
    marks = {one.time: one.title for one in markers if duration_s is None or one.time < duration_s}
    if not marks:
        return list(found)
    begins = marks | {one.start: one.title for one in found if not _is_marked(one.start, marks)}
    if min(begins) > _BEGINNING_S:
        begins[0.0] = title
    starts = sorted(begins)
    known_end = duration_s or (found[-1].end if found else 0.0)
    ends = [*starts[1:], known_end if known_end > starts[-1] else starts[-1] + _OPEN_END_S]
    return [ChapterOut(title=begins[at], start=at, end=end) for at, end in zip(starts, ends, strict=True)]


def _is_marked(start: float, marks: dict[float, str]) -> bool:
    near = _BEGINNING_S if start == 0 else _NEAR_S
    return any(abs(start - at) <= near for at in marks)


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

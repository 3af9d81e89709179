"""What was said in a recording: words with times, in segments. Needs neither a codec nor a model."""

import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from media.errors import TranscriptError

# A day of speech. What is larger was not said by anybody.
MAX_SEGMENTS = 50_000
MAX_WORDS_IN_SEGMENT = 2_000
MAX_TEXT = 10_000  # characters of one segment
MAX_SECONDS = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Word:
    """Seconds from the start of the recording; `text` without the space around it; confidence 0 to 1."""

    start: float
    end: float
    text: str
    confidence: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "start": _rounded(self.start),
            "end": _rounded(self.end),
            "text": self.text,
            "confidence": _rounded(self.confidence),
        }


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or a part of one.

    `words` may be empty: captions that a person wrote have times for whole lines only. What a person wrote
    counts as certain (confidence 1).
    """

    id: int
    start: float
    end: float
    text: str
    confidence: float = 1.0
    words: tuple[Word, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As the API and the column `segments` hold it."""
        return {
            "id": self.id,
            "start": _rounded(self.start),
            "end": _rounded(self.end),
            "text": self.text,
            "confidence": _rounded(self.confidence),
            "words": [word.as_dict() for word in self.words],
        }

    @classmethod
    def from_dict(cls, data: object) -> "Segment":
        """Raises TranscriptError for what is no segment."""
        row = _mapping(data, "A segment")
        start, end = _span(row)
        words = row.get("words") or []
        if not isinstance(words, list) or len(words) > MAX_WORDS_IN_SEGMENT:
            raise _refused(f"words of a segment must be a list of at most {MAX_WORDS_IN_SEGMENT}")
        number = row.get("id", 0)
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**31:
            raise _refused("a segment's id must be a whole number")
        return cls(
            number, start, end, _text(row), _confidence(row), tuple(_word(word, start, end) for word in words)
        )


_Timed = TypeVar("_Timed", Word, Segment)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All of a recording's segments, by time. `language` is a code such as `en`, `und` where unknown."""

    language: str
    segments: tuple[Segment, ...] = field(default=())
    model: str = ""
    duration_s: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def word_count(self) -> int:
        """Languages without spaces are counted by the model's words, others by what stands between spaces."""
        return sum(max(len(segment.words), len(segment.text.split())) for segment in self.segments)

    @property
    def confidence(self) -> float:
        """Mean over the spoken time; 0 where nothing was said."""
        weights = [max(0.01, segment.end - segment.start) for segment in self.segments]
        if not weights:
            return 0.0
        pairs = zip(self.segments, weights, strict=True)
        return sum(segment.confidence * weight for segment, weight in pairs) / sum(weights)

    def within(self, seconds: float) -> "Transcript":
        """The same words, none of them later than the end of a recording that is so long.

        A model hears a little beyond the end, and a text from elsewhere may be another cut's.
        """

        def ended(one: _Timed) -> _Timed:
            return replace(one, start=min(one.start, seconds), end=min(one.end, seconds))

        return replace(
            self,
            segments=tuple(
                replace(ended(segment), words=tuple(ended(word) for word in segment.words))
                for segment in self.segments
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "model": self.model,
            "duration": _rounded(self.duration_s),
            "segments": [segment.as_dict() for segment in self.segments],
        }

    def to_json(self) -> str:
        return json.dumps(self.as_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_dict(cls, data: object) -> "Transcript":
        """Raises TranscriptError for what is no transcript, or larger than any recording's."""
        row = _mapping(data, "A transcript")
        rows = row.get("segments")
        if not isinstance(rows, list) or len(rows) > MAX_SEGMENTS:
            raise _refused(f"segments must be a list of at most {MAX_SEGMENTS}")
        language = row.get("language") or "und"
        model = row.get("model") or ""
        if not isinstance(language, str) or not 2 <= len(language) <= 10 or not language.isascii():
            raise _refused("language must be a code such as en")
        if not isinstance(model, str) or len(model) > 200:
            raise _refused("model must be a name")
        segments = tuple(sorted(map(Segment.from_dict, rows), key=lambda segment: segment.start))
        if len({segment.id for segment in segments}) != len(segments):
            raise _refused("two segments have the same id")
        duration = _seconds(row.get("duration", 0.0), "duration")
        return cls(language, segments, model, duration)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Transcript":
        """Raises TranscriptError."""
        try:
            return cls.from_dict(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise _refused("it is not JSON") from error


def _word(data: object, start: float, end: float) -> Word:
    row = _mapping(data, "A word")
    first, last = _span(row)
    # A model's words may reach a little over their segment; players and editors need them inside.
    first = min(max(first, start), end)
    return Word(first, min(max(last, first), end), _text(row), _confidence(row))


def _mapping(data: object, what: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise _refused(f"{what.lower()} must be an object")
    return data


def _span(row: Mapping[str, Any]) -> tuple[float, float]:
    start, end = _seconds(row.get("start"), "start"), _seconds(row.get("end"), "end")
    if end < start:
        raise _refused("an end lies before its start")
    return start, end


def _seconds(value: object, name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _refused(f"{name} must be a number of seconds")
    if not (math.isfinite(value) and 0 <= value <= MAX_SECONDS):
        raise _refused(f"{name} must lie between 0 and {MAX_SECONDS:.0f} seconds")
    return float(value)


def _confidence(row: Mapping[str, Any]) -> float:
    value = row.get("confidence", 1.0)
    value = 1.0 if value is None else value
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise _refused("confidence must lie between 0 and 1")
    return float(value)


def _text(row: Mapping[str, Any]) -> str:
    value = row.get("text")
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise _refused(f"text must be a string of at most {MAX_TEXT} characters")
    return clean(value)


def clean(text: str) -> str:
    """One line without control characters: what a caption can show and a database can store.

    Format characters stay: emoji and several scripts are joined by them.
    """
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)
    return " ".join(text.split())


def _rounded(value: float) -> float:
    return round(value, 3)


def _refused(detail: str) -> TranscriptError:
    return TranscriptError("This is no transcript Heddle can read", detail)

"""What people change in a transcript, as pure functions: words keep times, corrections survive."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from media.transcript import Segment, Word

# A new segment lies inside an edited one when so much of its time does.
_INSIDE = 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    """A segment, and what the machine heard there where a person says something else.

    A segment that a person emptied stays as an entry without text, so that no machine brings it back.
    """

    segment: Segment
    original: str | None = None

    @property
    def edited(self) -> bool:
        return self.original is not None

    def to_json(self) -> dict[str, Any]:
        written = self.segment.as_dict()
        return written if self.original is None else {**written, "original": self.original}

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> "Entry":
        return cls(Segment.from_dict(written), written.get("original"))


def spoken(entries: Iterable[Entry]) -> tuple[Segment, ...]:
    """The segments that have something to show."""
    return tuple(entry.segment for entry in entries if entry.segment.text)


def numbered(segments: Iterable[Segment]) -> tuple[Entry, ...]:
    """Entries in order of time, numbered from 0."""
    ordered = sorted(segments, key=lambda segment: segment.start)
    return tuple(Entry(replace(segment, id=number)) for number, segment in enumerate(ordered))


def reworded(entry: Entry, text: str) -> Entry:
    """The entry with another text. Back at what the machine heard, it counts as never edited."""
    original = entry.segment.text if entry.original is None else entry.original
    words = aligned(entry.segment, text)
    segment = replace(entry.segment, text=text, words=words, confidence=1.0)
    return Entry(segment, None if text == original else original)


def aligned(segment: Segment, text: str) -> tuple[Word, ...]:
    """Times for the words of a new text: kept where a word stayed, spread evenly where others came in."""
    old, new = segment.words, text.split()
    if not old or not new:
        return tuple(_spread(new, segment.start, segment.end))
    matcher = SequenceMatcher(None, [_bare(w.text) for w in old], [_bare(w) for w in new], autojunk=False)
    words: list[Word] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            words += [replace(was, text=text) for was, text in zip(old[i1:i2], new[j1:j2], strict=True)]
        elif j2 > j1:
            start = old[i1].start if i2 > i1 else (old[i1 - 1].end if i1 else segment.start)
            end = old[i2 - 1].end if i2 > i1 else (old[i1].start if i1 < len(old) else segment.end)
            words += _spread(new[j1:j2], start, max(start, end))
    return tuple(words)


def with_edits_kept(old: Sequence[Entry], new: Sequence[Segment], *, same_sound: bool) -> tuple[Entry, ...]:
    """The new segments, with what people corrected laid over them.

    With the same sound a correction is right whatever the machine hears this time. With another one (a new
    upload) it stays only where the machine heard the same words at the same time again.
    """
    kept: list[Entry] = []
    covered: set[int] = set()
    for entry in old:
        if not entry.edited:
            continue
        inside = {number for number, segment in enumerate(new) if _inside(segment, entry.segment)}
        heard = " ".join(new[number].text for number in sorted(inside))
        if same_sound or (inside and _words(heard) == _words(entry.original or "")):
            kept.append(entry)
            covered |= inside
    rest = [Entry(segment) for number, segment in enumerate(new) if number not in covered]
    ordered = sorted([*rest, *kept], key=lambda entry: entry.segment.start)
    return tuple(Entry(replace(one.segment, id=n), one.original) for n, one in enumerate(ordered))


def _inside(segment: Segment, edited: Segment) -> bool:
    shared = min(segment.end, edited.end) - max(segment.start, edited.start)
    length = max(segment.end - segment.start, 1e-3)
    return shared >= _INSIDE * length


def _words(text: str) -> list[str]:
    return [bare for word in text.split() if (bare := _bare(word))]


def _bare(word: str) -> str:
    """Capitals and punctuation make no other word."""
    return "".join(char for char in word.casefold() if char.isalnum())


def _spread(words: Sequence[str], start: float, end: float) -> Iterator[Word]:
    step = (end - start) / len(words) if words else 0.0
    for number, word in enumerate(words):
        yield Word(round(start + number * step, 3), round(start + (number + 1) * step, 3), word, 1.0)

"""Segments cut into cues that can be read: two lines of 42 characters, seven seconds at most.

The figures are those broadcasters agree on (42 characters a line, at most 7 s on screen).
Source: https://partnerhelp.netflixstudios.com/hc/en-us/articles/217350977
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from media.transcript import Segment

LINE_WIDTH = 42
LINES = 2
LONGEST_S = 7.0
# A cue may stay a little longer than its words, where nobody else speaks: short ones cannot be read in time.
SHORTEST_S = 1.0
_WIDE = frozenset("WF")  # East Asian letters take two places
# Also the wide marks of East Asian texts, by their numbers: they look like the narrow ones.
_SENTENCE_ENDS = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f")
_PAUSES = (",", ";", ":", "\u2013", "\u2014", "\u3001", "\uff0c", "\uff1b", "\uff1a")


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at once; seconds."""

    start: float
    end: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word with what stands before it: a space, or nothing in languages that have none."""

    text: str
    space: str
    start: float
    end: float


def cues_of(segments: Sequence[Segment]) -> list[Cue]:
    """By time; no cue lasts into the next one."""
    cues = [cue for segment in segments for cue in _cues(segment)]
    return [_stretched(cue, after) for cue, after in zip_longest(cues, cues[1:])]


def _stretched(cue: Cue, after: Cue | None) -> Cue:
    end = max(cue.end, cue.start + SHORTEST_S)
    if after is not None and after.start > cue.start:
        end = min(end, after.start)
    return Cue(cue.start, max(end, cue.start + 0.001), cue.lines)


def _cues(segment: Segment) -> Iterator[Cue]:
    pieces = _pieces(segment)
    if not pieces:
        return
    for group in _groups(pieces):
        start = max(group[0].start, segment.start)
        yield Cue(start, max(start, group[-1].end), _lines(group))


def _groups(pieces: Sequence[_Piece]) -> Iterator[Sequence[_Piece]]:
    """Halves, and halves of halves, until each fits: cues come out about equally long."""
    if _fits(pieces):
        yield pieces
        return
    at = max(range(1, len(pieces)), key=lambda index: _worth(pieces, index))
    yield from _groups(pieces[:at])
    yield from _groups(pieces[at:])


def _fits(pieces: Sequence[_Piece]) -> bool:
    if len(pieces) == 1:
        return True
    if pieces[-1].end - pieces[0].start > LONGEST_S:
        return False
    lines = _lines(pieces)
    return len(lines) <= LINES and all(_width(line) <= LINE_WIDTH for line in lines)


def _worth(pieces: Sequence[_Piece], index: int) -> float:
    """How good it is to cut before this piece: near the middle, after punctuation, at a pause."""
    before, after = _width(_joined(pieces[:index])), _width(_joined(pieces[index:]))
    balance = 1 - abs(before - after) / max(1, before + after)
    return 3 * balance + _rest(pieces[index - 1], pieces[index])


def _rest(left: _Piece, right: _Piece) -> float:
    """How much of a break there is between two pieces, 0 to 4."""
    spoken = min(1.0, max(0.0, right.start - left.end))
    if left.text.endswith(_SENTENCE_ENDS):
        return 3 + spoken
    return (1.5 if left.text.endswith(_PAUSES) else 0) + spoken


def _lines(pieces: Sequence[_Piece]) -> tuple[str, ...]:
    """One line, or the best of all ways to make two."""
    whole = _joined(pieces)
    if _width(whole) <= LINE_WIDTH or len(pieces) == 1:
        return (whole,)
    ways = [(_joined(pieces[:at]), _joined(pieces[at:]), at) for at in range(1, len(pieces))]

    def badness(way: tuple[str, str, int]) -> float:
        upper, lower, at = way
        over = sum(max(0, _width(line) - LINE_WIDTH) for line in (upper, lower))
        return 1000 * over + abs(_width(upper) - _width(lower)) - 3 * _rest(pieces[at - 1], pieces[at])

    upper, lower, _ = min(ways, key=badness)
    return upper, lower


def _joined(pieces: Sequence[_Piece]) -> str:
    return "".join(piece.space + piece.text for piece in pieces).strip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in _WIDE else 1 for char in text)


def _pieces(segment: Segment) -> list[_Piece]:
    return _timed_pieces(segment) or _spread_pieces(segment)


def _timed_pieces(segment: Segment) -> list[_Piece]:
    """The segment's words at their times; nothing where the text was edited and the words no longer match."""
    pieces: list[_Piece] = []
    at = 0
    for word in segment.words:
        found = segment.text.find(word.text, at)
        between = segment.text[at:found]
        if not word.text or found < 0 or between.strip():
            return []
        pieces.append(_Piece(word.text, between and " ", word.start, word.end))
        at = found + len(word.text)
    return [] if segment.text[at:].strip() else pieces


def _spread_pieces(segment: Segment) -> list[_Piece]:
    """Without times of words: each gets its part of the segment by its letters."""
    words = [(part, " ") for part in segment.text.split()]
    pairs = [pair for text, space in words for pair in _cut(text, space)]
    letters = sum(len(text) for text, _ in pairs)
    pieces: list[_Piece] = []
    done = 0
    for text, space in pairs:
        start, end = (
            segment.start + (segment.end - segment.start) * part / letters
            for part in (done, done + len(text))
        )
        pieces.append(_Piece(text, space, start, end))
        done += len(text)
    return pieces


def _cut(text: str, space: str) -> Iterator[tuple[str, str]]:
    """A text without spaces that is wider than a line is cut anywhere in wide letters, a long link never."""
    if _width(text) <= LINE_WIDTH or _width(text) == len(text):
        yield text, space
        return
    yield text[0], space
    yield from ((char, "") for char in text[1:])

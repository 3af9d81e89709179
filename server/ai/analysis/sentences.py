"""A transcript as sentences that know when they were said.

Speech to text often gives neither full stops nor capitals. Where there are any they are believed; where there
are none, a sentence ends where the speaker paused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from media.transcript import Segment, Transcript
from server.ai.analysis.words import Vocabulary, is_dense, vocabulary

_ENDS = re.compile(r"[.?!…。\uff1f\uff01।\u061f]+[\"'”\u2019»)\]]*$")
_ABBREVIATION = re.compile(
    r"^(?:[a-z]|dr|mr|mrs|ms|prof|st|vs|etc|e\.g|i\.e|z\.b|bzw|ca|nr|no|approx|inc|ltd|corp|sr|jr)\.$",
    re.IGNORECASE,
)
# One end of a sentence in so many words, or the text counts as not punctuated.
_PUNCTUATED = 45
_PAUSE_S = 0.6  # ends a sentence that has no full stop
_LONG_PAUSE_S = 2.5  # ends one even between words that full stops do not part
_MAX_WORDS = 45
_MAX_CHARACTERS = 200  # of a word: an address at most; patterns never meet an endless one
_MIN_CUT = 8  # words on both sides of a cut that nothing asked for


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it was written, its time in seconds, and the segment it came from."""

    text: str
    start: float
    end: float
    segment: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """`terms` are the stems that carry its subject; `segments` the ids of where it was said."""

    text: str
    start: float
    end: float
    segments: tuple[int, ...]
    words: int
    terms: tuple[str, ...]
    pause_before: float


def sentences_of(transcript: Transcript, words: Vocabulary | None = None) -> list[Sentence]:
    """All sentences in the order they were said."""
    words = words or vocabulary(transcript.language)
    tokens = [token for segment in transcript.segments for token in _tokens(segment)]
    sentences: list[Sentence] = []
    previous_end = tokens[0].start if tokens else 0.0
    for group in _split(tokens):
        text = _join(group)
        sentences.append(
            Sentence(
                text=text,
                start=group[0].start,
                end=max(group[0].start, group[-1].end),
                segments=tuple(dict.fromkeys(token.segment for token in group)),
                words=len(group),
                terms=words.terms(text),
                pause_before=max(0.0, group[0].start - previous_end),
            )
        )
        previous_end = group[-1].end
    return sentences


def _tokens(segment: Segment) -> Iterator[Token]:
    """The words with their times; without word times they share the segment's by their length."""
    timed = [word for word in segment.words if word.text.strip()]
    if timed:
        for word in timed:
            yield Token(_plain(word.text), word.start, word.end, segment.id)
        return
    pieces = segment.text.split()
    length = sum(len(piece) + 1 for piece in pieces)
    at = segment.start
    for piece in pieces:
        until = at + (segment.end - segment.start) * (len(piece) + 1) / length
        yield Token(_plain(piece), at, until, segment.id)
        at = until


def _plain(word: str) -> str:
    """With the typewriter's apostrophe, so that patterns need to know but one."""
    return word.strip().replace("\u2019", "'")[:_MAX_CHARACTERS]


def _split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    if not tokens:
        return
    punctuated = sum(_ends(token) for token in tokens) * _PUNCTUATED >= len(tokens)
    group = [tokens[0]]
    for before, token in pairwise(tokens):
        pause = token.start - before.end
        if punctuated:
            over = _ends(before) or pause >= _LONG_PAUSE_S
        else:
            # The recogniser's own pieces are phrases; a breath between two is enough.
            other_segment = token.segment != before.segment
            over = _ends(before) or pause >= (_PAUSE_S / 2 if other_segment else _PAUSE_S)
        if over:
            yield from _cut(group)
            group = []
        group.append(token)
    yield from _cut(group)


def _cut(group: list[Token]) -> Iterator[list[Token]]:
    """A run without any end is cut where its longest pauses are."""
    while len(group) > _MAX_WORDS:
        places = range(_MIN_CUT, min(_MAX_WORDS, len(group) - _MIN_CUT))
        at = max(places, key=lambda place: (_gap(group, place), place))
        yield group[:at]
        group = group[at:]
    yield group


def _gap(group: Sequence[Token], place: int) -> tuple[bool, bool, float]:
    before, after = group[place - 1], group[place]
    return (
        before.text.endswith((",", ";", ":", "\uff0c")),
        before.segment != after.segment,
        after.start - before.end,
    )


def _ends(token: Token) -> bool:
    return bool(_ENDS.search(token.text)) and not _ABBREVIATION.match(token.text)


def _join(group: Sequence[Token]) -> str:
    text = group[0].text
    for before, token in pairwise(group):
        text += token.text if is_dense(before.text) and is_dense(token.text) else f" {token.text}"
    return text

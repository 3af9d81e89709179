"""Against text that nobody said: Whisper makes some up on silence and music, and falls into loops.

Three guards, each on its own evidence: where nobody speaks and the model is unsure, the segment goes; phrases
that are known from subtitles in the training data go where the voice is weak; what repeats itself is said
once. Thresholds are those of the model's authors where they have some.
Sources: https://arxiv.org/abs/2212.04356 (section 4.5), https://arxiv.org/abs/2501.11378
"""

import re
import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from media.transcript import Segment, Word

# A text that shrinks to less than this part repeats itself.
MOST_COMPRESSION = 2.4
LEAST_LOGPROB = -1.0
MOST_SILENCE = 0.6
_WEAK_VOICE = 0.5
_WEAK_WORDS = 0.5
_LONGEST_LOOP = 12  # words
# How often one may say the same words in a row, by their number: "no no no" is said, sentences are not.
_MOST_ROUNDS = {1: 4, 2: 3}
_MOST_ROUNDS_OTHERWISE = 2
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The model's mean log probability for a segment, its belief in silence, and the voice's strength."""

    logprob: float
    silence: float
    voice: float


@dataclass(frozen=True, slots=True)
class Ghosts:
    """Phrases without case and punctuation: `credits` are never said, `polite` sometimes are."""

    credits: frozenset[str]
    polite: frozenset[str]


@lru_cache(maxsize=1)
def ghosts() -> Ghosts:
    data = tomllib.loads((files("media.transcribe") / "ghosts.toml").read_text("utf-8"))
    return Ghosts(frozenset(map(_bare, data["credits"])), frozenset(map(_bare, data["polite"])))


def believable(segment: Segment, evidence: Evidence) -> bool:
    """Whether it was probably said."""
    if evidence.silence > MOST_SILENCE and evidence.logprob < LEAST_LOGPROB:
        return False
    bare = _bare(segment.text)
    if not bare:
        return False
    if any(bare.startswith(credit) for credit in ghosts().credits):
        return False
    weak = evidence.voice < _WEAK_VOICE or segment.confidence < _WEAK_WORDS or evidence.silence > MOST_SILENCE
    return not (weak and bare in ghosts().polite)


def compression(text: str) -> float:
    """How many times shorter the text can be written: over 2.4 it repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def without_loops(segment: Segment) -> Segment:
    """Words that are said over and over, once; a segment without words of its own stays."""
    kept = _unlooped(segment.words)
    if len(kept) == len(segment.words):
        return segment
    text = (" " if " " in segment.text else "").join(word.text for word in kept)
    return replace(segment, text=text, words=tuple(kept), end=min(segment.end, kept[-1].end))


def repeats(before: Sequence[Segment], segment: Segment) -> bool:
    """Whether the segments before have said the same, once more than anybody would."""
    bare = _bare(segment.text)
    rounds = _MOST_ROUNDS.get(len(segment.text.split()), _MOST_ROUNDS_OTHERWISE)
    last = before[-rounds:]
    return len(last) == rounds and all(_bare(earlier.text) == bare for earlier in last)


def _unlooped(words: Sequence[Word]) -> list[Word]:
    said = [_bare(word.text) for word in words]
    kept: list[Word] = []
    at = 0
    while at < len(words):
        length, rounds = _loop_at(said, at)
        kept += words[at : at + length]
        at += length * rounds
    return kept


def _loop_at(said: Sequence[str], at: int) -> tuple[int, int]:
    """The loop that begins here: its length in words and how often it is said; (1, 1) where there is none."""
    for length in range(1, min(_LONGEST_LOOP, (len(said) - at) // 2) + 1):
        unit = said[at : at + length]
        rounds = 1
        while said[at + rounds * length : at + (rounds + 1) * length] == unit:
            rounds += 1
        if rounds > _MOST_ROUNDS.get(length, _MOST_ROUNDS_OTHERWISE):
            return length, rounds
    return 1, 1


def _bare(text: str) -> str:
    return _LETTERS.sub(" ", text.casefold()).strip()

"""What could be cut from a recording: long silence, filler words, words said twice. Needs no codec.

These are suggestions, each with its reason; nothing is ever cut by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from media.transcript import Transcript, Word

STEP_S = 0.1  # between two levels of sound
SILENCE_DB = -90.0  # of full scale: digital silence
_QUIETEST_DB, _LOUDEST_DB = -60.0, -35.0  # the limit under which sound counts as silence lies between
_ALIVE_DB = 10.0  # a recording whose level varies less than this has no speech to tell silence from
_SHORTEST_S = 1.5  # silence worth cutting
_KEPT_S = 0.3  # of it on each side, so that a cut leaves a breath
_PAUSE_S = 2.5  # between two words, where nobody knows how loud it was
_SET_OFF_S = 0.12  # a phrase that may mean something is a filler only between pauses
MOST = 2_000

# Sounds that are no words in any sentence, then phrases that are fillers when they are set off.
_SOUNDS = {
    "en": "um umm uh uhh uhm er erm hmm mmm",
    "de": "äh ähm öh öhm hm hmm mhm",
    "fr": "euh heu hum hmm ben",
    "es": "eh em mmm ehh",
    "it": "ehm eh mmm uhm",
    "pt": "hum hã ahn éé",
    "nl": "eh ehm uh uhm hmm",
    "sv": "öh eh ehm hmm",
    "da": "øh øhm hmm",
    "no": "øh eh ehm hmm",
    "fi": "öö ööm hmm",
    "pl": "yyy eee hmm",
    "ru": "э эм ээ эээ мм ммм",
}
_PHRASES = {
    "en": ("you know", "i mean", "sort of", "kind of", "like", "basically"),
    "de": ("sozusagen", "quasi", "also ja"),
    "fr": ("du coup", "en fait", "tu vois"),
    "es": ("o sea", "digamos"),
    "it": ("cioè", "diciamo"),
    "pt": ("tipo assim", "quer dizer"),
    "nl": ("zeg maar", "weet je"),
}
_DOUBLED_ON_PURPOSE = frozenset(
    {"very", "really", "no", "yes", "had", "that", "bye", "so", "sehr", "ja", "nein", "muy"}
)
_LONGEST_PHRASE = 2


class SuggestionKind(StrEnum):
    SILENCE = "silence"
    FILLER = "filler"
    REPETITION = "repetition"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A part that could go, in seconds."""

    kind: SuggestionKind
    start: float
    end: float
    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a recording, in seconds."""

    start: float
    end: float


def quiet_spans(levels_db: Sequence[float], step_s: float = STEP_S) -> list[Span]:
    """Where it is silent for long. `levels_db` is the loudness of each step, in dB of full scale.

    What is silence depends on the room: the limit lies between its quiet and its loud parts.
    """
    if not levels_db:
        return []
    ordered = sorted(levels_db)
    floor, loud = ordered[len(ordered) // 10], ordered[(len(ordered) * 95) // 100]
    if loud - floor < _ALIVE_DB:  # someone who hardly ever pauses
        floor = ordered[len(ordered) // 100]
    limit = min(_LOUDEST_DB, max(_QUIETEST_DB, floor + 0.3 * (loud - floor)))
    if loud - floor < _ALIVE_DB and loud > limit:
        return []
    spans: list[Span] = []
    begun: int | None = None
    for at, level in enumerate([*levels_db, 0.0]):
        if level < limit:
            begun = at if begun is None else begun
        elif begun is not None:
            if (at - begun) * step_s >= _SHORTEST_S:
                spans.append(Span(round(begun * step_s, 3), round(at * step_s, 3)))
            begun = None
    return spans


def suggestions_of(
    transcript: Transcript, *, duration_s: float, quiet: Sequence[Span] | None = None
) -> list[Suggestion]:
    """By time, at most two thousand. Without `quiet` (see `quiet_spans`) silence is where no word is."""
    words = [word for segment in transcript.segments for word in _words(segment.words)]
    silences = _pauses(words) if quiet is None else _without_words(quiet, transcript, words)
    found = [
        *(_silence(span, duration_s, heard=quiet is not None) for span in silences),
        *_fillers(words, transcript.language),
        *_repetitions(words),
    ]
    kept = [one for one in found if one is not None and one.end > one.start]
    return sorted(kept, key=lambda one: (one.start, one.end))[:MOST]


def _words(words: Sequence[Word]) -> Iterator[Word]:
    for word in words:
        plain = word.text.strip(" .,;:!?\u2026-\u2013\u2014\"'").lower()
        if plain:
            yield Word(word.start, word.end, plain, word.confidence)


def _pauses(words: Sequence[Word]) -> list[Span]:
    return [Span(one.end, other.start) for one, other in pairwise(words) if other.start - one.end >= _PAUSE_S]


def _without_words(quiet: Sequence[Span], transcript: Transcript, words: Sequence[Word]) -> list[Span]:
    """The silences less the words in them: someone may speak more softly than the limit."""
    spoken = [Span(word.start, word.end) for word in words] or [
        Span(segment.start, segment.end) for segment in transcript.segments
    ]
    spoken.sort(key=lambda span: span.start)
    free: list[Span] = []
    place = 0
    for span in quiet:
        at = span.start
        while place < len(spoken) and spoken[place].end <= at:
            place += 1
        look = place
        while look < len(spoken) and spoken[look].start < span.end:
            free.append(Span(at, spoken[look].start))
            at = max(at, spoken[look].end)
            look += 1
        free.append(Span(at, span.end))
    return [span for span in free if span.end - span.start >= _SHORTEST_S]


def _silence(span: Span, duration_s: float, *, heard: bool) -> Suggestion | None:
    """A little of it stays, but nothing at the very start and end of the recording."""
    start = span.start + (_KEPT_S if span.start > STEP_S else 0.0)
    end = min(span.end, duration_s) if duration_s else span.end
    end -= 0.0 if duration_s and span.end >= duration_s - STEP_S else _KEPT_S
    if end - start < _SHORTEST_S / 2:
        return None
    length = span.end - span.start
    reason = f"{length:.1f} s of silence" if heard else f"Nothing is said for {length:.1f} s"
    return Suggestion(SuggestionKind.SILENCE, round(start, 3), round(end, 3), reason)


def _fillers(words: Sequence[Word], language: str) -> Iterator[Suggestion]:
    code = language.lower().split("-")[0].split("_")[0]
    sounds, phrases = frozenset(_SOUNDS.get(code, "").split()), _PHRASES.get(code, ())
    at = 0
    while at < len(words):
        length = 1 if words[at].text in sounds else _phrase_at(words, at, phrases)
        if length:
            first, last = words[at], words[at + length - 1]
            said = " ".join(word.text for word in words[at : at + length])
            yield Suggestion(
                SuggestionKind.FILLER, round(first.start, 3), round(last.end, 3), f'Filler word "{said}"'
            )
        at += max(1, length)


def _phrase_at(words: Sequence[Word], at: int, phrases: Sequence[str]) -> int:
    """How many words of a set-off filler phrase begin here."""
    for length in range(_LONGEST_PHRASE, 0, -1):
        part = words[at : at + length]
        if len(part) < length or " ".join(word.text for word in part) not in phrases:
            continue
        before = part[0].start - words[at - 1].end if at else _SET_OFF_S
        after = words[at + length].start - part[-1].end if at + length < len(words) else _SET_OFF_S
        if before >= _SET_OFF_S and after >= _SET_OFF_S:
            return length
    return 0


def _repetitions(words: Sequence[Word]) -> Iterator[Suggestion]:
    """The first of two equal words: the second is the one the sentence goes on with."""
    for one, other in pairwise(words):
        same = one.text == other.text and one.text.isalpha() and one.text not in _DOUBLED_ON_PURPOSE
        if same and 0 <= other.start - one.end < 1.0:
            yield Suggestion(
                SuggestionKind.REPETITION,
                round(one.start, 3),
                round(other.start, 3),
                f'"{one.text}" is said twice',
            )

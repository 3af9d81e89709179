"""What it is about, in a few words: phrases between stop words (RAKE), weighed by how often and where.

Rose et al., "Automatic Keyword Extraction from Individual Documents" (2010), gives the candidates. Their own
score favours long phrases that occur once, which in speech are slips; here a word counts by its frequency and
its rarity among the sentences (TF-IDF), and a phrase must be said twice to count as one.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.ai.analysis.findings import Counted, Topic, mention_of
from server.ai.analysis.sentences import Sentence
from server.ai.analysis.words import Vocabulary, words_of

MOST_TOPICS = 10
_LONGEST = 3  # words of a phrase
_BREAKS = ',;:()[]{}"“”|/…?!'


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase as stems, and as it was said here."""

    stems: tuple[str, ...]
    text: str


def topics_of(sentences: Sequence[Sentence], words: Vocabulary) -> tuple[Topic, ...]:
    """At most ten, the strongest first."""
    weights = term_weights(sentences)
    found: dict[tuple[str, ...], Counted] = {}
    spellings: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for candidate in candidates(sentence.text, words):
            found.setdefault(candidate.stems, Counted("")).add(mention_of(sentence))
            spellings[candidate.stems][candidate.text] += 1
    scored = _scored(found, weights)
    best = max(scored.values(), default=1.0)
    return tuple(
        Topic(
            text=_spelling(spellings[stems]),
            score=round(scored[stems] / best, 3),
            count=found[stems].count,
            mentions=tuple(found[stems].mentions),
        )
        for stems in _without_parts(scored)[:MOST_TOPICS]
    )


def term_weights(sentences: Sequence[Sentence]) -> dict[str, float]:
    """Frequency times rarity of each stem."""
    frequency = Counter(term for sentence in sentences for term in sentence.terms)
    spread = Counter(term for sentence in sentences for term in set(sentence.terms))
    total = len(sentences)
    return {term: count * math.log1p(total / spread[term]) for term, count in frequency.items()}


def candidates(text: str, words: Vocabulary) -> Iterator[Candidate]:
    """Each run of words between stop words and marks, and its parts: of one to three words."""
    for run in _runs(text, words):
        for length in range(1, min(_LONGEST, len(run)) + 1):
            for at in range(len(run) - length + 1):
                part = run[at : at + length]
                stems = tuple(words.stem(word) for word in part)
                if len(set(stems)) == length:
                    yield Candidate(stems, " ".join(part))


def _runs(text: str, words: Vocabulary) -> Iterator[list[str]]:
    for mark in _BREAKS:
        text = text.replace(mark, " . ")
    run: list[str] = []
    for piece in text.split():
        found = words_of(piece)
        for word in found:
            if words.is_stop(word):
                yield run
                run = []
            else:
                run.append(word)
        if not found or piece.endswith((".", "。")):
            yield run
            run = []
    yield run


def _scored(
    found: Mapping[tuple[str, ...], Counted], weights: Mapping[str, float]
) -> dict[tuple[str, ...], float]:
    scores = {}
    for stems, counted in found.items():
        if len(stems) > 1 and counted.count < 2:
            continue
        mean = sum(weights.get(stem, 0.0) for stem in stems) / len(stems)
        scores[stems] = mean * (1 + 0.5 * (len(stems) - 1)) * min(1.0, 0.6 + 0.2 * counted.count)
    return scores


def _without_parts(scored: Mapping[tuple[str, ...], float]) -> list[tuple[str, ...]]:
    """The strongest first; what only repeats words of a stronger one is left out."""
    chosen: list[tuple[str, ...]] = []
    for stems in sorted(scored, key=lambda stems: (-scored[stems], stems)):
        taken = {stem for other in chosen for stem in other}
        if not set(stems) <= taken and not any(set(other) <= set(stems) for other in chosen):
            chosen.append(stems)
    return chosen


def _spelling(spellings: Counter[str]) -> str:
    """As it was said most; of equals the one without capitals, as a sentence's start has one."""
    return min(spellings, key=lambda text: (-spellings[text], sum(map(str.isupper, text)), text))

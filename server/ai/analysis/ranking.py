"""The sentences that say most: TextRank, with a little less of what has been said already.

Mihalcea and Tarau, "TextRank: Bringing Order into Texts" (2004): sentences are the nodes of a graph, common
words its edges, and PageRank finds the sentences that the others speak about. Rare words weigh more than
frequent ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from server.ai.analysis.findings import Quote, mention_of, tidy
from server.ai.analysis.sentences import Sentence

Matrix = NDArray[np.float32]

_DAMPING = 0.85
_ROUNDS = 60
_STILL = 1e-6
# A graph of more sentences than this is built in parts, whose best meet in a last one: memory is bounded.
_MOST = 900
_SENTENCES_PER_QUOTE = 9
_MOST_QUOTES = 6
_SHORTEST, _LONGEST = 6, 45  # words of a good sentence
_REPETITION = 0.6  # how much likeness to a chosen sentence counts against one


def summarise(sentences: Sequence[Sentence]) -> tuple[Quote, ...]:
    """One sentence for about nine, at most six, in the order they were said."""
    usable = [sentence for sentence in sentences if len(set(sentence.terms)) >= 2] or list(sentences[:1])
    if not usable:
        return ()
    count = min(_MOST_QUOTES, max(1, round(len(usable) / _SENTENCES_PER_QUOTE)))
    usable = _best_of_parts(usable)
    likeness = similarity(usable)
    chosen = _choose(likeness, ranks(likeness) * _shape(usable), count)
    return tuple(Quote(tidy(usable[at].text), mention_of(usable[at])) for at in sorted(chosen))


def similarity(sentences: Sequence[Sentence]) -> Matrix:
    """Cosine of the sentences' terms weighed by rarity: symmetric, 0 to 1, zero on the diagonal."""
    columns: dict[str, int] = {}
    for sentence in sentences:
        for term in sentence.terms:
            columns.setdefault(term, len(columns))
    matrix = np.zeros((len(sentences), max(1, len(columns))), np.float32)
    for row, sentence in enumerate(sentences):
        for term in sentence.terms:
            matrix[row, columns[term]] = 1.0
    matrix *= np.log1p(len(sentences) / np.maximum(1.0, matrix.sum(axis=0)))
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.maximum(length, 1e-9)
    likeness: Matrix = matrix @ matrix.T
    np.fill_diagonal(likeness, 0.0)
    return likeness


def ranks(likeness: Matrix) -> Matrix:
    """PageRank over a weighted graph, scaled to a mean of 1."""
    count = len(likeness)
    total = likeness.sum(axis=1, keepdims=True)
    steps = np.divide(likeness, total, out=np.full_like(likeness, 1.0 / count), where=total > 0)
    rank = np.full(count, 1.0 / count, np.float32)
    for _ in range(_ROUNDS):
        following = (1 - _DAMPING) / count + _DAMPING * (rank @ steps)
        moved = float(np.abs(following - rank).sum())
        rank = following
        if moved < _STILL:
            break
    scaled: Matrix = rank * count
    return scaled


def _best_of_parts(sentences: Sequence[Sentence]) -> list[Sentence]:
    kept = list(sentences)
    while len(kept) > _MOST:
        parts = [kept[at : at + _MOST] for at in range(0, len(kept), _MOST)]
        kept = [sentence for part in parts for sentence in _top(part, max(1, len(part) // 3))]
    return kept


def _top(part: Sequence[Sentence], count: int) -> list[Sentence]:
    score = ranks(similarity(part)) * _shape(part)
    best = np.argsort(-score, kind="stable")[:count]
    return [part[at] for at in sorted(int(place) for place in best)]


def _shape(sentences: Sequence[Sentence]) -> Matrix:
    """Fragments and endless sentences read badly; the first ones say what it is about."""
    factors = np.ones(len(sentences), np.float32)
    for at, sentence in enumerate(sentences):
        if not _SHORTEST <= sentence.words <= _LONGEST:
            factors[at] *= 0.6
        if sentence.text.rstrip().endswith(("?", "\uff1f")):
            factors[at] *= 0.7
    lead = min(3, len(sentences))
    factors[:lead] *= np.array([1.25, 1.15, 1.1], np.float32)[:lead]
    return factors


def _choose(likeness: Matrix, score: Matrix, count: int) -> list[int]:
    """One after the other, each less by how much it repeats those before (maximal marginal relevance)."""
    chosen: list[int] = []
    repeated = np.zeros(len(score), np.float32)
    for _ in range(min(count, len(score))):
        value = score * (1.0 - _REPETITION * repeated)
        value[chosen] = -np.inf
        best = int(np.argmax(value))
        chosen.append(best)
        repeated = np.maximum(repeated, likeness[best])
    return chosen

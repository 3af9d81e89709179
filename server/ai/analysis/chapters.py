"""Where one subject ends and the next begins: TextTiling, helped by what the speaker and the picture show.

Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages" (1997): between every two
sentences the words before are compared with those after; where they have least in common lies a boundary. A
pause, a word of transition and a change of the picture make one likelier.
"""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from server.ai.analysis.findings import SHORTEST_VIDEO_S, Chapter, shortened, tidy
from server.ai.analysis.keywords import candidates
from server.ai.analysis.sentences import Sentence
from server.ai.analysis.words import Vocabulary

Scores = NDArray[np.float64]

_SHORTEST_S = 20.0  # chapter
_MOST = 30
_BLOCK = 60  # words on each side of a boundary
_NEAR_S = 3.0  # a change of the picture belongs to a boundary so far away
_TRANSITION = re.compile(
    r"^(?:(?:so|and|okay|ok|all right|alright|right|well),?\s)*(?:now|next|then let'?s|first(?:ly)?|"
    r"second(?:ly)?|third(?:ly)?|finally|lastly|moving on|let'?s (?:move|go|talk|look|start|get started|"
    r"switch|continue|turn)|the (?:next|first|second|last|other) (?:thing|part|step|topic|point|section)|"
    r"another (?:thing|topic|point)|in (?:this|the next) (?:section|part|chapter)|to (?:summari[sz]e|"
    r"sum up|wrap up|conclude)|in (?:summary|conclusion)|als nächstes|zuerst|zunächst|zum schluss|"
    r"kommen wir|ensuite|maintenant|pour finir|d'abord|ahora|a continuación|por último|primero)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:talk about|talking about|look at|move on to|moving on to|go to|turn to|switch to|start with|"
    r"topic is|is about|kommen wir zu|sprechen über|parler de|hablar de)\s+(?P<subject>[^.?!;:]{3,60})",
    re.IGNORECASE,
)
_TITLE_LENGTH = 60


def chapters_of(
    sentences: Sequence[Sentence], words: Vocabulary, *, duration_s: float, scenes: Sequence[float] = ()
) -> tuple[Chapter, ...]:
    """Chapters that cover the video without a gap; none for a short one, or where the subject stays the same.

    `scenes` are moments at which the picture changes, in seconds, ascending.
    """
    if len(sentences) < 4 or duration_s < SHORTEST_VIDEO_S:
        return ()
    gaps = _boundaries(sentences, scenes, duration_s)
    if not gaps:
        return ()
    starts = [0.0, *(_moment(sentences, gap, scenes) for gap in gaps)]
    ends = [*starts[1:], duration_s]
    groups = [sentences[first:last] for first, last in zip([0, *gaps], [*gaps, len(sentences)], strict=True)]
    titles = _titles(groups, words)
    return tuple(
        Chapter(title, round(start, 3), round(end, 3))
        for title, start, end in zip(titles, starts, ends, strict=True)
    )


def _boundaries(sentences: Sequence[Sentence], scenes: Sequence[float], duration_s: float) -> list[int]:
    """Numbers of the sentences that begin a chapter, the first sentence's left out."""
    depths = _depths(_cohesion(sentences))
    evidence = depths + np.array([_signs(sentences, gap, scenes) for gap in range(1, len(sentences))])
    limit = max(0.25, float(depths.mean() + depths.std() / 2))
    shortest = max(_SHORTEST_S, duration_s / _MOST)
    chosen: list[int] = []
    for place in np.argsort(-evidence, kind="stable"):
        gap = int(place) + 1
        at = sentences[gap].start
        edges = [0.0, duration_s, *(sentences[other].start for other in chosen)]
        if evidence[place] >= limit and all(abs(at - edge) >= shortest for edge in edges):
            chosen.append(gap)
    return sorted(chosen)[: _MOST - 1]


def _cohesion(sentences: Sequence[Sentence]) -> Scores:
    """For each gap, how alike the words before and after are (cosine)."""
    rarity = Counter(term for sentence in sentences for term in set(sentence.terms))
    weight = {term: math.log1p(len(sentences) / count) for term, count in rarity.items()}
    return np.array(
        [
            _cosine(
                _block(sentences, range(gap - 1, -1, -1)),
                _block(sentences, range(gap, len(sentences))),
                weight,
            )
            for gap in range(1, len(sentences))
        ]
    )


def _block(sentences: Sequence[Sentence], places: range) -> Counter[str]:
    found: Counter[str] = Counter()
    words = 0
    for place in places:
        found.update(sentences[place].terms)
        words += sentences[place].words
        if words >= _BLOCK:
            break
    return found


def _cosine(one: Counter[str], other: Counter[str], weight: dict[str, float]) -> float:
    common = sum(one[term] * other[term] * weight[term] ** 2 for term in one.keys() & other.keys())
    if common == 0:
        return 0.0
    lengths = [
        math.sqrt(sum((count * weight[term]) ** 2 for term, count in side.items())) for side in (one, other)
    ]
    return common / (lengths[0] * lengths[1])


def _depths(cohesion: Scores) -> Scores:
    """How far each valley lies below the hills beside it; zero where it is no valley."""
    depths = np.zeros_like(cohesion)
    for at, value in enumerate(cohesion):
        left = right = at
        while left > 0 and cohesion[left - 1] >= cohesion[left]:
            left -= 1
        while right < len(cohesion) - 1 and cohesion[right + 1] >= cohesion[right]:
            right += 1
        depths[at] = (cohesion[left] - value) + (cohesion[right] - value)
    return depths


def _signs(sentences: Sequence[Sentence], gap: int, scenes: Sequence[float]) -> float:
    """What else speaks for a boundary before sentence `gap`."""
    after = sentences[gap]
    value = 0.15 * min(after.pause_before, 3.0) / 3.0
    if _TRANSITION.match(after.text):
        value += 0.3
    if _scene_near(sentences, gap, scenes) is not None:
        value += 0.3
    return value


def _scene_near(sentences: Sequence[Sentence], gap: int, scenes: Sequence[float]) -> float | None:
    """The change of the picture that lies nearest to the gap, if any is near."""
    start = sentences[gap].start
    place = bisect_left(scenes, start)
    near = [one for one in scenes[max(0, place - 1) : place + 1] if abs(one - start) <= _NEAR_S]
    return min(near, key=lambda one: abs(one - start), default=None)


def _moment(sentences: Sequence[Sentence], gap: int, scenes: Sequence[float]) -> float:
    """Where the picture changes in the pause, else where the words begin."""
    start, before = sentences[gap].start, sentences[gap - 1].end
    scene = _scene_near(sentences, gap, scenes)
    return scene if scene is not None and before - 0.5 <= scene <= start else start


def _titles(groups: Sequence[Sequence[Sentence]], words: Vocabulary) -> list[str]:
    spread = Counter(term for group in groups for term in {term for one in group for term in one.terms})
    titles: list[str] = []
    for group in groups:
        options = [_announced(group), *_phrases(group, words, spread, len(groups)), group[0].text]
        fresh = [tidy(one, end=False) for one in options if one]
        unused = [one for one in fresh if one.casefold() not in {title.casefold() for title in titles}]
        titles.append(shortened((unused or fresh)[0], _TITLE_LENGTH))
    return titles


def _announced(group: Sequence[Sentence]) -> str | None:
    """What the speaker said the part is about."""
    for sentence in group[:2]:
        found = _SUBJECT.search(sentence.text)
        if found and 1 <= len(found["subject"].split()) <= 7:
            return re.sub(
                r"^(?:the|a|an|our|how|der|die|das|le|la|el)\s(?=\w)",
                "",
                found["subject"],
                flags=re.IGNORECASE,
            )
    return None


def _phrases(group: Sequence[Sentence], words: Vocabulary, spread: Counter[str], chapters: int) -> list[str]:
    """Phrases of this part that the others do not have, the best first."""
    counts: Counter[tuple[str, ...]] = Counter()
    texts: dict[tuple[str, ...], str] = {}
    for sentence in group:
        for candidate in candidates(sentence.text, words):
            counts[candidate.stems] += 1
            texts.setdefault(candidate.stems, candidate.text)

    def value(stems: tuple[str, ...]) -> float:
        rarity = sum(math.log1p(chapters / max(1, spread[stem])) for stem in stems) / len(stems)
        return counts[stems] * rarity * (1 + 0.6 * (len(stems) - 1) * (counts[stems] > 1))

    return [texts[stems] for stems in sorted(counts, key=lambda stems: (-value(stems), stems))[:5]]

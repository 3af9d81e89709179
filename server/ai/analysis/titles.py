"""A title to suggest: what the speaker announced, else what it is mostly about."""

import re
from collections.abc import Sequence

from server.ai.analysis.findings import Topic, shortened, tidy
from server.ai.analysis.sentences import Sentence

MOST_CHARACTERS = 80
_EARLY = 6  # sentences in which a speaker says what follows
_HOW_TO = re.compile(
    r"\b(?:show|teach|explain|demonstrate|learn|see)(?:\s(?:you|us|to you))?\s(?P<what>how\s.{3,80})",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:in this (?:video|recording|tutorial|demo|talk|lesson)|today|this (?:video|recording|tutorial|"
    r"demo|meeting|talk) is|welcome to|heute|in diesem video|aujourd'hui|dans cette vidéo|hoy|"
    r"en este v[ií]deo)\b.{0,60}?\b(?:about|through|look at|cover|discuss|review|to|at|über|um|parler de|"
    r"présenter|hablar de|sobre)\s(?P<what>.{3,80})",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.?!;,]|\s(?:and then|so that|because|which|und dann|et puis)\b")


def title_of(sentences: Sequence[Sentence], topics: Sequence[Topic]) -> str | None:
    """At most eighty characters; None where nothing was said."""
    for pattern in (_HOW_TO, _ABOUT):
        for sentence in sentences[:_EARLY]:
            found = pattern.search(sentence.text)
            what = _STOP.split(found["what"])[0].strip() if found else ""
            if len(what.split()) >= 2:
                return shortened(tidy(what, end=False), MOST_CHARACTERS)
    if topics:
        strong = [topic.text for topic in topics[:3] if topic.score >= 0.5]
        return shortened(tidy(_listed(strong), end=False), MOST_CHARACTERS)
    if sentences:
        return shortened(tidy(sentences[0].text, end=False).rstrip("."), MOST_CHARACTERS)
    return None


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} & {words[-1]}"

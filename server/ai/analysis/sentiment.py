"""How it sounds, from -1 to 1, by VADER: a list of English words with the feelings people gave them.

Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media
Text" (2014).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from server.ai.analysis.sentences import Sentence

LANGUAGES = frozenset({"en"})
NO_LANGUAGE = "Sentiment is null: the built-in analysis can tell it for English alone."
NO_LIBRARY = "Sentiment is null: vaderSentiment is not installed (it comes with the extra `ai`)."
NOTHING_SAID = "Sentiment is null: nothing was said."


def sentiment_of(sentences: Sequence[Sentence], language: str) -> tuple[float | None, str | None]:
    """The mean over all words, and why there is none where there is none."""
    if not sentences:
        return None, NOTHING_SAID
    if language not in LANGUAGES:
        return None, NO_LANGUAGE
    analyser = _analyser()
    if analyser is None:
        return None, NO_LIBRARY
    words = sum(sentence.words for sentence in sentences)
    total = sum(analyser.polarity_scores(one.text)["compound"] * one.words for one in sentences)
    return round(max(-1.0, min(1.0, total / max(1, words))), 2), None


@lru_cache(maxsize=1)
def _analyser() -> Any:
    """Read once: its lists take some milliseconds."""
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 (optional)
    except ImportError:
        return None
    return SentimentIntensityAnalyzer()

"""Words as they are searched: folded, stemmed, with their place in the text.

A text and a query go through the same functions, so both sides of a comparison agree in every database. The
language of a query is not known: its words are stemmed as each of the main languages would.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

# By ISO 639-1; texts of other languages are found by whole words and their beginnings.
STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
}
# Scripts without spaces: each of their characters is a word, and a run of them a phrase.
_DENSE = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_DENSE}]|[^\W_{_DENSE}]+")


@dataclass(frozen=True, slots=True)
class Word:
    """`folded` without case and accents; [start, end) are code points of the text."""

    folded: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    return [Word(fold(found[0]), *found.span()) for found in _WORD.finditer(text)]


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def folded(text: str) -> str:
    """The words of a text, with spaces between them."""
    return " ".join(word.folded for word in words(text))


def stemmed(text: str, language: str) -> str:
    """The stems of its words, in the same order."""
    return " ".join(stem(word.folded, language) for word in words(text))


def stem(word: str, language: str) -> str:
    """`language` may have a region (pt-BR)."""
    return _stem(word, STEMMERS.get(language.split("-", maxsplit=1)[0].lower(), ""))


def stems(word: str) -> frozenset[str]:
    """What the word may be called in an index, whatever language the text has."""
    return frozenset({word, *(_stem(word, name) for name in STEMMERS.values())})


def is_dense(text: str) -> bool:
    return re.match(rf"[{_DENSE}]", text) is not None


def joined(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=50_000)
def _stem(word: str, name: str) -> str:
    # The library's stemmers keep state while they work, so each call has one of its own.
    return str(snowballstemmer.stemmer(name).stemWord(word)) if name else word

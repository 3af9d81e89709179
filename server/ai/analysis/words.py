"""Words of a language: which carry a subject, and which are the same word in another form."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

import snowballstemmer

# Letters and digits; inside a word also what joins them: don't, e-mail, v2.1, C++.
_WORD = re.compile(r"[^\W_]+(?:['.\-][^\W_]+)*\+{0,2}#?")
# Written without spaces: a "word" of these is a run of characters, compared by pairs.
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_CUT = re.compile(r"'.*$")
_STEMS_KEPT = 20_000


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (the library's name)


@dataclass(frozen=True)
class Vocabulary:
    """One language. Not thread-safe: each analysis has its own."""

    code: str
    stop: frozenset[str]
    known: bool
    _stemmer: _Stemmer | None = None
    _stems: dict[str, str] = field(default_factory=dict)

    def stem(self, word: str) -> str:
        """The form that `word` shares with its inflections."""
        low = _CUT.sub("", word.lower())
        if self._stemmer is None:
            return low
        found = self._stems.get(low)
        if found is None:
            found = self._stemmer.stemWord(low)
            if len(self._stems) < _STEMS_KEPT:
                self._stems[low] = found
        return found

    def is_stop(self, word: str) -> bool:
        """Whether a word says nothing of the subject: a stop word, a letter, a bare number."""
        low = word.lower()
        short = _CUT.sub("", low)
        if low in self.stop or short in self.stop or short.isdigit():
            return True
        return len(short) < (2 if self.known else 4) and not _DENSE.search(short)

    def terms(self, text: str) -> tuple[str, ...]:
        """Stems of the words that carry a subject, in order."""
        return tuple(self.stem(word) for word in words_of(text) if not self.is_stop(word))


def words_of(text: str) -> list[str]:
    """The words of `text`. Of scripts without spaces come pairs of characters."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if _DENSE.search(word) and len(word) > 2:
            found += [word[at : at + 2] for at in range(len(word) - 1)]
        else:
            found.append(word)
    return found


def is_dense(text: str) -> bool:
    """Whether `text` is of a script that puts no spaces between words."""
    return bool(_DENSE.search(text))


def base_language(language: str) -> str:
    """`de-AT` and `de_AT` are `de`; Norwegian's two forms are one here."""
    base = re.split(r"[-_]", language.strip().lower() or "und")[0]
    return "no" if base in {"nb", "nn"} else base


def vocabulary(language: str) -> Vocabulary:
    """The words of `language`; one that is not known has no stop words but the short ones, and no stems."""
    code = base_language(language)
    entry = _languages().get(code)
    if entry is None:
        return Vocabulary(code, frozenset(), known=False)
    stemmer: _Stemmer = snowballstemmer.stemmer(entry["stemmer"])
    return Vocabulary(code, frozenset(entry["stop"].split()), known=True, _stemmer=stemmer)


@lru_cache(maxsize=1)
def _languages() -> dict[str, dict[str, str]]:
    content = files("server.ai.analysis").joinpath("languages.toml").read_text("utf-8")
    return tomllib.loads(content)

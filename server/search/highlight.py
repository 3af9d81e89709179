"""Where in a text the words are that were asked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.ports.search import Term
from server.search.words import stem, stems, words

MOST_CHARS = 300  # of a long text, from shortly before its first match
_LEAD = 60


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    match: bool


def highlight(text: str, terms: Iterable[Term], language: str) -> tuple[Part, ...]:
    """The text in parts, one after the other; long ones cut to where something was found."""
    terms = tuple(terms)
    found = [
        (word.start, word.end)
        for word in words(text)
        if any(_fits(term, word.folded, stem(word.folded, language)) for term in terms)
    ]
    first, last = _window(text, found)
    parts: list[Part] = [Part("…", match=False)] if first else []
    at = first
    for begin, end in found:
        if begin >= last:
            break
        if begin > at:
            parts.append(Part(text[at:begin], match=False))
        parts.append(Part(text[begin:end], match=True))
        at = end
    if at < last:
        parts.append(Part(text[at:last], match=False))
    if last < len(text):
        parts.append(Part("…", match=False))
    return tuple(parts)


def _fits(term: Term, word: str, stemmed: str) -> bool:
    if word in term.instead or (term.open and word.startswith(term.words[-1])):
        return True
    if len(term.words) > 1:
        return word in term.words
    return word == term.words[0] or stemmed in stems(term.words[0])


def _window(text: str, found: list[tuple[int, int]]) -> tuple[int, int]:
    if len(text) <= MOST_CHARS:
        return 0, len(text)
    first = max(0, found[0][0] - _LEAD) if found else 0
    space = text.find(" ", first)
    first = space + 1 if first and space != -1 and (not found or space < found[0][0]) else first
    last = min(len(text), first + MOST_CHARS)
    space = text.rfind(" ", first, last)
    return first, space if last < len(text) and space > first else last

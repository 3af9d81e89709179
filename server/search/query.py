"""What somebody typed into a search field, understood.

Words must all be there, in any order and place; "words in quotes" next to each other; -word must not. The
last word may be unfinished, as may any that ends in *. Nothing anybody types is an error of syntax.
"""

import re

from server.ports.search import Term
from server.search.words import fold, is_dense, words

MAX_TERMS = 12
_PART = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


def parse(text: str) -> tuple[Term, ...]:
    found: list[Term] = []
    parts = list(_PART.finditer(text))
    for part in parts:
        minus, phrase, plain = part.groups()
        last = part is parts[-1] and not text[-1:].isspace()
        found += _phrase(phrase, excluded=bool(minus)) if plain is None else _plain(plain, minus, last=last)
    return tuple(found[:MAX_TERMS])


def _phrase(text: str, *, excluded: bool) -> list[Term]:
    inside = tuple(word.folded for word in words(text))
    return [Term(inside, excluded=excluded)] if inside else []


def _plain(text: str, minus: str, *, last: bool) -> list[Term]:
    """A word as typed; one with joints inside, such as e-mail or 会議, is a phrase."""
    inside = tuple(word.folded for word in words(text))
    if not inside:
        return []
    unfinished = text.endswith("*") or (last and not minus)
    return [Term(inside, open=unfinished and not is_dense(fold(text)[-1:]), excluded=bool(minus))]

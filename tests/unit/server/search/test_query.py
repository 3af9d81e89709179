"""What people type is understood, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ports.search import Term
from server.search.highlight import MOST_CHARS, highlight
from server.search.query import MAX_TERMS, parse
from server.search.words import stem, words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("Budget plan", (Term(("budget",)), Term(("plan",), open=True))),
        ("budget plan ", (Term(("budget",)), Term(("plan",)))),
        ("bud* plan ", (Term(("bud",), open=True), Term(("plan",)))),
        ('"Budget plan" x ', (Term(("budget", "plan")), Term(("x",)))),
        ('"never closed', (Term(("never", "closed")),)),
        ("-draft note ", (Term(("draft",), excluded=True), Term(("note",)))),
        ('-"first draft"', (Term(("first", "draft"), excluded=True),)),
        ("e-mail ", (Term(("e", "mail")),)),
        ("Crème BRÛLÉE ", (Term(("creme",)), Term(("brulee",)))),
        ("会議", (Term(("会", "議")),)),
        ("* - \" ''", ()),
    ],
)
def test_words_phrases_beginnings_and_what_must_not_be_there(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == terms


@given(st.text(max_size=200))
def test_nothing_typed_is_an_error(text: str) -> None:
    terms = parse(text)
    assert len(terms) <= MAX_TERMS
    assert all(term.words and all(word.isalnum() or word.strip() for word in term.words) for term in terms)


@given(st.text(max_size=600), st.text(max_size=30))
def test_a_highlighted_text_is_the_text(text: str, query: str) -> None:
    parts = highlight(text, parse(query), "en")
    shown = "".join(part.text for part in parts)
    assert shown.strip("…") in text
    assert len(shown) <= MOST_CHARS + 2
    if len(text) <= MOST_CHARS:
        assert shown == text


def test_inflections_beginnings_and_accents_are_marked() -> None:
    parts = highlight("We were Running past the Cafés", parse("run cafe"), "en")
    assert [part.text for part in parts if part.match] == ["Running", "Cafés"]


def test_a_long_text_is_cut_to_its_first_match() -> None:
    parts = highlight(
        "filler words " * 60 + "the needle lies here " + "more words " * 60, parse("needle "), "en"
    )
    assert [part.text for part in parts if part.match] == ["needle"]
    assert (parts[0].text, parts[-1].text) == ("…", "…")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "meeting", "meetings"),
        ("de", "häuser", "häusern"),
        ("fr", "parle", "parler"),
        ("xx", "a", "a"),
    ],
)
def test_inflections_have_one_stem(language: str, one: str, other: str) -> None:
    first, second = (stem(words(text)[0].folded, language) for text in (one, other))
    assert first == second

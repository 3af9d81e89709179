"""The language of pages: chosen, asked for, and complete."""

import ast
import re
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import german, language
from server.errors import InvalidRequest, Unauthenticated
from server.notifications.kinds import TABLE
from server.sharing.pages import PLAIN
from tests.support.fuzzing import fuzzed

SERVER = Path(language.__file__).parent
GERMAN = {"Accept-Language": "de-AT, de;q=0.9, en;q=0.8"}


@pytest.mark.parametrize(
    ("chosen", "accepted", "expected"),
    [
        (None, "", "en"),
        (None, "de-AT, en;q=0.5", "de"),
        (None, "en-GB, de", "en"),
        (None, "fr, en;q=0.3, DE;q=0.7", "de"),
        (None, "de;q=0, en;q=0.1", "en"),
        (None, "fr, *;q=0.5", "en"),
        ("en", "de", "en"),
        ("de", "en", "de"),
        ("fr", "de", "de"),
    ],
)
def test_what_was_chosen_comes_before_what_is_asked_for(
    chosen: str | None, accepted: str, expected: str
) -> None:
    assert language.wanted(chosen, accepted) == expected


@fuzzed
@given(accepted=st.text() | st.from_regex(r"[a-z*;=.0-9, -]{0,60}", fullmatch=True))
def test_any_header_asks_for_a_known_language(accepted: str) -> None:
    assert language.wanted(None, accepted) in {"en", "de"}


def _said() -> set[str]:
    """The sentences of all calls of `say`, and those of tables that it is given."""
    found = {one.means for one in TABLE} | {title for title in PLAIN.values() if title != "Heddle"}
    for file in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                sentence = node.args[0]
                if isinstance(sentence, ast.Constant):
                    found.add(str(sentence.value))
    return found


def test_german_has_every_sentence_and_its_places() -> None:
    assert set(german.SENTENCES) == _said()
    for english, other in german.SENTENCES.items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", other)), english


async def test_the_pages_for_devices_and_programs_are_in_the_language_of_the_browser(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/device", headers=GERMAN)
    assert '<html lang="de"' in page.text
    assert "Ein Gerät anmelden" in page.text
    unknown = await client.get("/device?user_code=AAAA-BBBB", headers=GERMAN)
    assert (unknown.status_code, german.REFUSALS["device_code_not_found"] in unknown.text) == (404, True)
    english = await client.get("/device", headers={**GERMAN, "Cookie": f"{language.COOKIE}=en"})
    assert "Sign in a device" in english.text


async def test_titles_are_in_the_language_of_the_browser(client: httpx.AsyncClient) -> None:
    page = await client.get("/search", headers=GERMAN)
    assert "<title>Suche · Heddle</title>" in page.text
    assert "Accept-Language" in page.headers["vary"]
    nowhere = await client.get("/nowhere", headers={**GERMAN, "Accept": "text/html"})
    assert "<title>Hier gibt es nichts · Heddle</title>" in nowhere.text
    assert "<title>Search · Heddle</title>" in (await client.get("/search")).text


async def test_a_refusal_is_said_by_its_code(client: httpx.AsyncClient) -> None:
    sent = {"user_code": "AAAA-BBBB", "email": "nobody@example.org", "password": "wrong password"}
    answer = await client.post("/device", data=sent, headers=GERMAN)
    assert (answer.status_code, german.REFUSALS["wrong_credentials"] in answer.text) == (401, True)


def test_what_has_no_words_stays_as_it_was_raised() -> None:
    token = language._current.set("de")
    try:
        assert language.reason(InvalidRequest("Only so.")) == "Only so."
        wrong = Unauthenticated("Wrong.", code="wrong_code")
        assert language.reason(wrong) == german.REFUSALS["wrong_code"]
    finally:
        language._current.reset(token)

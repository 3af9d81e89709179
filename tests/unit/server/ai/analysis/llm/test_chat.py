"""The protocol of a language model: what is sent, counted and paid for, and every way to fail."""

import json
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from server.ai.analysis.llm import chat as chat_module
from server.ai.analysis.llm.breaker import Breaker
from server.ai.analysis.llm.chat import completions_url
from server.ai.analysis.llm.prompts import SCHEMA
from server.ai.analysis.models import UsageRow
from server.ai.analysis.sentences import sentences_of
from server.config import Settings
from server.db import Database
from tests.support.chat_server import Body, Script, chat_server, fails, redirects, says
from tests.unit.server.ai.analysis.llm.conftest import GOOD, TALK, Make, calls, failure, material


async def test_what_is_sent_is_the_transcript_and_nothing_else(make: Make) -> None:
    with chat_server(lambda _: GOOD) as server:
        await make(server).analyse(material())
    [body] = server.asked
    assert server.keys == ["Bearer key-1"]
    assert (body["model"], body["temperature"], body["stream"]) == ("test-model", 0, False)
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    sent = server.sentences()
    assert [one["text"] for one in sent] == [sentence.text for sentence in sentences_of(TALK)]
    assert all(set(one) == {"n", "s", "text"} for one in sent)


async def test_every_request_is_written_down_with_its_cost(make: Make, db: Database) -> None:
    with chat_server(fails(500), lambda _: GOOD) as server:
        await make(server).analyse(material())
    first, second = await calls(db)
    assert (first.outcome, first.prompt_tokens) == ("It failed (500).", 0)
    assert (second.outcome, second.prompt_tokens, second.completion_tokens) == ("ok", 700, 300)
    assert float(second.cost) == pytest.approx((700 * 2 + 300 * 10) / 1e6)
    assert second.duration_ms >= 0


async def test_tokens_are_guessed_where_the_server_counts_none(make: Make, db: Database) -> None:
    with chat_server(lambda _: says(GOOD, usage={"prompt_tokens": "many"})) as server:
        await make(server).analyse(material())
    [call] = await calls(db)
    assert call.prompt_tokens > 500
    assert call.completion_tokens > 100


@pytest.mark.parametrize(
    ("script", "words", "requests"),
    [
        (fails(429, retry_after="0"), "429", 3),
        (fails(500), "failed (500)", 3),
        (fails(503), "failed (503)", 3),
        (fails(401), "HEDDLE_LLM_API_KEY", 1),
        (fails(404), "HEDDLE_LLM_MODEL", 1),
        (fails(422), "refused the request (422)", 1),
        (lambda _: says("I am sorry, I cannot."), "JSON", 3),
        (lambda _: says('{"title": "a", "summary": ['), "JSON", 3),
        (lambda _: says("[1, 2]"), "JSON", 3),
        (lambda _: says("{" * 50_000 + "}" * 50_000), "JSON", 3),
        (lambda _: says(GOOD, finish="length"), "cut off", 1),
        (lambda _: {"title": "only"}, "not what was asked for", 1),
        (lambda _: {**GOOD, "summary": []}, "rested on nothing", 1),
        (lambda _: {**GOOD, "sentiment": "happy"}, "not what was asked for", 1),
        (lambda _: says("x" * 2_000_000), "too large", 1),
    ],
)
async def test_each_failure_is_said_in_words(make: Make, script: Script, words: str, requests: int) -> None:
    with chat_server(script) as server:
        said_of_it = await failure(make(server))
    assert words in said_of_it
    assert "127.0.0.1" not in said_of_it
    assert "key-1" not in said_of_it
    assert len(server.asked) == requests


async def test_what_is_no_chat_completion_is_a_failure(make: Make) -> None:
    with chat_server(fails(200, {"choices": []})) as server:
        assert "form of a chat completion" in await failure(make(server))


async def test_a_redirect_is_not_followed(make: Make) -> None:
    with chat_server() as other, chat_server(redirects(f"{other.url}/elsewhere")) as server:
        assert "redirect" in await failure(make(server))
    assert (other.strays, other.asked, server.strays) == ([], [], [])


async def test_a_server_that_does_not_answer_is_given_up(make: Make, db: Database) -> None:
    def hang(_: Body) -> Body:
        server.released.wait(30)
        return GOOD

    with chat_server(hang) as server:
        assert "within 0.3 s" in await failure(make(server, timeout_s=0.3))
    assert all(call.prompt_tokens > 500 for call in await calls(db)), "it may have cost something"


async def test_a_server_that_is_not_there_is_said(make: Make) -> None:
    with chat_server() as server:
        pass
    assert "could not be reached" in await failure(make(server))


async def test_busy_servers_are_asked_again(make: Make) -> None:
    with chat_server(fails(429, retry_after="1"), fails(503), lambda _: GOOD) as server:
        assert (await make(server).analyse(material())).title == GOOD["title"]
    assert len(server.asked) == 3


def test_a_server_may_say_how_long_to_wait_but_not_too_long() -> None:
    assert chat_module._retry_after(httpx.Headers({"retry-after": "7"})) == 7
    assert chat_module._retry_after(httpx.Headers({"retry-after": "86400"})) == 30
    assert chat_module._retry_after(httpx.Headers({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})) is None
    assert chat_module._wait(chat_module.Busy("busy", 7.0)) == 7.0
    assert chat_module._wait(ValueError()) is False


async def test_servers_that_know_no_schema_get_it_in_words(make: Make) -> None:
    def old(body: Body) -> Any:
        if "response_format" in body:
            return fails(400, {"error": {"message": "unknown field response_format"}})(body)
        return says("```json\n" + json.dumps(GOOD) + "\n```")

    with chat_server(old) as server:
        assert (await make(server).analyse(material())).title == GOOD["title"]
    assert "additionalProperties" in server.asked[-1]["messages"][0]["content"]


async def test_a_month_has_its_budget(make: Make, db: Database) -> None:
    with chat_server(lambda _: GOOD) as server:
        model = make(server, monthly=9_000)
        await model.analyse(material())
        async with db.write() as session:
            session.add(
                UsageRow(
                    model="m", prompt_tokens=7_000, completion_tokens=0, cost=0, duration_ms=1, outcome="ok"
                )
            )
        assert "HEDDLE_LLM_MONTHLY_TOKENS" in await failure(model)
    assert len(server.asked) == 1


async def test_after_failures_in_a_row_it_is_left_alone(make: Make) -> None:
    with chat_server(fails(500)) as server:
        model = make(server)
        for _ in range(3):
            await failure(model)
        assert "left alone" in await failure(model)
        assert len(server.asked) == 5


def test_a_breaker_lets_one_try_through_after_its_rest() -> None:
    now = [0.0]
    breaker = Breaker(limit=2, rest_s=10, clock=lambda: now[0])
    breaker.failed()
    assert not breaker.open
    breaker.failed()
    assert breaker.open
    now[0] = 11
    assert not breaker.open
    breaker.failed()
    assert breaker.open
    now[0] = 22
    breaker.succeeded()
    breaker.failed()
    assert not breaker.open


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
        ("http://localhost:11434/v1/", "http://localhost:11434/v1/chat/completions"),
        ("https://x/openai/v1/chat/completions", "https://x/openai/v1/chat/completions"),
    ],
)
def test_the_address_may_be_given_short(url: str, asked: str) -> None:
    assert completions_url(url) == asked


@pytest.mark.parametrize("wrong", [{"llm_url": "http://x"}, {"llm_url": "ftp://x", "llm_model": "m"}])
def test_half_a_setting_is_refused_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=r"HEDDLE_LLM|llm_url"):
        Settings(**wrong)  # type: ignore[arg-type]  # what pydantic makes of words

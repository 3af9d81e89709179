"""Answers say where one stands, refusals how long to wait, and a recorder is never refused by accident."""

import httpx
import pytest

from server.config import Settings
from tests.unit.server.limits.conftest import Clock

LIST = "/api/v1/recordings"
HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limits": Settings.model_fields["rate_limits"].default})


async def test_answers_say_where_one_stands(ann: httpx.AsyncClient, clock: Clock) -> None:
    answers = [await ann.get(LIST) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 11 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == [
        str(60 - count) for count in range(1, 12)
    ] + ["49"]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"60"}
    assert {answer.headers["X-RateLimit-Reset"] for answer in answers} == {str(int(clock.at) + 60)}
    refused = answers[-1]
    assert refused.headers["Retry-After"] == "1"
    body = refused.json()
    assert body["retry_after"] == 1
    assert body["code"] == "too_many_requests"
    assert body["error"].startswith("Rate limit exceeded")
    clock.at += 1.01
    assert (await ann.get(LIST)).status_code == 200


async def test_limits_are_a_persons_own(ann: httpx.AsyncClient, bob: httpx.AsyncClient, clock: Clock) -> None:
    for _ in range(12):
        last = await ann.post(LIST, json={"recordingType": "screen"})
    assert (last.status_code, last.headers["Retry-After"]) == (429, "36")
    made = await bob.post(LIST, json={"recordingType": "screen"})
    assert made.status_code == 201
    assert made.headers["X-RateLimit-Limit"] == "100"
    assert made.headers["X-RateLimit-Remaining"] == "99"


async def test_a_key_is_counted_for_everything_it_asks(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, clock: Clock
) -> None:
    made = await ann.post("/api/v1/keys", json={"name": "n", "scopes": ["webhooks:read"]})
    key = {"X-API-Key": made.json()["key"]}
    left = [await client.get("/api/v1/webhooks", headers=key) for _ in range(3)]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in left] == ["9999", "9998", "9997"]
    assert left[0].headers["X-RateLimit-Limit"] == "10000"
    refused = await client.post("/api/v1/webhooks", headers=key, json={"url": "https://example.org/"})
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert refused.headers["X-RateLimit-Remaining"] == "9996"


async def test_what_has_no_limit_says_nothing_of_one(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, clock: Clock
) -> None:
    for answer in (await ann.get("/api/v1/me"), await client.get("/health/live"), await client.get(LIST)):
        assert not any(name in answer.headers for name in HEADERS)


async def test_a_recorder_may_send_as_often_as_it_must(ann: httpx.AsyncClient, clock: Clock) -> None:
    made = (await ann.post(LIST, json={"recordingType": "screen"})).json()
    for _ in range(200):
        answer = await ann.head("/api/v1/uploads/none", headers={"Tus-Resumable": "1.0.0"})
        assert answer.status_code == 404
    for _ in range(50):
        assert (await ann.get(f"/api/v1/streams/{made['id']}")).status_code == 200
        assert (await ann.get(f"{LIST}/{made['id']}")).status_code == 200


async def test_too_many_sign_ins_say_how_long_to_wait_in_the_body_too(client: httpx.AsyncClient) -> None:
    """The same shape, although identity has limits of its own."""
    from server.errors import TooManyRequests
    from server.responses import error_response

    refusal = TooManyRequests("Too many attempts.", headers={"Retry-After": "7"})
    answer = error_response(
        refusal.status, refusal.code, refusal.sentence, request_id="r", headers=refusal.headers
    )
    assert b'"retry_after":7' in answer.body

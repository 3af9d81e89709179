"""One key, one thing, one answer: whoever was first, and whatever broke in between."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.errors import JoseError
from sqlalchemy import select, update

from server import idempotency
from server.db import now
from server.idempotency import IdempotencyRow
from server.wiring import Services

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]
KEY = {"Idempotency-Key": "0c7f2f0e-7b1c-4e6f-9a35-000000000001"}
RECORDINGS = "/api/v1/recordings"
START = {"recordingType": "screen", "title": "Once"}
# What is made, and where what was made is listed.
CREATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "recording": (RECORDINGS, START),
    "template": (f"{RECORDINGS}/templates", {"name": "Once", "settings": {}}),
    "folder": ("/api/v1/folders", {"name": "Once"}),
    "tag": ("/api/v1/tags", {"name": "once"}),
    "key": ("/api/v1/keys", {"name": "Once", "scopes": ["recordings:read"]}),
    "webhook": ("/api/v1/webhooks", {"url": "https://93.184.215.14/hook"}),
    "workspace": ("/api/v1/workspaces", {"name": "Once"}),
    "invitation": (
        "/api/v1/workspaces/{workspace}/invitations",
        {"email": "eve@example.org", "role": "member"},
    ),
    "export": ("/api/v1/users/me/exports", {"withMedia": False}),
    "comment": (f"{RECORDINGS}/{{recording}}/comments", {"body": "Once"}),
    "reaction": (f"{RECORDINGS}/{{recording}}/reactions", {"emoji": "🔥"}),
}


async def listed(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    return list((await client.get(path)).json()["data"])


async def rows(services: Services) -> list[IdempotencyRow]:
    async with services.db.read() as session:
        return list((await session.scalars(select(IdempotencyRow))).all())


async def test_every_creation_happens_once_and_is_answered_twice(ann: httpx.AsyncClient) -> None:
    recording = (await ann.post(RECORDINGS, json=START)).json()["id"]
    workspace = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    for name, (template, body) in CREATIONS.items():
        path = template.format(recording=recording, workspace=workspace)
        before = len(await listed(ann, path))
        first, again = [await ann.post(path, json=body, headers=KEY) for _ in range(2)]
        assert first.is_success, (name, first.text)
        assert (again.status_code, again.content) == (first.status_code, first.content), name
        assert again.headers.get("etag") == first.headers.get("etag")
        assert again.headers["content-type"] == first.headers["content-type"]
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        assert len(await listed(ann, path)) == before + 1, name


async def test_a_secret_that_is_shown_once_is_kept_by_nobody(
    ann: httpx.AsyncClient, services: Services
) -> None:
    made = await ann.post("/api/v1/keys", json=CREATIONS["key"][1], headers=KEY)
    [row] = await rows(services)
    assert row.answer is not None
    assert KEY["Idempotency-Key"] not in str(vars(row))
    secret = services.secrets.seal_key
    with_another = idempotency.Claim.of("caller", "place", "another key than that one", b"", secret)
    with pytest.raises(JoseError):
        idempotency.Answer.unsealed(row.answer, with_another)
    again = await ann.post("/api/v1/keys", json=CREATIONS["key"][1], headers=KEY)
    assert again.json()["key"] == made.json()["key"]


async def test_a_key_is_for_one_body_of_one_person_at_one_place(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    assert (await ann.post(RECORDINGS, json=START, headers=KEY)).status_code == 201
    other = await ann.post(RECORDINGS, json={**START, "title": "Another"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    for client, path, body in (
        (bob, RECORDINGS, START),
        (ann, f"{RECORDINGS}/templates", CREATIONS["template"][1]),
    ):
        answer = await client.post(path, json=body, headers=KEY)
        assert answer.status_code == 201
        assert "idempotency-replayed" not in answer.headers


async def test_what_was_refused_did_not_use_the_key(ann: httpx.AsyncClient, services: Services) -> None:
    refused = await ann.post(RECORDINGS, json={"recordingType": "hologram"}, headers=KEY)
    assert refused.status_code == 400
    assert await rows(services) == []
    assert (await ann.post(RECORDINGS, json=START, headers=KEY)).status_code == 201


async def test_two_at_once_make_one_thing(ann: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(ann.post(RECORDINGS, json=START, headers=KEY) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len(await listed(ann, RECORDINGS)) == 1


async def test_a_key_without_an_answer_is_refused(
    app: FastAPI, ann: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash between the making and the answer: it is not made a second time."""

    async def crash(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "end", crash)
        assert (await ann.post(RECORDINGS, json=START, headers=KEY)).status_code == 500
    again = await ann.post(RECORDINGS, json=START, headers=KEY)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_in_progress")
    assert again.headers["retry-after"] == "1"
    assert len(await listed(ann, RECORDINGS)) == 1


async def test_a_key_is_forgotten_after_a_day(ann: httpx.AsyncClient, services: Services) -> None:
    await ann.post(RECORDINGS, json=START, headers=KEY)
    async with services.db.write() as session:
        await session.execute(update(IdempotencyRow).values(created_at=now() - timedelta(hours=25)))
    assert "idempotency-replayed" not in (await ann.post(RECORDINGS, json=START, headers=KEY)).headers
    assert len(await rows(services)) == 1


async def test_only_those_who_may_ask_get_the_answer_again(
    app: FastAPI, ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    path, body = CREATIONS["tag"]
    await ann.post(path, json=body, headers=KEY)
    made = await ann.post("/api/v1/keys", json=CREATIONS["key"][1])
    reading = {"X-API-Key": made.json()["key"]} | KEY
    assert (await client.post(path, json=body, headers=reading)).status_code == 403
    assert (await client.post(path, json=body, headers=KEY)).status_code == 401


@pytest.mark.parametrize("key", ["short", "x" * 256, "with a space in it", "nön-äscii-and-long"])
async def test_a_key_that_somebody_might_guess_is_refused(ann: httpx.AsyncClient, key: str) -> None:
    answer = await ann.post(RECORDINGS, json=START, headers={b"Idempotency-Key": key.encode()})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_what_needs_no_key_takes_none(ann: httpx.AsyncClient, services: Services) -> None:
    assert (await ann.get(RECORDINGS, headers=KEY)).status_code == 200
    tus = {"Tus-Resumable": "1.0.0", "Upload-Defer-Length": "1"}
    assert (await ann.post("/api/v1/uploads", headers=tus | KEY)).status_code == 201
    assert (await ann.post("/graphql", json={"query": "{ me { id } }"}, headers=KEY)).status_code == 200
    assert await rows(services) == []

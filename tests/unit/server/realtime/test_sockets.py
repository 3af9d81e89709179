"""Who gets in at `/ws`, what may be said there, and how it ends."""

import asyncio
import base64
import os
import socket as sockets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.bus import Event
from server.db import now
from server.realtime import api, conversation
from server.wiring import Services
from tests.support.listening import listening
from tests.support.people import Team
from tests.support.sockets import connected, listener, token_of

KEYS, RECORDINGS = "/api/v1/keys", "/api/v1/recordings"


async def key_of(client: httpx.AsyncClient, *scopes: str) -> str:
    made = await client.post(KEYS, json={"name": "A program", "scopes": scopes})
    assert made.status_code == 201, made.text
    return str(made.json()["key"])


async def test_a_token_comes_in_the_address_or_in_the_first_message(
    address: str, ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(address, f"?token={token_of(ann)}") as socket:
        assert (await socket.ready())["resumed"] is False
    async with listener(address, ann) as socket:
        assert (await socket.ask("ping"))["type"] == "pong"
    for query in ("?token=", "?token=nonsense"):
        async with connected(address, query) as socket:
            assert (await socket.closed())[0] == 4401
    for first in ('{"type":"auth","data":{"token":5}}', '{"type":"recording.start"}', "no JSON", b"\0"):
        async with connected(address) as socket:
            await socket.say_text(first)
            assert (await socket.closed())[0] == 4401
    monkeypatch.setattr(api, "AUTH_S", 0.05)
    async with connected(address) as socket:  # which says nothing
        assert (await socket.closed())[0] == 4401
    monkeypatch.setattr(api, "MOST_STRANGERS", 0)
    async with connected(address) as socket:
        assert (await socket.closed())[0] == 4429


async def test_pages_of_other_sites_may_not_connect(address: str, ann: httpx.AsyncClient) -> None:
    query = f"?token={token_of(ann)}"
    for origin in ("https://evil.example", "null", "http://[", f"http://{address}.evil.example"):
        async with connected(address, query, origin=origin) as socket:
            assert (await socket.closed())[0] == 4403
    for origin in (None, f"http://{address}", f"https://{address}"):
        async with connected(address, query, origin=origin) as socket:
            assert await socket.ready()


async def test_a_recorder_says_that_it_starts_pauses_goes_on_and_stops(
    address: str, ann: httpx.AsyncClient
) -> None:
    async with listener(address, ann) as socket:
        begun = await socket.ask("recording.start", {"title": "Plan", "settings": {"frameRate": 30}})
        assert begun["type"] == "ack"
        told = begun["data"]
        recording = (await ann.get(f"{RECORDINGS}/{told['sessionId']}")).json()
        assert (recording["status"], recording["title"]) == ("recording", "Plan")
        assert recording["shareUrl"].rsplit("/", 1)[1] == told["shareUrl"].rsplit("/", 1)[1]
        this = {"sessionId": told["sessionId"]}
        for type_ in ("recording.pause", "recording.resume", "recording.stop"):
            assert (await socket.ask(type_, this))["data"]["type"] == type_
        over = await socket.ask("recording.start", this)
        assert (over["type"], over["data"]["code"]) == ("error", "wrong_status")


async def test_a_session_that_was_announced_is_started_by_its_id(
    address: str, ann: httpx.AsyncClient
) -> None:
    made = (await ann.post(RECORDINGS, json={"recordingType": "screen"})).json()
    async with listener(address, ann) as socket:
        for _ in range(2):  # an answer may be lost, so it may be said again
            await socket.say("recording.start", {"sessionId": made["id"], "settings": {"fps": 60}})
        await socket.say("recording.stop", {"sessionId": made["id"]})
        changes = []
        while "stopped" not in changes:
            changes.append((await socket.heard("recording.status_update"))["change"])
    assert [one for one in changes if one != "created"] == ["started", "stopped"]
    assert (await ann.get(f"{RECORDINGS}/{made['id']}")).json()["settings"] == {"fps": 60}


async def test_who_may_not_change_it_may_not_say_so_either(address: str, team: Team) -> None:
    body = {"recordingType": "screen", "workspaceId": team.id}
    made = (await team.clients["owner"].post(RECORDINGS, json=body)).json()
    this = {"sessionId": made["id"]}
    for role, code in (("viewer", "role_too_low"), ("stranger", "recording_not_found")):
        async with listener(address, team.clients[role]) as socket:
            assert (await socket.ask("recording.stop", this))["data"]["code"] == code
            assert (await socket.ask("recording.start", this))["data"]["code"] == code
            refused = await socket.ask("recording.start", {"workspaceId": team.id})
            assert refused["type"] == "error"
    key = await key_of(team.clients["owner"], "recordings:read")
    async with connected(address, f"?token={key}") as socket:
        assert (await socket.ask("recording.stop", this))["data"]["code"] == "missing_scope"
    assert (await team.clients["owner"].get(f"{RECORDINGS}/{made['id']}")).json()["status"] == "preparing"


NONSENSE: list[tuple[Any, str]] = [
    ("no JSON", "invalid_request"),
    ("[1]", "invalid_request"),
    ("{}", "invalid_request"),
    ('{"type": "recording.start", "data": []}', "invalid_request"),
    ('{"type": "recording.start", "data": {"settings": 3}}', "invalid_request"),
    ('{"type": "recording.start", "data": {"sessionId": 3}}', "invalid_request"),
    ('{"type": "recording.start", "data": {"title": "\\u0000"}}', "invalid_request"),
    ('{"type": "recording.pause"}', "invalid_request"),
    ('{"type": "recording.status_update", "data": {}}', "unknown_message"),
    (b"\0\1", "invalid_request"),
    ("[" * 50_000, "invalid_request"),
]


async def test_nonsense_is_answered_and_too_much_of_it_ends_the_connection(
    address: str, ann: httpx.AsyncClient
) -> None:
    async with listener(address, ann) as socket:
        for text, code in NONSENSE:
            await socket.say_text(text)
            message = await socket.next()
            assert (message["type"], message["data"]["code"]) == ("error", code), text
            assert message["data"]["error"].endswith(".")
        for _ in range(conversation.MOST_WRONG - len(NONSENSE)):
            await socket.say("nonsense")
        assert (await socket.closed())[0] == 4400
    async with listener(address, ann) as socket:
        await socket.say_text("x" * 70_000)
        assert (await socket.closed())[0] == 1009
    async with listener(address, ann) as socket:
        for _ in range(conversation.MOST_MESSAGES + 1):
            await socket.say("ping")
        assert (await socket.closed())[0] == 4429
    assert (await ann.get(RECORDINGS)).json()["data"] == []


async def test_who_does_not_renew_a_token_in_time_is_closed(
    services: Services,
    address: str,
    ann: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = await key_of(ann, "recordings:read")
    nearly = timedelta(seconds=services.identity.access_seconds - 3)
    monkeypatch.setattr(conversation, "now", lambda: now() + nearly)
    async with (
        listener(address, ann) as late,
        listener(address, ann) as renewed,
        listener(address, ann) as somebody_else,
    ):
        for socket in (late, renewed):
            assert (await socket.heard("token.expiring"))["expiresAt"]
        answer = await renewed.ask("auth", {"token": key})
        assert (answer["type"], answer["data"]["expiresAt"]) == ("authenticated", None)
        await somebody_else.say("auth", {"token": token_of(bob)})
        assert (await somebody_else.closed())[0] == 4401
        assert (await late.closed())[0] == 4401
        assert (await renewed.ask("ping"))["type"] == "pong"


def raw_client(address: str, token: str) -> sockets.socket:
    """A client that says who it is and then neither reads nor answers."""
    host, port = address.split(":")
    line = sockets.create_connection((host, int(port)))
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /ws?token={token} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    )
    line.sendall(f"{head}Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
    return line


async def until(condition: Callable[[], bool]) -> None:
    """Nothing tells when a connection is known or forgotten."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 (there is no event to wait for)
            await asyncio.sleep(0.02)


async def test_who_does_not_answer_pings_is_gone(
    app: FastAPI, services: Services, ann: httpx.AsyncClient
) -> None:
    async with listening(app, ping_s=0.1) as address:
        with raw_client(address, token_of(ann)):
            await until(lambda: len(services.realtime.hub) == 1)
            await until(lambda: len(services.realtime.hub) == 0)


async def test_who_does_not_read_is_dropped_with_all_that_waits_for_it(
    services: Services, address: str, ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "CLOSE_S", 0.05)
    me = (await ann.get("/api/v1/me")).json()["id"]
    with raw_client(address, token_of(ann)):
        await until(lambda: len(services.realtime.hub) == 1)
        before = asyncio.all_tasks()
        large = {"text": "x" * 100_000}
        for number in range(1, 400):
            event = Event(number, "webhook.disabled", None, me, large, now(), number)
            await services.realtime.hub.hear(event)
            await asyncio.sleep(0)
        await until(lambda: len(services.realtime.hub) == 0)
        # The connection's own task ends as well.
        await until(lambda: all(task.done() for task in before if "run_asgi" in str(task.get_coro())))

"""A link with a password says only that it wants one; who knows it gets in, and who guesses waits."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from limits.aio.storage import memory
from limits.errors import StorageError

from server import outbox
from server.db import now
from server.identity.acts import Act
from server.limits import service as counting
from server.recordings.link import Link
from server.sharing.proofs import Proofs
from server.wiring import Services
from tests.support.listening import listening
from tests.support.sockets import connected, token_of
from tests.unit.server.limits.conftest import Clock
from tests.unit.server.sharing.conftest import PASSWORD, TITLE, Shared, Visitors

PARTS = ("", "/transcript", "/captions.vtt", "/analysis", "/chapters.vtt", "/comments", "/reactions")


@pytest.fixture
async def locked(shared: Shared) -> Shared:
    await shared.set(password=PASSWORD)
    return shared


async def unlock(client: httpx.AsyncClient, shared: Shared, password: str = PASSWORD) -> httpx.Response:
    return await client.post(f"{shared.url}/unlock", json={"password": password})


async def test_it_says_only_that_it_wants_one(locked: Shared, client: httpx.AsyncClient) -> None:
    for part in PARTS:
        refused = await client.get(locked.url + part)
        assert (refused.status_code, refused.json()["code"]) == (401, "share_password_needed"), part
        assert TITLE not in refused.text
    said = await client.post(f"{locked.url}/comments", json={"body": "Hi", "name": "Eve"})
    assert said.json()["code"] == "share_password_needed"
    for path in (f"/s/{locked.slug}", f"/embed/{locked.slug}"):
        page = await client.get(path)
        assert page.status_code == 200
        assert not any(word in page.text for word in ("Plans", "og:", "oembed", "poster", "twitter"))
    assert (await client.get(f"/s/{locked.slug}/poster.jpg")).status_code == 401
    assert (await client.get("/oembed", params={"url": locked.made["shareUrl"]})).status_code == 401
    for role in ("viewer", "owner"):
        assert (await locked.team.clients[role].get(locked.url)).json()["title"] == TITLE
    assert (await locked.team.clients["stranger"].get(locked.url)).status_code == 401


async def test_who_knows_it_gets_in_by_a_cookie_or_a_token(locked: Shared, visitor: Visitors) -> None:
    guest, frame = visitor(), visitor()
    wrong = await unlock(guest, locked, "roses in november")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "share_password_wrong")
    assert "set-cookie" not in wrong.headers
    right = await unlock(guest, locked)
    assert right.status_code == 200
    cookie = right.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/", locked.slug.lower()))
    seen = (await guest.get(locked.url)).json()
    assert (seen["title"], seen["guarded"]) == (TITLE, True)
    assert (await frame.get(seen["mediaPlaylistUrl"])).status_code == 200
    assert (await guest.get(f"{locked.url}/comments")).status_code == 200
    said = await guest.post(f"{locked.url}/reactions", json={"emoji": "👍", "time": 0, "name": "Eve"})
    assert said.status_code == 201
    # Whatever the guest's cookie opens, the page that others keep stays shut.
    assert (await guest.get(f"/s/{locked.slug}/poster.jpg")).status_code == 401
    token = {"X-Share-Token": right.json()["token"]}
    assert (await frame.get(locked.url, headers=token)).status_code == 200
    assert (await frame.get(locked.url)).status_code == 401


async def test_another_password_ends_what_the_one_before_opened(locked: Shared, visitor: Visitors) -> None:
    guest = visitor()
    await unlock(guest, locked)
    media = (await guest.get(locked.url)).json()["mediaPlaylistUrl"]
    assert (await guest.get(media)).status_code == 200
    await locked.set(password="dahlias in may")
    assert (await guest.get(locked.url)).json()["code"] == "share_password_needed"
    assert (await guest.get(media)).status_code == 404
    assert (await unlock(guest, locked)).status_code == 401
    assert (await unlock(guest, locked, "dahlias in may")).status_code == 200
    await locked.set(password=None)
    assert (await visitor().get(locked.url)).status_code == 200
    assert (await unlock(guest, locked, "anything")).status_code == 200, "nothing is asked for"


async def test_many_who_know_it_cost_one_slow_hash(
    locked: Shared, visitor: Visitors, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify, hashes = services.identity.passwords.verify, []

    async def counted(password: str, hashed: str | None) -> bool:
        hashes.append(password)
        return await verify(password, hashed)

    monkeypatch.setattr(services.identity.passwords, "verify", counted)
    tries = (PASSWORD, PASSWORD, "roses in november", PASSWORD)
    codes = [(await unlock(visitor(), locked, one)).status_code for one in tries]
    assert (codes, hashes) == ([200, 200, 401, 200], [PASSWORD, "roses in november"])
    await locked.set(password="dahlias in may")
    assert (await unlock(visitor(), locked)).status_code == 401
    assert len(hashes) == 3


async def test_a_password_is_the_same_however_it_is_typed(locked: Shared, visitor: Visitors) -> None:
    await locked.set(password="Schl\u00fcssel")
    assert (await unlock(visitor(), locked, "Schlu\u0308ssel")).status_code == 200


async def test_a_proof_is_for_one_link_and_one_password_and_ends(
    locked: Shared, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = await services.recordings.find(locked.id)
    assert recording is not None
    proofs = Proofs("key", hours=1)
    proof = proofs.issue(recording)
    assert proofs.end_of(proof.token, recording) == proof.expires_at
    for other in (replace(recording, slug="other"), replace(recording, link=Link(password_hash="y"))):
        assert proofs.end_of(proof.token, other) is None
    seconds, mac = proof.token.split(".")
    for forged in (None, "", "x", f"{int(seconds) + 1}.{mac}", f"{seconds}.{'0' * 64}", f"{seconds}.", mac):
        assert proofs.end_of(forged, recording) is None
    assert Proofs("another key", 1).end_of(proof.token, recording) is None
    over = Proofs("key", hours=-1).issue(recording)
    assert proofs.end_of(over.token, recording) is None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(memory, "time", clock)
    monkeypatch.setattr(counting, "time", clock)
    return clock


async def test_who_guesses_waits_longer_and_longer(locked: Shared, visitor: Visitors, clock: Clock) -> None:
    guest, other = visitor("203.0.113.7"), visitor("203.0.113.8")
    waits: list[int] = []
    wrong = 0
    while len(waits) < 6:
        answer = await unlock(guest, locked, "roses in november")
        if answer.status_code == 401:
            wrong += 1
            continue
        assert answer.status_code == 429
        waits.append(int(answer.headers["retry-after"]))
        assert (await unlock(guest, locked)).status_code == 429, "the right one would tell"
        clock.at += waits[-1] + 0.01
    assert waits[0] <= 60
    assert max(waits) > 3000, "an hour's are used up"
    assert wrong <= 26
    assert (await unlock(other, locked)).status_code == 200, "nobody else waits"
    log = await locked.maker.get("/api/v1/audit", params={"act": Act.SHARE_PASSWORD_LIMITED})
    noted = [one["details"]["subjects"] for one in log.json()["data"]]
    assert noted[-1] == ["pair"]
    assert 1 <= len(noted) <= wrong


async def test_a_slip_is_forgiven_by_the_right_one(locked: Shared, visitor: Visitors, clock: Clock) -> None:
    guest = visitor()
    for _ in range(3):
        for _ in range(4):
            assert (await unlock(guest, locked, "roses in november")).status_code == 401
        assert (await unlock(guest, locked)).status_code == 200


async def test_guesses_at_one_link_are_counted_from_everywhere(
    locked: Shared, visitor: Visitors, clock: Clock
) -> None:
    codes = [
        (await unlock(visitor(f"203.0.113.{number}"), locked, "roses in november")).status_code
        for number in range(1, 62)
    ]
    assert codes == [401] * 60 + [429]
    assert (await unlock(visitor("198.51.100.1"), locked)).status_code == 429
    clock.at += 61
    assert (await unlock(visitor("198.51.100.1"), locked)).status_code == 200


async def test_nobody_gets_in_while_guesses_cannot_be_counted(
    locked: Shared, visitor: Visitors, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: Any, **__: Any) -> bool:
        raise StorageError(ConnectionError("gone"))

    monkeypatch.setattr(services.limits._windows, "test", down)
    refused = await unlock(visitor(), locked)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")


async def told_all(services: Services) -> None:
    """Until nothing that happened so far is on its way any more."""
    async with asyncio.timeout(20):
        while True:
            async with services.db.read() as session:
                if (await outbox.backlog(session)).waiting == 0:
                    return
            await asyncio.sleep(0.01)


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with listening(app) as address:
        yield address


async def test_what_is_said_is_heard_by_who_got_in(
    locked: Shared, visitor: Visitors, address: str, services: Services
) -> None:
    await told_all(services)
    guest, query = visitor(), f"?share={locked.slug}"
    token = (await unlock(guest, locked)).json()["token"]
    cookie = {"Cookie": f"heddle_share_{locked.slug}={token}"}
    async with connected(address, query) as socket:
        await socket.say("auth", {"shareToken": "1.0"})
        assert (await socket.closed())[0] == 4403
    async with connected(address, query) as socket:
        await socket.say("auth", {"token": token_of(locked.team.clients["stranger"])})
        assert (await socket.closed())[0] == 4403
    async with (
        connected(address, query, additional_headers=cookie) as by_cookie,
        connected(address, query) as by_token,
        connected(address, query) as member,
    ):
        await by_token.say("auth", {"shareToken": token})
        await member.say("auth", {"token": token_of(locked.team.clients["viewer"])})
        for socket in (by_cookie, by_token, member):
            await socket.ready()
        await guest.post(f"{locked.url}/comments", json={"body": "Hi", "name": "Eve"})
        for socket in (by_cookie, by_token, member):
            assert (await socket.heard("comment.created"))["body"] == "Hi"
        await locked.set(password="dahlias in may")
        for socket in (by_cookie, by_token, member):
            assert (await socket.closed())[0] == 1001, "come again, and see"
    async with connected(address, query, additional_headers=cookie) as socket:
        await socket.say("auth", {})
        assert (await socket.closed())[0] == 4403


async def test_who_listens_hears_no_more_when_the_link_ends(shared: Shared, address: str) -> None:
    await shared.has(share_expires_at=now() + timedelta(seconds=1.5))
    async with connected(address, f"?share={shared.slug}") as socket:
        await socket.ready()
        assert (await socket.closed())[0] == 1001, "come again, and see"
    async with connected(address, f"?share={shared.slug}") as socket:
        assert (await socket.closed())[0] == 4403

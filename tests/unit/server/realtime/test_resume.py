"""A client that comes back hears what it missed, in order and once."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from server.app import create_app
from server.bus import Event
from server.config import Settings
from server.db import now
from server.identity.models import UserRow
from server.outbox import OutboxRow
from server.realtime import history
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.listening import listening
from tests.support.people import Team
from tests.support.sockets import Socket, connected, listener, token_of

RECORDINGS = "/api/v1/recordings"


async def record(client: httpx.AsyncClient, **more: object) -> str:
    made = await client.post(RECORDINGS, json={"recordingType": "screen", "title": "Plan", **more})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def rename(client: httpx.AsyncClient, recording: str, *titles: str) -> None:
    for title in titles:
        changed = await client.patch(f"{RECORDINGS}/{recording}", json={"title": title})
        assert changed.status_code == 200, changed.text


async def titles_until(socket: Socket, last: str) -> list[str]:
    heard: list[str] = []
    while last not in heard:
        heard.append((await socket.heard("recording.updated"))["title"])
    return heard


@both_databases
async def test_what_was_missed_is_told_in_order_and_once_also_after_a_restart(settings: Settings) -> None:
    """The first server is gone when the client comes back; what it told lately was in its memory."""
    first = create_app(settings)
    async with (
        first.router.lifespan_context(first),
        httpx.AsyncClient(transport=httpx.ASGITransport(first), base_url="http://heddle.test") as client,
        listening(first) as address,
    ):
        token = await _sign_up(first)
        client.headers["authorization"] = f"Bearer {token}"
        async with listener(address, client) as socket:
            recording = await record(client)
            await rename(client, recording, "one")
            await titles_until(socket, "one")
            since = socket.last
        await rename(client, recording, "two", "three")
        async with listener(address, client, since) as socket:
            assert await titles_until(socket, "three") == ["two", "three"]
            await rename(client, recording, "four")
            assert await titles_until(socket, "four") == ["four"]
            assert await socket.until_now() == []
        await rename(client, recording, "five")
    second = create_app(settings)
    async with second.router.lifespan_context(second), listening(second) as address:
        async with listener(address, client, since) as socket:
            assert await titles_until(socket, "five") == ["two", "three", "four", "five"]
            last = socket.last
        async with listener(address, client, last) as socket:
            assert await socket.until_now() == []


async def _sign_up(app: FastAPI) -> str:
    services: Services = app.state.services
    row = UserRow(email="ann@example.org", username="ann", password_hash="-", role="member")
    async with services.db.write() as session:
        session.add(row)
    return (await services.identity.sessions.open(row.id)).access.token


async def test_who_left_is_told_nothing_of_what_happened_meanwhile(team: Team, address: str) -> None:
    viewer, owner = team.clients["viewer"], team.clients["owner"]
    recording = await record(owner, workspaceId=team.id)
    async with listener(address, viewer) as socket:
        await rename(owner, recording, "Seen")
        await titles_until(socket, "Seen")
    await rename(owner, recording, "Secret")
    mine = await record(viewer)
    await owner.delete(f"{team.url}/members/{team.ids['viewer']}")
    await rename(viewer, mine, "Mine")
    async with listener(address, viewer, socket.last) as socket:
        assert await titles_until(socket, "Mine") == ["Mine"]


async def test_of_progress_only_the_newest_state_is_told_again(
    services: Services, address: str, ann: httpx.AsyncClient
) -> None:
    recording, me = await record(ann), (await ann.get("/api/v1/me")).json()["id"]
    await services.dispatcher.stop()  # when all that happened so far has been told
    async with listener(address, ann) as socket:
        pass

    async def progress(percent: float, *, id_: int = 0, job: str = "a") -> None:
        status = "processing" if percent < 100 else "completed"
        data = {"jobId": job, "step": "rendition", "status": status, "progress": percent}
        place = services.realtime.hub.recent.position + 1 if id_ else 0
        await services.bus.publish(Event(id_, "processing.progress", recording, me, data, now(), place))

    await progress(0, id_=9001)
    for percent in (10, 20, 30):
        await progress(percent)
    await progress(0, id_=9002, job="b")
    await progress(100, id_=9003, job="b")
    async with listener(address, ann, socket.last) as socket:
        told = [one["data"] for one in await socket.until_now()]
        assert [(one["jobId"], one["progress"]) for one in told] == [("b", 100), ("a", 30)]


@pytest.mark.parametrize("since", ["-1", "nonsense", "99999999", "9" * 30, "1e3"])
async def test_an_id_of_nothing_that_is_known_is_answered_with_resync(
    address: str, ann: httpx.AsyncClient, since: str
) -> None:
    async with connected(address, f"?token={token_of(ann)}&lastEventId={since}") as socket:
        assert (await socket.ready())["resumed"] is False
        assert (await socket.next())["type"] == "resync"


async def test_what_is_too_much_or_too_long_ago_is_not_told_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://heddle.test") as client,
        listening(app) as address,
    ):
        client.headers["authorization"] = f"Bearer {await _sign_up(app)}"
        async with listener(address, client) as socket:
            await rename(client, await record(client), "one", "two", "three")
            await titles_until(socket, "one")
            since = socket.last
            await titles_until(socket, "three")
    app = create_app(settings)
    async with app.router.lifespan_context(app), listening(app) as address:
        monkeypatch.setattr(history, "MOST", 1)
        query = f"?token={token_of(client)}&lastEventId="
        async with connected(address, f"{query}{since}") as socket:
            assert (await socket.ready())["resumed"] is False
            assert (await socket.next())["type"] == "resync"
        monkeypatch.undo()
        async with connected(address, f"{query}{since}") as socket:
            assert (await socket.ready())["resumed"] is True
        services: Services = app.state.services
        async with services.db.write() as session:
            await session.execute(delete(OutboxRow).where(OutboxRow.position <= (since or 0) + 1))
        async with connected(address, f"{query}{since}") as socket:
            assert (await socket.ready())["resumed"] is False


async def test_viewers_of_a_link_hear_what_was_said_meanwhile(address: str, ann: httpx.AsyncClient) -> None:
    recording = await record(ann)
    slug = (await ann.get(f"{RECORDINGS}/{recording}")).json()["shareUrl"].rsplit("/", 1)[1]
    async with connected(address, f"?share={slug}") as viewer:
        await viewer.ready()
    await ann.post(f"{RECORDINGS}/{recording}/comments", json={"body": "Missed"})
    async with listener(address, ann) as socket:  # what was said before has been told by the time of this
        await rename(ann, recording, "Told")
        await titles_until(socket, "Told")
    async with connected(address, f"?share={slug}&lastEventId={viewer.last}") as viewer:
        assert (await viewer.ready())["resumed"] is True
        assert [one["data"]["body"] for one in await viewer.until_now()] == ["Missed"]

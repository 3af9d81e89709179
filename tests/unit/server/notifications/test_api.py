"""Notifications over HTTP, and told live."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import websockets
from fastapi import FastAPI

from server.identity import mail_keys
from server.identity.permissions import WorkspaceRole
from server.identity.workspaces.models import InvitationRow
from server.notifications.kinds import TABLE
from server.wiring import Services
from tests.support.listening import listening

URL = "/api/v1/notifications"


@pytest.fixture
async def comments(ann: httpx.AsyncClient) -> str:
    """Where others say something to Ann."""
    made = await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Plan"})
    return f"/api/v1/shares/{made.json()['shareUrl'].rsplit('/', 1)[1]}/comments"


async def say(client: httpx.AsyncClient, comments: str, *bodies: str) -> None:
    for body in bodies:
        said = await client.post(comments, json={"body": body})
        assert said.status_code == 201, said.text


async def page(client: httpx.AsyncClient, count: int, **query: Any) -> dict[str, Any]:
    """A page, once there are so many in all."""
    async with asyncio.timeout(20):
        while True:
            found = (await client.get(URL, params=query)).json()
            if found["pagination"]["totalElements"] == count:
                return dict(found)
            await asyncio.sleep(0.01)  # another task writes them


async def test_they_are_listed_marked_and_deleted(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, comments: str
) -> None:
    await say(bob, comments, "One", "Two", "Three")
    found = await page(ann, 3, size=2)
    assert [one["quote"] for one in found["data"]] == ["Three", "Two"]
    assert (found["unread"], found["data"][0]["kind"]) == (3, "comment")
    rest = await page(ann, 3, size=2, cursor=found["pagination"]["nextCursor"])
    assert [one["quote"] for one in rest["data"]] == ["One"]
    assert rest["pagination"]["nextCursor"] is None

    three, two = (f"{URL}/{one['id']}" for one in found["data"])
    assert (await ann.patch(three, json={})).json()["read"] is True
    assert (await ann.get(f"{URL}/count")).json() == {"unread": 2}
    assert [one["quote"] for one in (await page(ann, 2, unread=True))["data"]] == ["Two", "One"]
    assert (await ann.patch(three, json={"read": False})).json()["read"] is False
    assert (await ann.delete(two)).status_code == 204
    assert (await ann.delete(two)).json()["code"] == "notification_not_found"
    assert (await bob.patch(three, json={})).json()["code"] == "notification_not_found"
    until = found["data"][1]["updatedAt"]
    assert (await ann.post(f"{URL}/read", json={"until": until})).json() == {"changed": 1, "unread": 1}
    assert (await ann.post(f"{URL}/read")).json() == {"changed": 1, "unread": 0}
    assert (await page(ann, 0, kind="mention"))["data"] == []
    assert (await page(bob, 0))["data"] == []


async def test_they_are_told_live_to_their_person_alone(
    app: FastAPI, ann: httpx.AsyncClient, bob: httpx.AsyncClient, comments: str
) -> None:
    def token(client: httpx.AsyncClient) -> str:
        return client.headers["authorization"].split()[1]

    async with (
        listening(app) as address,
        websockets.connect(f"ws://{address}/ws?token={token(ann)}") as anns,
        websockets.connect(f"ws://{address}/ws?token={token(bob)}") as bobs,
    ):
        await say(bob, comments, "Live")
        told = await heard(anns, "notification.created")
        assert told["unread"] == 1
        assert told["notification"]["text"] == "bob commented on “Plan”."
        (listed,) = (await ann.get(URL)).json()["data"]
        assert told["notification"] == listed
        await ann.post(f"{URL}/read")
        assert await heard(anns, "notification.counted") == {"unread": 0}
        await bobs.send('{"type": "ping"}')
        while (message := json.loads(await bobs.recv()))["type"] != "pong":
            assert not message["type"].startswith("notification.")


async def heard(socket: websockets.ClientConnection, type_: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while (message := json.loads(await socket.recv()))["type"] != type_:
            pass
    return dict(message["data"])


async def test_what_is_chosen_holds_and_the_rest_stays(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, comments: str
) -> None:
    url = f"{URL}/preferences"
    first = (await ann.get(url)).json()
    assert len(first["data"]) == len(TABLE)
    assert (first["digestHour"], first["timeZone"], first["emailAvailable"]) == (8, "UTC", False)
    body = {
        "kinds": {"comment": {"inApp": False}, "view": {"email": "off", "slack": True}},
        "digestHour": 18,
        "quietFrom": "22:00",
        "quietUntil": "07:00",
    }
    chosen = (await ann.patch(url, json=body)).json()
    kinds = {one["kind"]: one for one in chosen["data"]}
    assert (kinds["comment"]["inApp"], kinds["comment"]["email"]) == (False, "at_once")
    assert (kinds["view"]["inApp"], kinds["view"]["email"], kinds["view"]["slack"]) == (True, "off", True)
    assert (chosen["digestHour"], chosen["quietFrom"], chosen["quietUntil"]) == (18, "22:00:00", "07:00:00")
    again = (await ann.patch(url, json={"quietFrom": None, "quietUntil": None})).json()
    assert (again["quietFrom"], again["digestHour"]) == (None, 18)
    await say(bob, comments, "Unseen", "Seen, @ann")
    assert [one["kind"] for one in (await page(ann, 1))["data"]] == ["mention"]


async def test_a_choice_that_makes_no_sense_changes_nothing(ann: httpx.AsyncClient) -> None:
    before = (await ann.get(f"{URL}/preferences")).json()
    bodies: list[dict[str, Any]] = [
        {"kinds": {"nothing": {"inApp": True}}},
        {"kinds": {"comment": {"email": "sometimes"}}},
        {"digestHour": 24},
        {"quietFrom": "22:00"},
        {"quietFrom": "22:00", "quietUntil": None},
        {"quietFrom": "22:00+02:00", "quietUntil": "07:00"},
        {"quietFrom": "late", "quietUntil": "07:00"},
        {"unknown": 1},
    ]
    for body in bodies:
        answer = await ann.patch(f"{URL}/preferences", json=body)
        assert answer.status_code == 400, answer.text
    assert (await ann.get(f"{URL}/preferences")).json() == before


async def test_who_invited_hears_of_the_answer(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    body = {"email": "bob@example.org", "role": WorkspaceRole.MEMBER}
    made = await ann.post(f"/api/v1/workspaces/{team}/invitations", json=body)
    key, kept = mail_keys.new_key()
    async with services.db.write() as session:
        (await session.get_one(InvitationRow, made.json()["id"])).token_hash = kept
    assert (await bob.post("/api/v1/invitations/accept", json={"token": key})).status_code == 200
    (told,) = (await page(ann, 1))["data"]
    assert told["text"] == "bob accepted your invitation to “Team”."


async def test_what_is_no_notification_or_cursor_is_a_clear_no(ann: httpx.AsyncClient) -> None:
    for name in ("1", "00000000-0000-4000-8000-000000000000"):
        assert (await ann.patch(f"{URL}/{name}", json={})).status_code == 404
    assert (await ann.get(URL, params={"cursor": "x"})).status_code == 400
    assert (await ann.post(f"{URL}/read", json={"until": "2026-01-01T00:00:00"})).status_code == 400

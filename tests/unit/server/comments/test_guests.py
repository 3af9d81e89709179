"""Viewers without an account: a name, a token for what they said, and only where the owner lets them."""

from typing import Any

import httpx
import pytest

from server.comments.people import GuestTokens
from server.errors import InvalidRequest
from tests.unit.server.comments.test_comments import say, threads


@pytest.fixture
def comments(share: str) -> str:
    return f"{share}/comments"


async def test_a_guest_has_a_name_and_gets_a_token_once(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, comments: str, url: str
) -> None:
    unnamed = await client.post(comments, json={"body": "Hello"})
    assert (unnamed.status_code, unnamed.json()["code"]) == (400, "name_needed")
    made = await say(client, comments, "Hello", name=" Eve \n Adams ")
    assert made["author"] == {"userId": None, "name": "Eve Adams", "guest": True}
    token = {"X-Guest-Token": made["editToken"]}
    answer = await client.post(comments, json={"body": "Again"}, headers=token)
    assert answer.json()["author"]["name"] == "Eve Adams"
    assert answer.json()["editToken"] is None
    mine = (await client.get(comments, headers=token)).json()["data"]
    others = (await client.get(comments)).json()["data"]
    assert [one["mine"] for one in mine] == [True, True]
    assert [one["mine"] for one in others] == [False, False]
    assert [one["body"] for one in await threads(ann, url)] == ["Hello", "Again"]


async def test_what_a_guest_said_is_theirs_by_the_token_alone(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, comments: str, url: str
) -> None:
    made = await say(client, comments, "Mine", name="Eve")
    other = await say(client, comments, "Other", name="Eve")
    address = f"{comments}/{made['id']}"
    for headers in ({}, {"X-Guest-Token": other["editToken"]}):
        denied = [
            await client.patch(address, json={"body": "x"}, headers=headers),
            await client.delete(address, headers=headers),
            await client.post(f"{address}/resolve", headers=headers),
        ]
        assert [one.status_code for one in denied] == [403] * 3
    token = {"X-Guest-Token": made["editToken"]}
    edited = await client.patch(address, json={"body": "Better"}, headers=token | {"If-Match": '"1"'})
    assert (edited.json()["body"], edited.headers["etag"]) == ("Better", '"2"')
    assert (await client.post(f"{address}/resolve", headers=token)).json()["resolved"] is True
    assert (await client.post(f"{address}/reopen", headers=token)).json()["resolved"] is False
    assert (await client.get(address)).json()["mine"] is False
    assert (await client.delete(address, headers=token)).status_code == 204
    assert (await ann.delete(f"/api/v1/comments/{other['id']}")).status_code == 204
    assert await threads(ann, url) == []


@pytest.mark.parametrize("token", ["x", "00000000-0000-4000-8000-000000000000." + "0" * 64, "a" * 201])
async def test_a_token_that_is_not_ours_is_a_400(
    client: httpx.AsyncClient, comments: str, token: str
) -> None:
    answer = await client.get(comments, headers={"X-Guest-Token": token})
    assert answer.status_code == 400


def test_a_token_is_bound_to_the_server_that_made_it() -> None:
    guest = "3f0c7f2f-7b1c-4e6f-9a35-000000000001"
    assert GuestTokens("one").guest_of(GuestTokens("one").of(guest)) == guest
    with pytest.raises(InvalidRequest):
        GuestTokens("two").guest_of(GuestTokens("one").of(guest))


async def test_a_guest_of_one_recording_is_nobody_at_another(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, comments: str
) -> None:
    made = await say(client, comments, "Here", name="Eve")
    other = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    there = f"/api/v1/shares/{other['shareUrl'].rsplit('/', 1)[1]}/comments"
    token = {"X-Guest-Token": made["editToken"]}
    assert (await client.post(there, json={"body": "There"}, headers=token)).status_code == 400
    again = await client.post(there, json={"body": "There", "name": "Eve"}, headers=token)
    assert again.json()["editToken"] not in {None, made["editToken"]}
    assert (await client.patch(f"{there}/{made['id']}", json={"body": "x"}, headers=token)).status_code == 404


async def test_a_lost_answer_brings_the_token_again(client: httpx.AsyncClient, comments: str) -> None:
    key = {"Idempotency-Key": "0c7f2f0e-7b1c-4e6f-9a35-000000000002"}
    answers = [
        await client.post(comments, json={"body": "Once", "name": "Eve"}, headers=key) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["editToken"]


async def test_the_owner_decides_whether_viewers_may_comment(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, recording: dict[str, Any], comments: str, share: str
) -> None:
    made = await say(client, comments, "Early", name="Eve")
    token = {"X-Guest-Token": made["editToken"]}
    assert (await client.get(share)).json()["allowComments"] is True
    changed = await ann.put(f"/api/v1/recordings/{recording['id']}", json={"allowComments": False})
    assert changed.json()["allowComments"] is False
    assert (await client.get(share)).json()["allowComments"] is False
    refused = [
        await client.get(comments),
        await client.post(comments, json={"body": "Late", "name": "Eve"}),
        await client.patch(f"{comments}/{made['id']}", json={"body": "x"}, headers=token),
        await client.get(f"{share}/reactions"),
        await client.post(f"{share}/reactions", json={"emoji": "🎉", "name": "Eve"}),
    ]
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(403, "comments_off")}
    assert (await ann.get(comments)).status_code == 200  # her own, also by its link
    assert (await client.delete(f"{comments}/{made['id']}", headers=token)).status_code == 204


async def test_without_the_link_there_is_nothing(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, recording: dict[str, Any], comments: str
) -> None:
    made = await say(client, comments, name="Eve")
    await ann.put(f"/api/v1/recordings/{recording['id']}", json={"shared": False})
    for address in (comments, f"{comments}/{made['id']}", "/api/v1/shares/unknown/comments"):
        answer = await client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "share_not_found")


async def test_a_bad_token_of_an_account_does_not_make_a_guest(
    client: httpx.AsyncClient, comments: str
) -> None:
    headers = {"Authorization": "Bearer nonsense"}
    answer = await client.post(comments, json={"body": "x", "name": "Eve"}, headers=headers)
    assert answer.status_code == 401


async def test_a_guest_reaches_only_who_takes_part(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, bob: httpx.AsyncClient, comments: str
) -> None:
    body = "@ann @bob @eve@else.example"
    made = await say(client, comments, body, name="Eve")
    assert [one["name"] for one in made["mentions"]] == ["ann"]
    await say(bob, comments, "I am here")
    again = await say(client, comments, body, name="Eve")
    assert [one["name"] for one in again["mentions"]] == ["ann", "bob"]


async def test_guests_are_counted_by_their_address(client: httpx.AsyncClient, comments: str) -> None:
    answers = [await client.post(comments, json={"body": "x", "name": f"Eve {n}"}) for n in range(11)]
    assert [one.status_code for one in answers] == [201] * 10 + [429]

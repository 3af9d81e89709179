"""Emoji at moments of the video."""

from typing import Any

import httpx
import pytest


@pytest.fixture
def reactions(url: str) -> str:
    return url.replace("comments", "reactions")


async def react(client: httpx.AsyncClient, url: str, emoji: str = "👍", **more: Any) -> dict[str, Any]:
    answer = await client.post(url, json={"emoji": emoji, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_reactions_come_by_their_moments_and_are_counted(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, reactions: str, share: str
) -> None:
    late = await react(ann, reactions, "🎉", time=9)
    guest = await react(client, f"{share}/reactions", "👍", time=3, name="Eve")
    await react(ann, reactions, "👍", time=6)
    first = (await ann.get(reactions, params={"size": 2})).json()
    assert [(one["emoji"], one["time"], one["author"]["name"]) for one in first["data"]] == [
        ("👍", 3.0, "Eve"),
        ("👍", 6.0, "ann"),
    ]
    assert first["counts"] == {"👍": 2, "🎉": 1}
    cursor = first["pagination"]["nextCursor"]
    last = (await client.get(f"{share}/reactions", params={"size": 2, "cursor": cursor})).json()
    assert [one["id"] for one in last["data"]] == [late["id"]]
    assert (last["pagination"]["nextCursor"], last["pagination"]["totalElements"]) == (None, 3)
    assert guest["editToken"]


async def test_a_second_click_is_the_first(ann: httpx.AsyncClient, reactions: str) -> None:
    first = await react(ann, reactions, time=3)
    assert (await react(ann, reactions, time=3.4))["id"] == first["id"]
    assert (await react(ann, reactions, time=9))["id"] != first["id"]


@pytest.mark.parametrize("body", [{"emoji": "💩"}, {"emoji": "x"}, {}, {"emoji": "👍", "time": -1}])
async def test_only_known_emoji_and_times(
    ann: httpx.AsyncClient, reactions: str, body: dict[str, Any]
) -> None:
    assert (await ann.post(reactions, json=body)).status_code == 400


async def test_a_reaction_can_be_taken_back_by_whose_it_is_and_by_the_owner(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, reactions: str, share: str
) -> None:
    bobs = await react(bob, f"{share}/reactions")
    guests = await react(client, f"{share}/reactions", name="Eve")
    address = f"{share}/reactions/{guests['id']}"
    assert (await client.delete(address)).status_code == 403
    assert (await bob.delete(f"/api/v1/reactions/{guests['id']}")).status_code == 404
    token = {"X-Guest-Token": guests["editToken"]}
    assert (await client.delete(address, headers=token)).status_code == 204
    assert (await client.delete(address, headers=token)).status_code == 404
    assert (await ann.delete(f"/api/v1/reactions/{bobs['id']}")).status_code == 204
    assert (await ann.delete("/api/v1/reactions/nonsense")).status_code == 404
    assert (await ann.get(reactions)).json()["data"] == []


async def test_the_same_request_twice_is_one_reaction(ann: httpx.AsyncClient, reactions: str) -> None:
    key = {"Idempotency-Key": "0c7f2f0e-7b1c-4e6f-9a35-000000000003"}
    answers = [await ann.post(reactions, json={"emoji": "🔥", "time": 2}, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()

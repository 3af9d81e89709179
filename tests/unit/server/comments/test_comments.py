"""Comments by those who have accounts: written, answered, corrected, settled, deleted."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.bus import Event
from server.db import now
from server.identity.workspaces.models import MemberRow
from server.wiring import Services
from tests.support.databases import both_databases

COMMENT = "/api/v1/comments"


async def say(client: httpx.AsyncClient, url: str, body: str = "Nice", **more: Any) -> dict[str, Any]:
    answer = await client.post(url, json={"body": body, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def threads(client: httpx.AsyncClient, url: str, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(url, params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def test_a_comment_has_its_moment_and_its_author(ann: httpx.AsyncClient, url: str) -> None:
    made = await say(ann, url, "  Look\r\nhere  ", time=1.5, endTime=4)
    assert (made["body"], made["time"], made["endTime"]) == ("Look\nhere", 1.5, 4.0)
    assert made["author"]["name"] == "ann"
    assert (made["mine"], made["deleted"], made["resolved"], made["version"]) == (True, False, False, 1)
    assert await threads(ann, url) == [made | {"replies": []}]
    answer = await ann.get(f"{COMMENT}/{made['id']}")
    assert (answer.json(), answer.headers["etag"]) == (made, '"1"')


async def test_replies_stand_in_their_thread_and_a_reply_to_one_joins_it(
    ann: httpx.AsyncClient, url: str
) -> None:
    first = await say(ann, url, "First")
    reply = await say(ann, url, "Reply", parentId=first["id"])
    deeper = await say(ann, url, "Reply to the reply", parentId=reply["id"])
    assert deeper["parentId"] == first["id"]
    [thread] = await threads(ann, url)
    assert [one["body"] for one in thread["replies"]] == ["Reply", "Reply to the reply"]


async def test_a_comment_on_a_comment_that_is_not_there_is_a_404(ann: httpx.AsyncClient, url: str) -> None:
    for parent in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        answer = await ann.post(url, json={"body": "x", "parentId": parent})
        assert (answer.status_code, answer.json()["code"]) == (404, "comment_not_found")


STROKE = {"tool": "pen", "color": "#ff0000", "width": 0.01, "points": [[0.1, 0.2], [0.30000001, 0.4]]}
BAD = {
    "nothing": {},
    "empty": {"body": ""},
    "blank": {"body": " \n "},
    "invisible": {"body": "\u200b\u200d"},
    "too long": {"body": "x" * 5001},
    "control characters": {"body": "a\x00b"},
    "a time before the start": {"body": "x", "time": -1},
    "an end before the time": {"body": "x", "time": 5, "endTime": 4},
    "an end without a time": {"body": "x", "endTime": 4},
    "a drawing on no frame": {"body": "x", "drawing": {"strokes": [STROKE]}},
    "no strokes": {"body": "x", "time": 1, "drawing": {"strokes": []}},
    "outside the picture": {
        "body": "x",
        "time": 1,
        "drawing": {"strokes": [STROKE | {"points": [[1.1, 0]]}]},
    },
    "no colour": {"body": "x", "time": 1, "drawing": {"strokes": [STROKE | {"color": "url(x)"}]}},
    "a rectangle of one corner": {
        "body": "x",
        "time": 1,
        "drawing": {"strokes": [{**STROKE, "tool": "rectangle", "points": [[0, 0]]}]},
    },
    "too many points": {
        "body": "x",
        "time": 1,
        "drawing": {"strokes": [STROKE | {"points": [[0, 0]] * 2500}] * 2},
    },
    "too many strokes": {"body": "x", "time": 1, "drawing": {"strokes": [STROKE] * 101}},
    "unknown fields": {"body": "x", "html": "<b>"},
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
async def test_what_makes_no_sense_is_a_400_and_leaves_nothing(
    ann: httpx.AsyncClient, url: str, body: dict[str, Any]
) -> None:
    answer = await ann.post(url, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), answer.text
    assert await threads(ann, url) == []


async def test_a_drawing_comes_back_as_vectors(ann: httpx.AsyncClient, url: str) -> None:
    made = await say(ann, url, time=1, drawing={"strokes": [STROKE]})
    kept = STROKE | {"points": [[0.1, 0.2], [0.3, 0.4]]}
    assert made["drawing"] == {"strokes": [kept]}
    assert (await ann.get(f"{COMMENT}/{made['id']}")).json()["drawing"] == {"strokes": [kept]}


async def test_an_edit_is_remembered_and_nobody_overwrites_the_unseen(
    ann: httpx.AsyncClient, url: str
) -> None:
    made = await say(ann, url, "Befor", time=2)
    address = f"{COMMENT}/{made['id']}"
    answer = await ann.patch(address, json={"body": "Before"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    edited = answer.json()
    assert (edited["body"], edited["time"], edited["version"]) == ("Before", 2.0, 2)
    assert edited["editedAt"] is not None
    late = await ann.patch(address, json={"body": "Late"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"], late.headers["etag"]) == (412, "comment_changed", '"2"')
    [before] = (await ann.get(f"{address}/history")).json()["data"]
    assert (before["version"], before["body"], before["time"]) == (1, "Befor", 2.0)


async def test_an_edit_that_changes_nothing_is_none(ann: httpx.AsyncClient, url: str) -> None:
    made = await say(ann, url, "Same", time=2)
    answer = await ann.patch(f"{COMMENT}/{made['id']}", json={"body": "Same", "time": 2})
    assert answer.json() == made


async def test_a_time_can_be_taken_away_but_not_from_under_a_drawing(
    ann: httpx.AsyncClient, url: str
) -> None:
    made = await say(ann, url, time=2, drawing={"strokes": [STROKE]})
    address = f"{COMMENT}/{made['id']}"
    assert (await ann.patch(address, json={"time": None})).status_code == 400
    answer = await ann.patch(address, json={"time": None, "drawing": None})
    assert (answer.json()["time"], answer.json()["drawing"]) == (None, None)
    for body in ({}, {"body": None}):
        assert (await ann.patch(address, json=body)).status_code == 400


async def test_a_thread_is_settled_and_opened_again(ann: httpx.AsyncClient, url: str) -> None:
    first, other = await say(ann, url, "One"), await say(ann, url, "Two")
    reply = await say(ann, url, "Reply", parentId=first["id"])
    for _ in range(2):  # a second time changes nothing
        answer = await ann.post(f"{COMMENT}/{first['id']}/resolve")
        assert (answer.status_code, answer.json()["resolved"], answer.json()["version"]) == (200, True, 2)
    assert [one["id"] for one in await threads(ann, url, resolved=True)] == [first["id"]]
    assert [one["id"] for one in await threads(ann, url, resolved=False)] == [other["id"]]
    answer = await ann.post(f"{COMMENT}/{reply['id']}/resolve")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_thread")
    assert (await ann.post(f"{COMMENT}/{first['id']}/reopen")).json()["resolved"] is False


async def test_a_deleted_comment_leaves_a_place_only_for_its_replies(
    ann: httpx.AsyncClient, url: str
) -> None:
    first = await say(ann, url, "Secret")
    await ann.patch(f"{COMMENT}/{first['id']}", json={"body": "Secret, corrected"})
    reply = await say(ann, url, "Reply", parentId=first["id"])
    assert (await ann.delete(f"{COMMENT}/{first['id']}")).status_code == 204
    [thread] = await threads(ann, url)
    assert (thread["deleted"], thread["body"], thread["author"]) == (True, "", None)
    assert [one["body"] for one in thread["replies"]] == ["Reply"]
    for change in (
        ann.patch(f"{COMMENT}/{first['id']}", json={"body": "x"}),
        ann.delete(f"{COMMENT}/{first['id']}"),
    ):
        assert (await change).status_code == 404
    assert (await ann.get(f"{COMMENT}/{first['id']}/history")).json() == {"data": []}
    assert (await ann.delete(f"{COMMENT}/{reply['id']}")).status_code == 204
    assert await threads(ann, url) == []


@both_databases
async def test_pages_lead_through_all_threads_in_every_order(ann: httpx.AsyncClient, url: str) -> None:
    times = [5, None, 1, 5, 3]
    made = [await say(ann, url, f"No {n}", **({} if t is None else {"time": t})) for n, t in enumerate(times)]
    for order, expected in {
        "created": [0, 1, 2, 3, 4],
        "-created": [4, 3, 2, 1, 0],
        "time": [1, 2, 4, 0, 3],
    }.items():
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await ann.get(url, params={"sort": order, "size": 2, **cursor})).json()
            found += [one["id"] for one in page["data"]]
            assert page["pagination"]["totalElements"] == 5
            if page["pagination"]["nextCursor"] is None:
                break
            cursor = {"cursor": page["pagination"]["nextCursor"]}
        assert found == [made[n]["id"] for n in expected], order


@pytest.mark.parametrize("cursor", ["x", "W10", "%00", "bm9uc2Vuc2U", "WzEsMl0", "a" * 1025, "W3t9LHt9XQ"])
async def test_a_cursor_from_elsewhere_is_a_400(ann: httpx.AsyncClient, url: str, cursor: str) -> None:
    assert (await ann.get(f"{url}?cursor={cursor}")).status_code == 400


async def test_others_neither_see_nor_touch_it(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, url: str
) -> None:
    made = await say(ann, url)
    address = f"{COMMENT}/{made['id']}"
    answers = [
        await bob.get(url),
        await bob.post(url, json={"body": "x"}),
        await bob.get(address),
        await bob.patch(address, json={"body": "x"}),
        await bob.delete(address),
        await bob.get(f"{address}/history"),
        await bob.post(f"{address}/resolve"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 7
    assert (await client.get(url)).status_code == 401
    assert (await ann.get(address)).json() == made


async def test_who_commented_by_the_link_keeps_their_comment_while_it_works(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, recording: dict[str, Any], url: str, share: str
) -> None:
    made = await say(bob, f"{share}/comments", "From Bob")
    assert (made["author"]["name"], made["author"]["guest"], made["editToken"]) == ("bob", False, None)
    address = f"{COMMENT}/{made['id']}"
    assert (await bob.patch(address, json={"body": "By Bob"})).json()["body"] == "By Bob"
    assert (await bob.post(f"{address}/resolve")).json()["resolved"] is True
    denied = await ann.patch(address, json={"body": "By Ann"})
    assert (denied.status_code, denied.json()["code"]) == (403, "not_the_author")
    await ann.put(f"/api/v1/recordings/{recording['id']}", json={"shared": False})
    assert (await bob.get(address)).status_code == 404
    assert (await ann.delete(address)).status_code == 204
    assert await threads(ann, url) == []


@pytest.fixture
async def team_of_two(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, recording: dict[str, Any], services: Services
) -> None:
    """Ann's recording lies where bob is a member."""
    team = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    bobs_id = (await bob.get("/api/v1/me")).json()["id"]
    async with services.db.write() as session:
        session.add(MemberRow(workspace_id=team, user_id=bobs_id, role="viewer"))
    moved = await ann.post(f"/api/v1/recordings/{recording['id']}/move", json={"workspaceId": team})
    assert moved.status_code == 200, moved.text


async def test_nobody_is_mentioned_who_may_not_see_the_recording(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, url: str, share: str
) -> None:
    made = await say(ann, url, "@bob, @bob@example.org and @ann")
    assert [(one["name"], one["userId"] is None) for one in made["mentions"]] == [
        ("bob@example.org", True),
        ("ann", False),
    ]
    await say(bob, f"{share}/comments", "I have the link")
    assert [one["name"] for one in (await say(ann, url, "@bob"))["mentions"]] == ["bob"]


@pytest.mark.usefixtures("team_of_two")
async def test_who_is_no_member_cannot_find_out_who_is(
    sign_in: Any, url: str, share: str, ann: httpx.AsyncClient
) -> None:
    eve = await sign_in("eve")
    made = await say(eve, f"{share}/comments", "@bob @ann")
    assert [one["name"] for one in made["mentions"]] == ["ann"]
    assert [one["name"] for one in (await say(ann, url, "@bob @eve"))["mentions"]] == ["bob", "eve"]


@pytest.mark.usefixtures("team_of_two")
async def test_people_are_mentioned_by_name_or_address(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, url: str
) -> None:
    body = "@Bob and @ann@example.org, not bob@example.org, @nobody, but @eve@else.example."
    made = await say(ann, url, body)
    assert [one["name"] for one in made["mentions"]] == ["bob", "ann", "eve@else.example"]
    assert [one["userId"] is None for one in made["mentions"]] == [False, False, True]
    edited = await ann.patch(f"{COMMENT}/{made['id']}", json={"body": "Nobody at all"})
    assert edited.json()["mentions"] == []


async def test_the_same_request_twice_is_one_comment(ann: httpx.AsyncClient, url: str) -> None:
    key = {"Idempotency-Key": "0c7f2f0e-7b1c-4e6f-9a35-000000000001"}
    first = await ann.post(url, json={"body": "Once"}, headers=key)
    again = await ann.post(url, json={"body": "Once"}, headers=key)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    other = await ann.post(url, json={"body": "Twice"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    short = await ann.post(url, json={"body": "Once"}, headers={"Idempotency-Key": "short"})
    assert short.status_code == 400
    assert len(await threads(ann, url)) == 1


async def test_a_flood_is_stopped(ann: httpx.AsyncClient, url: str) -> None:
    answers = [await ann.post(url, json={"body": f"No {n}"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [201] * 30 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_a_comment_cannot_lie_behind_the_end(
    ann: httpx.AsyncClient, services: Services, recording: dict[str, Any], url: str
) -> None:
    await say(ann, url, time=500)  # nobody knows yet how long it gets
    await services.recordings.upload_completed(recording["id"], 1000, "0" * 64, 10.0)
    await say(ann, url, time=11)
    answer = await ann.post(url, json={"body": "x", "time": 60})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_with_the_account_goes_what_it_wrote(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, services: Services, url: str, share: str
) -> None:
    talked = await say(bob, f"{share}/comments", "Bob's thread")
    await say(ann, url, "Ann's reply", parentId=talked["id"])
    await say(bob, f"{share}/comments", "Bob alone")
    await bob.post(f"{share}/reactions", json={"emoji": "👍", "time": 1})
    bob_id = (await bob.get("/api/v1/me")).json()["id"]
    event = Event(1, "user.deleted", None, bob_id, {}, now())
    for _ in range(2):  # delivered at least once
        await services.talk.comments.on_user_deleted(event)
    [thread] = await threads(ann, url)
    assert (thread["deleted"], thread["body"]) == (True, "")
    assert [one["body"] for one in thread["replies"]] == ["Ann's reply"]
    reactions = (await ann.get(url.replace("comments", "reactions"))).json()
    assert reactions["data"] == []


async def test_comments_go_with_their_recording(
    ann: httpx.AsyncClient, app: FastAPI, recording: dict[str, Any], url: str
) -> None:
    first = await say(ann, url)
    await say(ann, url, "Reply", parentId=first["id"])
    for_good = f"/api/v1/recordings/{recording['id']}?permanent=true"
    assert (await ann.delete(for_good)).status_code == 204
    assert (await ann.get(f"{COMMENT}/{first['id']}")).status_code == 404

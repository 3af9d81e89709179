"""Webhooks over HTTP: made, tried, looked at; and what a recording's life sends to them."""

from typing import Any

import httpx
import pytest

from server.wiring import Services
from tests.support.receiver import Receiver, Reply
from tests.unit.server.webhooks.conftest import until

PATH = "/api/v1/webhooks"
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def create(client: httpx.AsyncClient, receiver: Receiver, *events: str) -> dict[str, Any]:
    body: dict[str, Any] = {"url": receiver.url, "description": "mine"}
    made = await client.post(PATH, json={**body, **({"events": list(events)} if events else {})})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def log(client: httpx.AsyncClient, webhook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = await client.get(f"{PATH}/{webhook['id']}/deliveries{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def test_the_secret_is_shown_once(ann: httpx.AsyncClient, receiver: Receiver) -> None:
    made = await create(ann, receiver)
    assert made["secret"].startswith("whsec_")
    assert (made["events"], made["active"], made["failures"]) == (["*"], True, 0)
    shown = (await ann.get(f"{PATH}/{made['id']}")).json()
    assert shown == {key: value for key, value in made.items() if key != "secret"}
    listed = (await ann.get(PATH)).json()
    assert listed["data"] == [shown]
    assert listed["pagination"] == {"page": 0, "size": 20, "totalPages": 1, "totalElements": 1}


async def test_a_webhook_can_be_changed_and_deleted(ann: httpx.AsyncClient, receiver: Receiver) -> None:
    made = await create(ann, receiver)
    events = ["video.shared", "recording.completed"]
    changed = await ann.put(f"{PATH}/{made['id']}", json={"events": events, "active": False})
    assert changed.json()["events"] == ["recording.completed", "video.shared"]
    assert changed.json()["active"] is False
    assert changed.json()["description"] == "mine"
    assert (await ann.post(f"{PATH}/{made['id']}/enable")).json()["active"] is True
    assert (await ann.delete(f"{PATH}/{made['id']}")).status_code == 204
    assert (await ann.get(f"{PATH}/{made['id']}")).status_code == 404


async def test_anothers_webhook_does_not_exist(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await create(ann, receiver)
    test = (await ann.post(f"{PATH}/{made['id']}/test")).json()
    path = f"{PATH}/{made['id']}"
    calls = [
        ("GET", path, None),
        ("PUT", path, {"active": False}),
        ("DELETE", path, None),
        ("POST", f"{path}/rotate-secret", None),
        ("POST", f"{path}/enable", None),
        ("POST", f"{path}/test", None),
        ("GET", f"{path}/deliveries", None),
        ("GET", f"{path}/deliveries/{test['id']}", None),
        ("POST", f"{path}/deliveries/{test['id']}/redeliver", None),
    ]
    for method, where, body in calls:
        answer = await bob.request(method, where, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook_not_found"), where
        assert (await client.request(method, where, json=body)).status_code == 401
    assert (await bob.get(PATH)).json()["data"] == []
    for wrong in (NOBODYS, "x", "%00"):
        assert (await ann.get(f"{path}/deliveries/{wrong}")).json()["code"] == "delivery_not_found"
        assert (await ann.get(f"{PATH}/{wrong}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://127.0.0.2/"}, "webhook_url_refused"),
        ({"url": "http://169.254.169.254/"}, "webhook_url_refused"),
        ({"url": "ftp://example.org/"}, "invalid_request"),
        ({"url": "https://example.org/", "events": ["video.stolen"]}, "invalid_request"),
        ({"url": "https://example.org/", "events": []}, "invalid_request"),
        ({"url": "https://example.org/", "description": "a\x00"}, "invalid_request"),
        ({"events": ["*"]}, "invalid_request"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    ann: httpx.AsyncClient, body: dict[str, Any], code: str
) -> None:
    answer = await ann.post(PATH, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert (await ann.get(PATH)).json()["data"] == []


async def test_twenty_webhooks_are_the_most(ann: httpx.AsyncClient, receiver: Receiver) -> None:
    for _ in range(20):
        await create(ann, receiver)
    answer = await ann.post(PATH, json={"url": receiver.url})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")


async def test_the_events_are_listed_with_what_they_mean(ann: httpx.AsyncClient) -> None:
    events = (await ann.get(f"{PATH}/events")).json()["data"]
    assert len(events) == 21
    assert all(event["description"] for event in events)


async def test_a_test_is_sent_at_once_also_to_a_disabled_webhook(
    ann: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await create(ann, receiver)
    await ann.put(f"{PATH}/{made['id']}", json={"active": False})
    sent = await ann.post(f"{PATH}/{made['id']}/test", json={"event": "video.shared"})
    assert (sent.status_code, sent.json()["status"]) == (202, "pending")
    await until(lambda: receiver.heard)
    (heard,) = receiver.heard
    assert heard.event == "video.shared"
    assert heard.json["data"]["test"] is True
    assert heard.is_signed_with(made["secret"])
    wrong = await ann.post(f"{PATH}/{made['id']}/test", json={"event": "nothing"})
    assert wrong.status_code == 400


async def test_the_log_shows_what_was_sent_and_answered_and_it_can_be_sent_again(
    ann: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await create(ann, receiver)
    receiver.answer = lambda _heard: Reply(500, b"no room")
    test = (await ann.post(f"{PATH}/{made['id']}/test")).json()
    where = f"{PATH}/{made['id']}/deliveries/{test['id']}"

    async def shown(status: str) -> dict[str, Any]:
        while (answer := (await ann.get(where)).json())["status"] != status:
            await until(lambda: True)
        return dict(answer)

    failed = await shown("failed")
    assert (failed["httpStatus"], failed["attempt"]) == (500, 1)
    assert failed["errorMessage"] == "The endpoint answered 500."
    assert failed["responseBody"] == "no room"
    assert failed["requestUrl"] == receiver.url
    assert failed["requestBody"].encode() == receiver.heard[0].body
    assert failed["requestHeaders"]["X-Loom-Delivery"] == test["id"]
    assert len(failed["attempts"]) == 1
    receiver.answer = lambda _heard: Reply()
    again = await ann.post(f"{where}/redeliver")
    assert (again.status_code, again.json()["id"]) == (202, test["id"])
    good = await shown("success")
    assert (good["attempt"], len(good["attempts"])) == (2, 2)
    assert receiver.heard[0].body == receiver.heard[1].body
    assert [one["id"] for one in await log(ann, made, "?status=success")] == [test["id"]]
    assert await log(ann, made, "?status=failed") == []
    assert await log(ann, made, "?event=video.shared") == []


async def test_a_rotated_secret_and_the_new_one_both_sign(ann: httpx.AsyncClient, receiver: Receiver) -> None:
    old = await create(ann, receiver)
    new = (await ann.post(f"{PATH}/{old['id']}/rotate-secret", json={"keepPreviousHours": 1})).json()
    assert new["secret"] != old["secret"]
    assert new["previousSecretUntil"] is not None
    await ann.post(f"{PATH}/{old['id']}/test")
    await until(lambda: receiver.heard)
    heard = receiver.heard[0]
    assert heard.is_signed_with(new["secret"])
    assert heard.is_signed_with(old["secret"], "x-loom-signature-previous")
    assert heard.is_standard_signed_with(new["secret"])
    assert heard.is_standard_signed_with(old["secret"])
    await ann.post(f"{PATH}/{old['id']}/rotate-secret", json={"keepPreviousHours": 0})
    await ann.post(f"{PATH}/{old['id']}/test")
    await until(lambda: len(receiver.heard) == 2)
    assert "x-loom-signature-previous" not in receiver.heard[1].headers
    assert not receiver.heard[1].is_standard_signed_with(new["secret"])


async def test_buttons_have_a_limit(ann: httpx.AsyncClient, receiver: Receiver) -> None:
    made = await create(ann, receiver)
    await ann.put(f"{PATH}/{made['id']}", json={"active": False})
    answers = [await ann.post(f"{PATH}/{made['id']}/test", json={"event": "x"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [400] * 30 + [429]
    assert answers[-1].json()["retry_after"] == int(answers[-1].headers["Retry-After"])


async def test_the_life_of_a_recording_is_told(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await create(ann, receiver)
    await create(bob, receiver, "video.deleted")
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Talk"})).json()
    path = f"/api/v1/recordings/{made['id']}"
    for action in ("pause", "resume", "stop"):
        assert (await ann.post(f"{path}/control", json={"action": action})).status_code == 200
    await ann.put(path, json={"title": "Better"})
    await ann.delete(path, params={"permanent": True})
    await until(lambda: len(receiver.heard) == 6)
    assert receiver.events == [
        "recording.started",
        "recording.paused",
        "recording.resumed",
        "recording.stopped",
        "video.updated",
        "video.deleted",
    ]
    assert all(heard.is_signed_with(webhook["secret"]) for heard in receiver.heard)
    assert {heard.json["data"]["recordingId"] for heard in receiver.heard} == {made["id"]}
    updated = receiver.heard[4].json["data"]
    assert updated["title"] == "Better"
    assert updated["changed"] == ["title"]


async def test_a_video_that_is_there_is_told_with_its_link(
    ann: httpx.AsyncClient, services: Services, receiver: Receiver
) -> None:
    await create(ann, receiver, "recording.started", "video.created", "video.shared", "processing.started")
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Talk"})).json()
    await services.recordings.bytes_arrived(made["id"])
    await services.recordings.upload_completed(made["id"], 10, "0" * 64, 1.5)
    await until(lambda: len(receiver.heard) == 4)
    assert receiver.events[:3] == ["recording.started", "video.created", "video.shared"]
    assert receiver.events[3] == "processing.started"
    shared = receiver.heard[2].json["data"]
    slug = made["shareUrl"].rpartition("/")[2]
    assert shared["shareUrl"] == f"https://video.test/s/{slug}"
    assert (shared["title"], shared["durationSeconds"]) == ("Talk", 1.5)
    assert "path" not in receiver.heard[1].json["data"]

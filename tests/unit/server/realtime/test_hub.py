"""Who hears of what, and what happens to who does not listen."""

import json
from typing import Any

from server.bus import Event
from server.db import now
from server.identity.schemas import Role, User
from server.identity.scopes import Scope
from server.realtime.client import QUEUE, Client
from server.realtime.hub import MOST_OF_ONE, Hub
from server.realtime.messages import BAD_TOKEN, FAMILIES, GOING_AWAY, TOO_SLOW, Told, Whom
from server.realtime.recent import KEPT, MOST_JOBS, Recent

ANN, BOB = "ann", "bob"


async def only_ann(event: Event, known: Told) -> frozenset[str]:
    return frozenset([ANN])


def user(name: str = ANN, **more: Any) -> User:
    return User(name, f"{name}@example.org", name, Role.MEMBER, **more)


def join(hub: Hub, name: str = ANN, **more: Any) -> Client:
    client = hub.join(user(name, **more))
    assert client is not None
    return client


def event(number: int = 7, type_: str = "recording.status_update", **data: object) -> Event:
    return Event(number, type_, "recording", ANN, {"status": "recording", **data}, now(), number)


async def test_who_may_hears_it_and_nobody_else_does() -> None:
    hub = Hub(only_ann)
    mine, other = join(hub), join(hub, BOB)
    await hub.hear(event())
    assert json.loads(await mine.next() or "") == {
        "type": "recording.status_update",
        "data": {"status": "recording"},
        "id": 7,
    }
    hub.close()
    assert await other.next() is None


async def test_every_window_of_a_person_hears_the_same_bytes() -> None:
    hub = Hub(only_ann)
    first, second = join(hub), join(hub)
    await hub.hear(event())
    assert await first.next() is await second.next()


async def test_events_between_modules_stay_inside() -> None:
    hub = Hub(only_ann)
    client = join(hub)
    await hub.hear(event(1, "raw_video_uploaded"))
    await hub.hear(event(2, "user.created"))
    await hub.hear(event(3, "processing.progress"))
    assert json.loads(await client.next() or "")["type"] == "processing.progress"


async def test_an_event_that_another_handler_failed_at_is_told_once() -> None:
    hub = Hub(only_ann)
    client = join(hub)
    for position in (7, 9):
        await hub.hear(Event(7, "recording.updated", "recording", ANN, {}, now(), position))
    await hub.hear(event(8))
    ids = [json.loads(await client.next() or "")["id"] for _ in range(2)]
    # Ids never decrease, whatever the order of delivery was.
    assert ids == [7, 9]


async def test_a_key_hears_what_its_scopes_name() -> None:
    hub = Hub(only_ann)
    key = join(hub, key_id="k", scopes=frozenset([Scope.RECORDINGS_READ]))
    for number, type_ in enumerate(("transcription.completed", "comment.created", "recording.updated"), 1):
        await hub.hear(event(number, type_))
    assert json.loads(await key.next() or "")["type"] == "recording.updated"


async def test_a_client_that_does_not_read_is_told_and_closed_and_costs_the_others_nothing() -> None:
    hub = Hub(only_ann)
    slow, quick = join(hub), join(hub)
    for number in range(QUEUE + 1):
        await hub.hear(event(number + 1))
        assert await quick.next()
    said = json.loads(await slow.next() or "")
    assert (said["type"], said["data"]["code"]) == ("error", "too_slow")
    assert await slow.next() is None
    assert slow.close_code == TOO_SLOW
    assert len(slow.close_reason.encode()) <= 123  # RFC 6455 section 5.5.1
    assert len(hub) == 1


async def test_signing_out_closes_the_windows_of_that_sign_in() -> None:
    hub = Hub(only_ann)
    this, other = join(hub, session_id="one"), join(hub, session_id="two")
    await hub.hear(event(1, "identity.signed_out", sessionId="one"))
    assert await this.next() is None
    assert this.close_code == BAD_TOKEN
    assert other.offer("still here")


async def test_who_left_is_forgotten_and_one_person_has_no_more_than_so_many() -> None:
    hub = Hub(only_ann)
    clients = [join(hub) for _ in range(MOST_OF_ONE)]
    assert hub.join(user()) is None
    for client in clients:
        hub.leave(client)
        hub.leave(client)
    assert len(hub) == 0


async def test_the_end_of_the_server_ends_every_connection() -> None:
    hub = Hub(only_ann)
    clients = [join(hub), join(hub, BOB)]
    hub.close()
    assert [(await client.next(), client.close_code) for client in clients] == [(None, GOING_AWAY)] * 2


def progress(job: str, percent: int, status: str = "processing") -> Event:
    data = {"jobId": job, "progress": percent, "status": status}
    return Event(0, "processing.progress", "recording", ANN, data, now())


def test_of_percents_the_last_of_each_job_is_remembered_until_the_job_ends() -> None:
    recent = Recent(100)
    for percent in (10, 20, 30):
        recent.note(progress("a", percent))
        recent.note(progress("b", percent + 1))
    assert [one.data["progress"] for one in recent.under_way()] == [30, 31]
    recent.note(Event(5, "processing.progress", "r", ANN, {"jobId": "a", "status": "completed"}, now(), 101))
    assert [one.data["jobId"] for one in recent.under_way()] == ["b"]
    for job in range(MOST_JOBS + 5):
        recent.note(progress(str(job), 1))
    assert len(recent.under_way()) == MOST_JOBS
    assert (recent.position, recent.floor) == (101, 100)


def test_what_was_told_lately_is_bounded() -> None:
    recent = Recent(100)
    for number in range(1, KEPT + 11):
        recent.note(Event(number, "recording.updated", "r", ANN, {}, now(), 100 + number))
    assert recent.floor == 110
    assert len(recent.after(0)) == KEPT
    assert [one.position for one in recent.after(100 + KEPT + 8)] == [100 + KEPT + 9, 100 + KEPT + 10]


def test_families_of_one_person_are_told_to_nobody_else() -> None:
    assert {name for name, known in FAMILIES.items() if known.whom is Whom.PERSON} == {
        "billing",
        "webhook",
        "notification",
    }

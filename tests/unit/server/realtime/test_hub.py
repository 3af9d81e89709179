"""Who hears of what, and what happens to who does not listen."""

import json

from server.bus import Event
from server.db import now
from server.realtime.hub import BAD_TOKEN, GOING_AWAY, QUEUE, TOO_SLOW, Hub

ANN, BOB = "ann", "bob"


def event(type_: str = "recording.status_update", user: str = ANN, **data: object) -> Event:
    return Event(7, type_, "recording", user, {"status": "recording", **data}, now())


async def test_the_owner_hears_and_nobody_else_does() -> None:
    hub = Hub()
    mine, other = hub.join(ANN), hub.join(BOB)
    await hub.hear(event())
    assert json.loads(await mine.next() or "") == {
        "type": "recording.status_update",
        "data": {"status": "recording"},
        "id": 7,
    }
    hub.close()
    assert await other.next() is None


async def test_every_window_of_the_owner_hears_the_same_bytes() -> None:
    hub = Hub()
    first, second = hub.join(ANN), hub.join(ANN)
    await hub.hear(event())
    assert await first.next() is await second.next()


async def test_events_between_modules_stay_inside() -> None:
    hub = Hub()
    client = hub.join(ANN)
    await hub.hear(event("raw_video_uploaded"))
    await hub.hear(event("processing.progress"))
    assert json.loads(await client.next() or "")["type"] == "processing.progress"


async def test_a_client_that_does_not_read_is_closed_and_costs_the_others_nothing() -> None:
    hub = Hub()
    slow, quick = hub.join(ANN), hub.join(ANN)
    for _ in range(QUEUE + 1):
        await hub.hear(event())
        assert await quick.next()
    assert await slow.next() is None
    assert slow.close_code == TOO_SLOW
    assert len(hub) == 1


async def test_signing_out_closes_the_windows_of_that_sign_in() -> None:
    hub = Hub()
    this, other = hub.join(ANN, "one"), hub.join(ANN, "two")
    await hub.hear(event("identity.signed_out", sessionId="one"))
    assert await this.next() is None
    assert this.close_code == BAD_TOKEN
    assert other.offer("still here")


async def test_who_left_is_forgotten() -> None:
    hub = Hub()
    client = hub.join(ANN)
    hub.leave(client)
    hub.leave(client)
    assert len(hub) == 0


async def test_the_end_of_the_server_ends_every_connection() -> None:
    hub = Hub()
    clients = [hub.join(ANN), hub.join(BOB)]
    hub.close()
    assert [(await client.next(), client.close_code) for client in clients] == [(None, GOING_AWAY)] * 2

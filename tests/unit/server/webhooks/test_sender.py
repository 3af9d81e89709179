"""Every event reaches its webhooks, in order, again when it must, and no endpoint holds another."""

import asyncio
import threading
from datetime import timedelta

from sqlalchemy import select

from server.db import Database, new_id
from server.outbox import OutboxRow
from server.webhooks import sender as sending
from server.webhooks.models import DeliveryRow
from server.webhooks.sender import Sender
from server.webhooks.transport import REFUSED, Client
from tests.support.databases import both_databases
from tests.support.receiver import Heard, Receiver, Reply
from tests.unit.server.webhooks.conftest import HERE, TLS, Bench, until


def refusing(times: int, status: int = 500) -> "Refusing":
    return Refusing(times, status)


class Refusing:
    """Answers with a failure so many times, then with success."""

    def __init__(self, times: int, status: int) -> None:
        self.left, self._status = times, status

    def __call__(self, _heard: Heard) -> Reply:
        self.left -= 1
        return Reply(self._status if self.left >= 0 else 200)


async def test_a_delivery_is_what_the_specification_says(bench: Bench, receiver: Receiver) -> None:
    webhook = await bench.subscribe(receiver.url)
    event = await bench.tell("recording.deleted", new_id(), status="completed")
    await bench.send()
    (heard,), (row,) = receiver.heard, await bench.deliveries()
    assert heard.json == {
        "id": row.delivery_id,
        "event": "video.deleted",
        "timestamp": heard.json["timestamp"],
        "data": {"recordingId": event.recording_id, "status": "completed"},
        "subscription_id": webhook.id,
    }
    assert list(heard.json) == ["id", "event", "timestamp", "data", "subscription_id"]
    assert heard.headers["x-loom-event"] == "video.deleted"
    assert heard.headers["x-loom-delivery"] == row.delivery_id == heard.headers["webhook-id"]
    assert heard.headers["user-agent"] == "Loom-Webhooks/1.0"
    assert heard.headers["content-type"] == "application/json"
    assert heard.is_signed_with(webhook.secret)
    assert heard.is_standard_signed_with(webhook.secret)
    assert (row.status, row.http_status, row.error_message, row.attempt) == ("success", 200, None, 1)
    assert row.response_body == "thanks"


async def test_an_event_told_twice_is_sent_once(bench: Bench, receiver: Receiver) -> None:
    await bench.subscribe(receiver.url)
    event = bench.event("raw_video_uploaded", new_id(), shared=True)
    await bench.intake.hear(event)
    await bench.intake.hear(event)
    await bench.send()
    assert receiver.events == ["video.created", "video.shared"]


async def test_a_webhook_hears_what_it_asked_for_of_its_own_person(bench: Bench, receiver: Receiver) -> None:
    bob = await bench.person("bob")
    await bench.subscribe(receiver.url, "video.deleted")
    await bench.tell("recording.deleted", new_id(), user_id=bob)
    await bench.tell("recording.updated", new_id())
    assert await bench.deliveries() == []
    await bench.tell("recording.deleted", new_id())
    await bench.send()
    assert receiver.events == ["video.deleted"]


async def test_what_is_only_on_the_way_is_not_sent(bench: Bench, receiver: Receiver) -> None:
    await bench.subscribe(receiver.url)
    event = bench.event("processing.progress", new_id())
    await bench.intake.hear(
        type(event)(0, event.type, event.recording_id, event.user_id, {}, event.created_at)
    )
    assert await bench.deliveries() == []


async def test_administrators_hear_of_people(bench: Bench, receiver: Receiver) -> None:
    bob, eve = await bench.person("bob"), await bench.person("eve")
    await bench.subscribe(receiver.url, user_id=eve)
    bench.administrators.append(bench.user_id)
    admin = await bench.subscribe(receiver.url)
    await bench.tell("user.created", user_id=bob, id=bob)
    await bench.tell("recording.deleted", new_id(), user_id=bob)
    rows = await bench.deliveries()
    assert [(row.subscription_id, row.event) for row in rows] == [(admin.id, "user.created")]


async def test_three_quick_tries_then_slower_ones(bench: Bench, receiver: Receiver) -> None:
    await bench.subscribe(receiver.url)
    receiver.answer = refusing(4)
    await bench.tell("recording.deleted", new_id())
    began = bench.clock.at
    moments = []
    for _ in range(5):
        await bench.send()
        (row,) = await bench.deliveries()
        moments.append((bench.clock.at - began).total_seconds())
        bench.clock.at = max(row.next_attempt_at, bench.clock.at)
    assert moments == [0, 1, 3, 63, 363]
    assert (row.status, row.attempt) == ("success", 5)
    assert len({heard.body for heard in receiver.heard}) == 1
    assert [one["httpStatus"] for one in row.attempts] == [500] * 4 + [200]


async def test_after_a_day_it_is_given_up_and_the_webhook_disabled_with_a_notice(
    bench: Bench, receiver: Receiver
) -> None:
    webhook = await bench.subscribe(receiver.url)
    receiver.answer = refusing(10_000, 503)
    await bench.tell("recording.deleted", new_id())
    began = bench.clock.at
    while True:
        await bench.send()
        (row,) = await bench.deliveries()
        if row.status != "pending":
            break
        bench.clock.at = max(row.next_attempt_at, (await bench.webhook(webhook)).open_until or bench.clock.at)
    assert (row.status, row.error_message) == ("failed", "The endpoint answered 503.")
    assert bench.clock.at - began == timedelta(hours=24)
    shown = await bench.webhook(webhook)
    assert not shown.is_active
    assert shown.disabled_at == bench.clock.at
    assert "24 hours" in str(shown.disabled_reason)
    async with bench.db.read() as session:
        (notice,) = await session.scalars(select(OutboxRow).where(OutboxRow.type == "webhook.disabled"))
    assert (notice.user_id, notice.data["webhookId"]) == (bench.user_id, webhook.id)


async def test_a_disabled_webhook_keeps_what_waits_and_notes_nothing_new(
    bench: Bench, receiver: Receiver
) -> None:
    webhook = await bench.subscribe(receiver.url)
    await bench.tell("recording.deleted", new_id())
    await _set(bench, webhook.id, is_active=False)
    await bench.tell("recording.deleted", new_id())
    await bench.send()
    assert receiver.heard == []
    assert len(await bench.deliveries()) == 1
    await _set(bench, webhook.id, is_active=True)
    await bench.send()
    assert len(receiver.heard) == 1


async def test_a_delivery_an_endpoint_does_not_want_leaves_the_webhook_alone(
    bench: Bench, receiver: Receiver
) -> None:
    webhook = await bench.subscribe(receiver.url)
    receiver.answer = lambda heard: Reply(500 if heard.event == "video.deleted" else 200)
    await bench.tell("recording.deleted", new_id())
    await bench.send()
    bench.clock.at += timedelta(hours=24)
    await bench.tell("recording.updated", new_id())
    async with bench.db.write() as session:
        for row in await session.scalars(select(DeliveryRow).where(DeliveryRow.event == "video.deleted")):
            row.next_attempt_at = bench.clock.at + timedelta(seconds=1)
    await bench.send()
    bench.clock.at += timedelta(seconds=1)
    await bench.send()
    assert [row.status for row in await bench.deliveries()] == ["failed", "success"]
    assert (await bench.webhook(webhook)).is_active


async def test_an_endpoint_that_says_it_is_gone_is_left_alone_at_once(
    bench: Bench, receiver: Receiver
) -> None:
    webhook = await bench.subscribe(receiver.url)
    receiver.answer = refusing(1, 410)
    await bench.tell("recording.deleted", new_id())
    await bench.send()
    assert "410" in str((await bench.webhook(webhook)).disabled_reason)


@both_databases
async def test_the_events_of_a_recording_arrive_in_order_and_hold_no_other(
    bench: Bench, receiver: Receiver
) -> None:
    one, other = new_id(), new_id()
    await bench.subscribe(receiver.url)
    receiver.answer = refusing(1)
    for change in ("started", "paused", "resumed", "stopped"):
        await bench.tell("recording.status_update", one, change=change)
        await bench.send()
    assert receiver.events == ["recording.started"]
    await bench.tell("recording.deleted", other)
    await bench.send()
    assert receiver.events[1:] == ["video.deleted"]
    bench.clock.at += timedelta(seconds=2)
    await bench.send()
    changes = ["started", "started", "paused", "resumed", "stopped"]
    mine = [heard.event for heard in receiver.heard if heard.json["data"]["recordingId"] == one]
    assert mine == [f"recording.{change}" for change in changes]


async def test_an_endpoint_that_fails_is_left_alone_then_tried_with_one_delivery(
    bench: Bench, receiver: Receiver
) -> None:
    webhook = await bench.subscribe(receiver.url)
    receiver.answer = refusing(10_000)
    for _ in range(8):
        await bench.tell("recording.deleted", new_id())
    while (shown := await bench.webhook(webhook)).open_until is None:
        await bench.send()
        bench.clock.at += timedelta(seconds=1)
    failed = len(receiver.heard)
    assert failed < 12
    await bench.send()
    assert len(receiver.heard) == failed, "nothing is sent while the circuit is open"
    bench.clock.at = shown.open_until
    receiver.answer = refusing(1)
    await bench.send()
    assert len(receiver.heard) == failed + 1, "one delivery is tried, and it failed"
    bench.clock.at = (await bench.webhook(webhook)).open_until or bench.clock.at
    bench.clock.at += timedelta(minutes=2)
    await bench.send()
    assert {row.status for row in await bench.deliveries()} == {"success"}
    assert (await bench.webhook(webhook)).failures == 0


async def test_a_slow_endpoint_holds_no_other(bench: Bench, receiver: Receiver) -> None:
    release = threading.Event()

    def wait(_heard: Heard) -> Reply:
        release.wait(30)
        return Reply()

    with Receiver() as slow:
        slow.answer = wait
        try:
            await bench.subscribe(slow.url)
            await bench.subscribe(receiver.url)
            for _ in range(30):
                await bench.tell("recording.deleted", new_id())
            bench.sender.start()
            await until(lambda: len(receiver.heard) == 30)
            assert 0 < len(slow.heard) <= sending.PER_ENDPOINT
        finally:
            release.set()
        await until(lambda: len(slow.heard) == 30)


async def test_one_persons_slow_endpoints_hold_nobody_elses(bench: Bench, receiver: Receiver) -> None:
    release = threading.Event()

    def wait(_heard: Heard) -> Reply:
        release.wait(30)
        return Reply()

    bob = await bench.person("bob")
    with Receiver() as slow:
        slow.answer = wait
        try:
            for _ in range(6):
                await bench.subscribe(slow.url)
            await bench.subscribe(receiver.url, user_id=bob)
            for _ in range(4):
                await bench.tell("recording.deleted", new_id())
            await bench.tell("recording.deleted", new_id(), user_id=bob)
            bench.sender.start()
            await until(lambda: len(receiver.heard) == 1 and len(slow.heard) == sending.PER_USER)
        finally:
            release.set()
        await until(lambda: len(slow.heard) == 24)


async def test_what_a_process_was_sending_when_it_died_is_sent_by_its_next_life(
    bench: Bench, receiver: Receiver
) -> None:
    await bench.subscribe(receiver.url)
    await bench.tell("recording.deleted", new_id())
    assert len(await bench.sender._claim(10)) == 1
    await bench.send()
    assert receiver.heard == [], "somebody is sending it"
    client = Client(HERE, tls=TLS)
    next_life = Sender(bench.db, client, clock=bench.clock)
    next_life.start()
    await until(lambda: receiver.heard)
    await next_life.stop()
    await client.close()


async def test_what_another_process_was_sending_is_sent_when_its_lease_ends(
    bench: Bench, receiver: Receiver
) -> None:
    await bench.subscribe(receiver.url)
    await bench.tell("recording.deleted", new_id())
    await bench.sender._claim(10)
    other = Sender(bench.db, bench.client, owner="other", clock=bench.clock)
    await other._begin()
    assert await other.fill() == 0
    bench.clock.at += sending.LEASE
    assert await other.fill() == 1
    await other.stop()
    assert len(receiver.heard) == 1


async def test_the_end_of_the_server_waits_for_what_is_being_sent(bench: Bench, receiver: Receiver) -> None:
    arrived, release = threading.Event(), threading.Event()

    def wait(_heard: Heard) -> Reply:
        arrived.set()
        release.wait(30)
        return Reply()

    receiver.answer = wait
    await bench.subscribe(receiver.url)
    await bench.tell("recording.deleted", new_id())
    bench.sender.start()
    await until(arrived.is_set)
    stopping = asyncio.create_task(bench.sender.stop())
    release.set()
    await stopping
    assert [row.status for row in await bench.deliveries()] == ["success"]


async def test_an_address_inside_is_never_asked_and_the_log_tells_nothing_of_it(
    bench: Bench, db: Database
) -> None:
    with Receiver("127.0.0.2") as secret:
        await bench.subscribe(secret.url)
        await bench.tell("recording.deleted", new_id())
        await bench.send()
        assert secret.heard == []
    (row,) = await bench.deliveries()
    assert (row.http_status, row.error_message, row.response_body) == (None, REFUSED, "")


async def test_the_log_is_kept_for_thirty_days(bench: Bench, receiver: Receiver) -> None:
    await bench.subscribe(receiver.url)
    await bench.tell("recording.deleted", new_id())
    await bench.send()
    bench.clock.at += timedelta(days=29)
    await bench.sender._prune()
    assert len(await bench.deliveries()) == 1
    bench.clock.at += timedelta(days=2)
    await bench.sender._prune()
    assert await bench.deliveries() == []


async def _set(bench: Bench, webhook_id: str, *, is_active: bool) -> None:
    from server.webhooks.models import SubscriptionRow

    async with bench.db.write() as session:
        row = await session.get(SubscriptionRow, webhook_id)
        assert row is not None
        row.is_active = is_active

"""What tries come to, on ways that nobody thought of: the same ones in each run."""

import random
from datetime import timedelta

import pytest

from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.outcomes import TRIES_KEPT, Try, settle
from server.webhooks.schedule import Breaker, Schedule
from server.webhooks.schemas import Claim, Status
from server.webhooks.transport import GONE, Answer
from tests.unit.server.webhooks.conftest import Bench

ANSWERS = [Answer(200, None, "", 1), *(Answer(status, "It refused.", "", 1) for status in (500, 429, GONE))]
TRIES = 24


def claimed(row: DeliveryRow, webhook: SubscriptionRow) -> Claim:
    names = (row.id, webhook.id, webhook.user_id, webhook.url, (webhook.secret,), row.delivery_id, row.event)
    return Claim(*names, row.payload, probing=False)


@pytest.mark.parametrize("seed", range(5))
async def test_every_way_keeps_a_delivery_and_its_webhook_in_order(bench: Bench, seed: int) -> None:
    chance, schedule, breaker = random.Random(seed), Schedule(), Breaker()
    await bench.subscribe("http://127.0.0.1:9/")
    await bench.tell("recording.deleted", None)
    weights = [1, chance.choice([5, 60]), 5, chance.choice([0, 1])]
    for _ in range(TRIES):
        (before,) = await bench.deliveries()
        if before.status != Status.PENDING:
            break
        webhook = await bench.webhook(await a_webhook(bench, before))
        answer = chance.choices(ANSWERS, weights)[0]
        ended = max(bench.clock.at, before.next_attempt_at) + timedelta(seconds=chance.uniform(0, 600))
        tried = Try(ended - timedelta(seconds=1), ended, {}, answer)
        async with bench.db.write() as session:
            await settle(session, claimed(before, webhook), tried, schedule=schedule, breaker=breaker)
        bench.clock.at = ended
        (after,) = await bench.deliveries()
        webhook = await bench.webhook(webhook)
        assert (after.attempt, len(after.attempts)) == (before.attempt + 1, min(after.attempt, TRIES_KEPT))
        assert (after.status == Status.SUCCESS) is (answer.problem is None)
        if after.status == Status.PENDING:
            assert after.next_attempt_at > ended
            assert webhook.is_active
        if answer.problem is None:
            assert (webhook.failures, webhook.open_until) == (0, None)
        elif webhook.open_until is not None:
            assert webhook.open_until - ended <= timedelta(seconds=breaker.longest_s)
        assert webhook.is_active is (webhook.disabled_reason is None)
    (last,) = await bench.deliveries()
    assert last.status != Status.PENDING, "a day has fewer tries"


async def a_webhook(bench: Bench, row: DeliveryRow) -> SubscriptionRow:
    async with bench.db.read() as session:
        return await session.get_one(SubscriptionRow, row.subscription_id)

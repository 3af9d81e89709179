"""What a try means for the delivery, and for the webhook it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.schedule import Breaker, Schedule
from server.webhooks.schemas import Claim, Status, attempt_record
from server.webhooks.transport import GONE, Answer

TRIES_KEPT = 20


class WebhookEventType(StrEnum):
    # The server sends nothing to it any more.
    DISABLED = "webhook.disabled"


@dataclass(frozen=True, slots=True)
class Try:
    """When it began and ended, what was sent with it, and what came back."""

    began_at: datetime
    ended_at: datetime
    headers: Mapping[str, str]
    answer: Answer


async def settle(
    session: AsyncSession, claim: Claim, tried: Try, *, schedule: Schedule, breaker: Breaker
) -> None:
    """Writes down a try. Nothing happens where the webhook was deleted meanwhile."""
    found = (
        await session.execute(
            select(DeliveryRow, SubscriptionRow)
            .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
            .where(DeliveryRow.id == claim.id)
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        return
    row, subscription = found[0], found[1]
    _note(row, claim, tried)
    if tried.answer.problem is None:
        row.status = Status.SUCCESS
        subscription.failures, subscription.open_until = 0, None
        subscription.last_success_at = tried.ended_at
    elif row.manual:
        row.status = Status.FAILED
    else:
        _count(subscription, tried, breaker)
        _postpone(session, row, subscription, tried, schedule)


def disable(session: AsyncSession, row: SubscriptionRow, at: datetime, reason: str) -> None:
    """Its owner is told, in the API and as an event. What waits is kept until it is enabled again."""
    row.is_active = False
    row.disabled_at, row.disabled_reason, row.updated_at = at, reason, at
    data = {"webhookId": row.id, "description": row.description, "reason": reason}
    outbox.record(session, WebhookEventType.DISABLED, recording_id=None, user_id=row.user_id, data=data)


def _note(row: DeliveryRow, claim: Claim, tried: Try) -> None:
    answer = tried.answer
    row.attempt += 1
    row.first_attempt_at = row.first_attempt_at or tried.began_at
    row.lease_owner = row.lease_until = None
    row.http_status, row.error_message = answer.status, answer.problem
    row.request_url = claim.url
    row.request_headers, row.response_body = dict(tried.headers), answer.body
    row.duration_ms, row.delivered_at = answer.duration_ms, tried.ended_at
    record = attempt_record(tried.began_at, answer.status, answer.problem, answer.duration_ms)
    row.attempts = [*row.attempts, record][-TRIES_KEPT:]


def _count(subscription: SubscriptionRow, tried: Try, breaker: Breaker) -> None:
    subscription.failures += 1
    pause_s = breaker.open_for(subscription.failures)
    if pause_s is not None:
        subscription.open_until = tried.ended_at + timedelta(seconds=pause_s)


def _postpone(
    session: AsyncSession, row: DeliveryRow, subscription: SubscriptionRow, tried: Try, schedule: Schedule
) -> None:
    began = row.first_attempt_at or tried.began_at
    wait_s = schedule.next_wait(row.attempt, (tried.ended_at - began).total_seconds())
    gone = tried.answer.status == GONE
    if wait_s is not None and not gone:
        row.next_attempt_at = tried.ended_at + timedelta(seconds=wait_s)
        return
    row.status = Status.FAILED
    # An endpoint that takes other deliveries stays: it is this one that it does not want.
    works = subscription.last_success_at is not None and subscription.last_success_at >= began
    if subscription.is_active and (gone or not works):
        why = "The endpoint says that it is gone (410)." if gone else _exhausted(tried.answer, schedule)
        disable(session, subscription, tried.ended_at, why)


def _exhausted(answer: Answer, schedule: Schedule) -> str:
    hours = schedule.give_up_s / 3600
    return f"No delivery succeeded for {hours:g} hours. The last try: {answer.problem}"

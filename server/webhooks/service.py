"""Webhooks of a person: made, changed, tried, looked at. What is sent, and when, is the sender's."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from server.bus import Event
from server.db import Database, now
from server.identity.acts import Act
from server.identity.audit import audit
from server.webhooks import errors, repository, signing
from server.webhooks import schemas as wire
from server.webhooks.addresses import Allowed, checked_url
from server.webhooks.events import NAMES
from server.webhooks.intake import delivery_of
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.schemas import Status

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Secret:
    """A webhook whose secret was made just now: the one time that it is shown."""

    row: SubscriptionRow
    secret: str


class Webhooks:
    """Answers to the person they belong to; raises NotFound alike for what is another's and what is not."""

    def __init__(self, db: Database, *, allowed: Allowed, wake: Callable[[], None]) -> None:
        self._db = db
        self._allowed = allowed
        self.wake = wake

    async def list(self, user_id: str) -> Sequence[SubscriptionRow]:
        async with self._db.read() as session:
            return await repository.of_user(session, user_id)

    async def get(self, user_id: str, webhook_id: str) -> SubscriptionRow:
        async with self._db.read() as session:
            return await _owned(session, user_id, webhook_id)

    async def create(self, user_id: str, request: wire.CreateWebhookRequest) -> Secret:
        url = checked_url(request.url, self._allowed)
        secret = signing.new_secret()
        async with self._db.write(user_id) as session:
            if len(await repository.of_user(session, user_id)) >= errors.MOST:
                raise errors.too_many()
            row = SubscriptionRow(
                user_id=user_id,
                url=url,
                description=request.description,
                events=request.events,
                secret=secret,
                failures=0,
                is_active=True,
            )
            session.add(row)
            await session.flush()
            _noted(session, Act.WEBHOOK_CREATED, row)
            return Secret(row, secret)

    async def update(
        self, user_id: str, webhook_id: str, request: wire.UpdateWebhookRequest
    ) -> SubscriptionRow:
        async with self._db.write(user_id) as session:
            row = await _owned(session, user_id, webhook_id, lock=True)
            if request.url is not None and request.url != row.url:
                row.url = checked_url(request.url, self._allowed)
                _forgive(row)
            if request.events is not None:
                row.events = request.events
            if request.description is not None:
                row.description = request.description
            if request.active is not None:
                _activate(row, active=request.active)
            row.updated_at = now()
            _noted(session, Act.WEBHOOK_CHANGED, row)
        self.wake()
        return row

    async def enable(self, user_id: str, webhook_id: str) -> SubscriptionRow:
        """What waited while it was disabled is sent now."""
        return await self.update(user_id, webhook_id, wire.UpdateWebhookRequest(active=True))

    async def delete(self, user_id: str, webhook_id: str) -> None:
        """With the log of its deliveries."""
        async with self._db.write(user_id) as session:
            row = await _owned(session, user_id, webhook_id, lock=True)
            _noted(session, Act.WEBHOOK_DELETED, row)
            await session.delete(row)

    async def rotate(self, user_id: str, webhook_id: str, keep_previous: timedelta) -> Secret:
        """A new secret; the one it replaces signs too until `keep_previous` is over."""
        secret, at = signing.new_secret(), now()
        async with self._db.write(user_id) as session:
            row = await _owned(session, user_id, webhook_id, lock=True)
            row.previous_secret, row.previous_secret_until = row.secret, at + keep_previous
            row.secret, row.updated_at = secret, at
            _noted(session, Act.WEBHOOK_SECRET_ROTATED, row)
            return Secret(row, secret)

    async def test(self, user_id: str, webhook_id: str, event: str) -> DeliveryRow:
        """Sends what such an event would look like, at once and once, also to a disabled webhook."""
        if event not in NAMES:
            raise errors.unknown_event()
        example = "00000000-0000-4000-8000-000000000000"
        pretended = Event(
            0, event, None, user_id, {"test": True, "sessionId": example, "recordingId": example}, now()
        )
        async with self._db.write(user_id) as session:
            row = await _owned(session, user_id, webhook_id)
            delivery = delivery_of(row.id, event, pretended, {}, manual=True)
            session.add(delivery)
            await session.flush()
        self.wake()
        return delivery

    async def deliveries(
        self,
        user_id: str,
        webhook_id: str,
        *,
        status: Status | None,
        event: str | None,
        page: int,
        size: int,
    ) -> tuple[Sequence[DeliveryRow], int]:
        """One page, newest first, and how many there are in all."""
        async with self._db.read() as session:
            await _owned(session, user_id, webhook_id)
            return await repository.page_of(
                session, webhook_id, status=status, event=event, page=page, size=size
            )

    async def delivery(
        self, user_id: str, webhook_id: str, delivery_id: str
    ) -> tuple[DeliveryRow, SubscriptionRow]:
        async with self._db.read() as session:
            row = await _owned(session, user_id, webhook_id)
            return await _delivery(session, webhook_id, delivery_id), row

    async def redeliver(self, user_id: str, webhook_id: str, delivery_id: str) -> DeliveryRow:
        """The same bytes again, at once and once; one that still waits for its turn is only due now."""
        async with self._db.write(user_id) as session:
            await _owned(session, user_id, webhook_id)
            row = await _delivery(session, webhook_id, delivery_id, lock=True)
            row.next_attempt_at = now()
            if row.status != Status.PENDING:
                row.status, row.manual = Status.PENDING, True
        self.wake()
        return row


def _noted(session: AsyncSession, act: Act, row: SubscriptionRow) -> None:
    """The host alone: the rest of an address is often a key."""
    host = urlsplit(row.url).hostname
    audit(session, act, actor_id=row.user_id, user_id=row.user_id, webhookId=row.id, host=host)


async def _owned(
    session: AsyncSession, user_id: str, webhook_id: str, *, lock: bool = False
) -> SubscriptionRow:
    row = await repository.owned(session, user_id, webhook_id, lock=lock) if _is_id(webhook_id) else None
    if row is None:
        raise errors.no_webhook()
    return row


async def _delivery(
    session: AsyncSession, webhook_id: str, delivery_id: str, *, lock: bool = False
) -> DeliveryRow:
    row = None
    if _is_id(delivery_id):
        row = await repository.delivery(session, webhook_id, delivery_id, lock=lock)
    if row is None:
        raise errors.no_delivery()
    return row


def _is_id(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def _activate(row: SubscriptionRow, *, active: bool) -> None:
    row.is_active = active
    if active:
        row.disabled_at = row.disabled_reason = None
        _forgive(row)


def _forgive(row: SubscriptionRow) -> None:
    row.failures, row.open_until = 0, None

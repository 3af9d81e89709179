"""Keeps what workspaces have with the payment provider as it stands there.

Every notice is only a hint to look: what the provider says when asked is what holds, so it does not matter in
which order notices come. Questions are asked one after another, so the later answer is written later.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.billing.errors import wrong_signature
from server.billing.events import tell
from server.billing.models import NoticeRow
from server.db import Database, is_id, now
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.workspaces.models import WorkspaceRow
from server.plans.events import BillingEventType
from server.plans.models import SubscriptionRow, UsageRow, WarningRow
from server.plans.service import Plans
from server.plans.states import Status
from server.ports.payments import Payments, PaymentsUnavailable, Subscription, WrongSignature

# The provider sends a notice again for three days.
KEEP_NOTICES = timedelta(days=30)
# A period that is over for so long, and nobody has said what became of it: a notice was lost.
LATE = timedelta(hours=2)
_MOST = 100  # that one round looks after

_log = structlog.get_logger(__name__)


class Subscriptions:
    def __init__(self, db: Database, plans: Plans, payments: Payments) -> None:
        self._db = db
        self._plans = plans
        self._payments = payments
        self._asking = asyncio.Lock()

    async def hear(self, body: bytes, signature: str) -> None:
        """Raises InvalidRequest for what the provider did not send, and PaymentsUnavailable."""
        try:
            notice = self._payments.hear(body, signature)
        except WrongSignature as wrong:
            raise wrong_signature() from wrong
        async with self._db.read() as session:
            if await session.get(NoticeRow, notice.id) is not None:
                return
        if notice.subscription is not None:
            await self.look(notice.subscription)
        async with self._db.write("billing") as session:
            if await session.get(NoticeRow, notice.id) is None:
                session.add(NoticeRow(id=notice.id))

    async def look(self, subscription_id: str) -> None:
        """Asks how a subscription stands, and notes it. Raises PaymentsUnavailable."""
        async with self._asking:
            found = await self._payments.subscription(subscription_id)
            if found is None or found.workspace_id is None or not is_id(found.workspace_id):
                return  # of something else that is sold through the same account
            async with self._db.write("billing") as session:
                await self._note(session, found.workspace_id, found)

    async def tidy(self) -> None:
        """Ends what is paid for workspaces that are gone, and asks for what no notice told."""
        async with self._db.read() as session:
            gone = await _gone(session)
            late = await _late(session)
        for row in gone:
            await self._try(self._end(row))
        for row in late:
            await self._try(self.look(row.subscription))
        async with self._db.write("billing") as session:
            await session.execute(delete(NoticeRow).where(NoticeRow.heard_at < now() - KEEP_NOTICES))

    async def _end(self, row: SubscriptionRow) -> None:
        if Status(row.status).live:
            await self._payments.cancel(row.subscription)
        async with self._db.write("billing") as session:
            await _forget(session, row.workspace_id)

    async def _try(self, work: Awaitable[None]) -> None:
        """What fails is tried in the next round, and holds back nothing else."""
        try:
            await work
        except PaymentsUnavailable as failed:
            _log.warning("payments_unavailable", reason=str(failed))

    async def _note(self, session: AsyncSession, workspace_id: str, found: Subscription) -> None:
        if await session.get(WorkspaceRow, workspace_id) is None:
            # Another server may sell through the same account: only what was ours is ever ended.
            _log.warning("subscription_of_no_workspace", subscription=found.id)
            return
        row = await session.get(SubscriptionRow, workspace_id)
        if row is not None and row.subscription != found.id and Status(row.status).live:
            if found.status.live:
                _log.error("second_subscription", workspace=workspace_id, subscription=found.id)
            return
        before = self._plans.in_force(row)
        if row is None:
            row = SubscriptionRow(workspace_id=workspace_id)
            session.add(row)
        self._write(row, found)
        after = self._plans.in_force(row)
        if after != before:
            told = {"before": before.id, "after": after.id}
            audit(session, Act.BILLING_PLAN_CHANGED, actor_id=None, workspace_id=workspace_id, **told)
        await tell(session, BillingEventType.UPDATED, workspace_id, plan=after.id, status=row.status)

    def _write(self, row: SubscriptionRow, found: Subscription) -> None:
        table = self._plans.table
        plan = table.priced(found.price) if table is not None and found.price else None
        if plan is None and found.status.live:
            _log.error("price_of_no_plan", subscription=found.id, price=found.price)
        if plan is not None:
            row.plan = plan.id
        elif row.plan is None:
            row.plan = "" if table is None else table.free.id
        row.status, row.customer, row.subscription = found.status, found.customer, found.id
        row.period_end, row.ends_with_period = found.period_end, found.ends_with_period
        late = found.status is Status.PAST_DUE
        row.past_due_since = (row.past_due_since or now()) if late else None


async def _gone(session: AsyncSession) -> Sequence[SubscriptionRow]:
    there = select(WorkspaceRow.id).where(WorkspaceRow.id == SubscriptionRow.workspace_id)
    return (await session.scalars(select(SubscriptionRow).where(~there.exists()).limit(_MOST))).all()


async def _late(session: AsyncSession) -> Sequence[SubscriptionRow]:
    query = select(SubscriptionRow).where(
        SubscriptionRow.status != Status.CANCELED, SubscriptionRow.period_end < now() - LATE
    )
    return (await session.scalars(query.order_by(SubscriptionRow.period_end).limit(_MOST))).all()


async def _forget(session: AsyncSession, workspace_id: str) -> None:
    for table in (SubscriptionRow, UsageRow, WarningRow):
        await session.execute(delete(table).where(table.workspace_id == workspace_id))

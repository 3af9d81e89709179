"""The one place that says what a workspace is entitled to, and whether it may have more.

Quotas are asked when something begins. What has begun is never cut: a recording that is under way completes,
whatever it comes to, and the next one is refused.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import now
from server.plans.errors import exceeded, not_included, too_long
from server.plans.models import SubscriptionRow, UsageRow
from server.plans.states import Status, in_force
from server.plans.table import UNLIMITED, Entitlements, Feature, Plan, Quota, Table

# How much of a quota a workspace holds; given by the module whose rows tell it.
Used = Callable[[AsyncSession, str], Awaitable[int]]


class Plans:
    """Without a table nothing is sold: every workspace has the plan without limits, and no row is read."""

    def __init__(self, table: Table | None) -> None:
        self.table = table

    @property
    def sells(self) -> bool:
        """Whether there is anything to ask at all."""
        return self.table is not None

    async def of(self, session: AsyncSession, workspace_id: str | None) -> Plan:
        if self.table is None or workspace_id is None:
            return UNLIMITED
        return self.in_force(await session.get(SubscriptionRow, workspace_id))

    def in_force(self, row: SubscriptionRow | None) -> Plan:
        """What a subscription comes to now; None: there is none."""
        if self.table is None:
            return UNLIMITED
        if row is None or not in_force(Status(row.status), row.past_due_since, now()):
            return self.table.free
        return self.table.named(row.plan) or self.table.free

    async def entitlements_of(self, session: AsyncSession, workspace_id: str | None) -> Entitlements:
        return (await self.of(session, workspace_id)).entitlements

    async def require(
        self, session: AsyncSession, workspace_id: str | None, quota: Quota, used: Used, more: int = 1
    ) -> None:
        """Raises PaymentRequired where `more`, in the quota's unit, would be beyond it."""
        plan = await self.of(session, workspace_id)
        limit = plan.entitlements.limit(quota)
        if workspace_id is None or limit is None:
            return
        held = await used(session, workspace_id)
        if held + more > limit:
            raise exceeded(plan, quota, held, limit)

    async def require_length(self, session: AsyncSession, workspace_id: str | None, seconds: float) -> None:
        plan = await self.of(session, workspace_id)
        limit = plan.entitlements.max_length_s
        if limit is not None and seconds > limit:
            raise too_long(plan, limit)

    async def require_feature(
        self, session: AsyncSession, workspace_id: str | None, feature: Feature
    ) -> None:
        plan = await self.of(session, workspace_id)
        if feature not in plan.entitlements.features:
            raise not_included(plan, feature)


NOTHING_SOLD = Plans(None)


def month_of(moment: datetime) -> str:
    """The calendar month that minutes are counted in, of a moment in UTC."""
    return f"{moment:%Y-%m}"


async def spend(
    session: AsyncSession, key: str, workspace_id: str, quota: Quota, *, recording_id: str, seconds: float
) -> None:
    """Notes what was used. Noted again under its key, the greater amount counts, in the month of the first;
    the caller's transaction is about the recording alone."""
    milliseconds = round(seconds * 1000)
    row = await session.get(UsageRow, key)
    if row is not None:
        row.milliseconds = max(row.milliseconds, milliseconds)
        return
    values: dict[str, Any] = {"workspace_id": workspace_id, "quota": quota, "month": month_of(now())}
    session.add(UsageRow(key=key, recording_id=recording_id, milliseconds=milliseconds, **values))


async def take_back(session: AsyncSession, key: str) -> None:
    """What was noted under a key was not used after all."""
    await session.execute(delete(UsageRow).where(UsageRow.key == key))


async def lengthen(session: AsyncSession, recording_id: str, seconds: float) -> None:
    """What was noted of a recording before anybody knew how long it is."""
    unknown = (UsageRow.recording_id == recording_id, UsageRow.milliseconds == 0)
    await session.execute(update(UsageRow).where(*unknown).values(milliseconds=round(seconds * 1000)))


def spent(quota: Quota) -> Used:
    """Seconds of this month."""

    async def used(session: AsyncSession, workspace_id: str) -> int:
        query = select(func.coalesce(func.sum(UsageRow.milliseconds), 0)).where(
            UsageRow.workspace_id == workspace_id,
            UsageRow.quota == quota,
            UsageRow.month == month_of(now()),
        )
        return int(await session.scalar(query) or 0) // 1000

    return used

"""What a workspace pays for: looked at, begun and changed on pages of the payment provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from server.billing.errors import (
    PaymentsDown,
    already_subscribed,
    billing_off,
    no_plan,
    not_subscribed,
)
from server.billing.meter import Meter
from server.billing.subscriptions import Subscriptions
from server.billing.usage import Measure, measure
from server.db import Database
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.permissions import Action
from server.identity.schemas import User
from server.identity.workspaces.service import Workspaces
from server.plans.errors import PaymentRequired
from server.plans.models import SubscriptionRow
from server.plans.service import Plans, spent
from server.plans.states import Status, grace_until
from server.plans.table import UNLIMITED, Plan, Quota
from server.ports.payments import Order, Payments, PaymentsUnavailable
from server.recordings.service import Recordings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """How a workspace stands. `status` is None where it never subscribed; `plan` is the one in force."""

    plan: Plan
    status: Status | None = None
    period_end: datetime | None = None
    ends_with_period: bool = False
    grace_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the plan of a workspace says to the next recording. `seconds_left` None: no limit."""

    workspace_id: str
    plan: Plan
    refusal: PaymentRequired | None
    seconds_left: int | None


class Billing:
    """Methods take who asks first, and answer as the table of permissions says. Without `payments` plans
    hold, and nobody can pay for one."""

    def __init__(
        self,
        db: Database,
        plans: Plans,
        workspaces: Workspaces,
        recordings: Recordings,
        *,
        meter: Meter,
        payments: Payments | None,
        subscriptions: Subscriptions | None,
    ) -> None:
        self._db = db
        self._plans = plans
        self._workspaces = workspaces
        self._recordings = recordings
        self._payments = payments
        self.meter = meter
        self.subscriptions = subscriptions

    @property
    def offered(self) -> tuple[Plan, ...]:
        return (UNLIMITED,) if self._plans.table is None else self._plans.table.plans

    @property
    def takes_payments(self) -> bool:
        return self._payments is not None

    async def usage(self, user_id: str, workspace_id: str) -> tuple[Plan, Sequence[Measure]]:
        await self._workspaces.get(user_id, workspace_id, Action.BILLING_VIEW)
        return await self.usage_of_any(workspace_id)

    async def usage_of_any(self, workspace_id: str) -> tuple[Plan, Sequence[Measure]]:
        """Whoever calls has checked that the asker owns the server."""
        async with self._db.read() as session:
            plan = await self._plans.of(session, workspace_id)
            return plan, await measure(session, self._plans, workspace_id)

    async def allowance(self, user_id: str, workspace_id: str | None) -> Allowance:
        """For whoever may record there; None: in the person's own workspace."""
        if workspace_id is None:
            workspace_id = await self._recordings.home(user_id)
        else:
            await self._workspaces.get(user_id, workspace_id, Action.RECORDING_CREATE)
        async with self._db.read() as session:
            plan, refusal = await self._plans.of(session, workspace_id), None
            try:
                await self._recordings.require_plan(session, workspace_id)
            except PaymentRequired as no:
                refusal = no
            limit, left = plan.entitlements.recording_s, None
            if limit is not None:
                left = max(0, limit - await spent(Quota.RECORDING)(session, workspace_id))
        return Allowance(workspace_id, plan, refusal, left)

    async def account(self, user_id: str, workspace_id: str) -> Account:
        await self._workspaces.get(user_id, workspace_id, Action.BILLING_VIEW)
        row = await self._row(workspace_id) if self._plans.sells else None
        plan = self._plans.in_force(row)
        if row is None:
            return Account(plan)
        status = Status(row.status)
        return Account(
            plan, status, row.period_end, row.ends_with_period, grace_until(status, row.past_due_since)
        )

    async def checkout(self, user: User, workspace_id: str, plan_id: str, *, base: str) -> str:
        """The address where it is paid for; the plan holds when the provider says that it was."""
        await self._workspaces.get(user.id, workspace_id, Action.BILLING_EDIT)
        payments, table = self._payments, self._plans.table
        if payments is None or table is None:
            raise billing_off()
        plan = table.named(plan_id)
        if plan is None or plan.price is None:
            raise no_plan()
        row = await self._row(workspace_id)
        if row is not None and Status(row.status).live:
            raise already_subscribed()
        customer = None if row is None else row.customer
        page = _page(base, workspace_id)
        done, left = f"{page}&checkout=done", f"{page}&checkout=left"
        order = Order(workspace_id, plan.price, customer, user.email, done, left)
        try:
            url = await payments.checkout(order)
        except PaymentsUnavailable as failed:
            raise _down(failed) from failed
        async with self._db.write() as session:
            told = {"actor_id": user.id, "workspace_id": workspace_id}
            audit(session, Act.BILLING_CHECKOUT, plan=plan.id, **told)
        return url

    async def portal(self, user: User, workspace_id: str, *, base: str) -> str:
        await self._workspaces.get(user.id, workspace_id, Action.BILLING_EDIT)
        if self._payments is None:
            raise billing_off()
        row = await self._row(workspace_id)
        if row is None:
            raise not_subscribed()
        try:
            url = await self._payments.portal(row.customer, _page(base, workspace_id))
        except PaymentsUnavailable as failed:
            raise _down(failed) from failed
        async with self._db.write() as session:
            audit(session, Act.BILLING_PORTAL, actor_id=user.id, workspace_id=workspace_id)
        return url

    async def hear(self, body: bytes, signature: str) -> None:
        """A notice of the provider's. Where it cannot be followed up, the provider sends it again."""
        if self.subscriptions is None:
            raise billing_off()
        try:
            await self.subscriptions.hear(body, signature)
        except PaymentsUnavailable as failed:
            raise _down(failed) from failed

    async def _row(self, workspace_id: str) -> SubscriptionRow | None:
        async with self._db.read() as session:
            return await session.get(SubscriptionRow, workspace_id)


def _page(base: str, workspace_id: str) -> str:
    """To which people come back."""
    return f"{base}/billing?workspace={workspace_id}"


def _down(failed: PaymentsUnavailable) -> PaymentsDown:
    """What the provider said is for whoever runs the server."""
    _log.error("payments_unavailable", reason=str(failed))
    return PaymentsDown("The payment provider cannot do this now: try again in a while.")

"""What a workspace pays for: looked at, begun and changed on pages of the payment provider."""

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
from server.plans.models import SubscriptionRow
from server.plans.service import Plans
from server.plans.states import Status, grace_until
from server.plans.table import UNLIMITED, Plan
from server.ports.payments import Order, Payments, PaymentsUnavailable

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """How a workspace stands. `status` is None where it never subscribed; `plan` is the one in force."""

    plan: Plan
    status: Status | None = None
    period_end: datetime | None = None
    ends_with_period: bool = False
    grace_until: datetime | None = None


class Billing:
    """Methods take who asks first, and answer as the table of permissions says. Without `payments` plans
    hold, and nobody can pay for one."""

    def __init__(
        self,
        db: Database,
        plans: Plans,
        workspaces: Workspaces,
        *,
        meter: Meter,
        payments: Payments | None,
        subscriptions: Subscriptions | None,
    ) -> None:
        self._db = db
        self._plans = plans
        self._workspaces = workspaces
        self._payments = payments
        self.meter = meter
        self.subscriptions = subscriptions

    @property
    def offered(self) -> tuple[Plan, ...]:
        return (UNLIMITED,) if self._plans.table is None else self._plans.table.plans

    @property
    def takes_payments(self) -> bool:
        return self._payments is not None

    async def usage(self, user_id: str, workspace_id: str) -> tuple[Plan, list[Measure]]:
        await self._workspaces.get(user_id, workspace_id, Action.BILLING_VIEW)
        async with self._db.read() as session:
            plan = await self._plans.of(session, workspace_id)
            return plan, list(await measure(session, self._plans, workspace_id))

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
        done, left = f"{base}/?billing=done", f"{base}/?billing=left"
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
            url = await self._payments.portal(row.customer, f"{base}/")
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


def _down(failed: PaymentsUnavailable) -> PaymentsDown:
    """What the provider said is for whoever runs the server."""
    _log.error("payments_unavailable", reason=str(failed))
    return PaymentsDown("The payment provider cannot do this now: try again in a while.")

"""What billing tells those who may see the billing of a workspace, each by an event of their own."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.identity.permissions import Action, may
from server.identity.workspaces import repository as workspaces
from server.plans.events import BillingEventType


async def tell(session: AsyncSession, type_: BillingEventType, workspace_id: str, **data: Any) -> None:
    for user_id in await _listeners(session, workspace_id):
        told = {"workspaceId": workspace_id, **data}
        outbox.record(session, type_, recording_id=None, user_id=user_id, data=told)


async def _listeners(session: AsyncSession, workspace_id: str) -> Iterable[str]:
    roles = await workspaces.roles_in(session, workspace_id)
    return sorted(one for one, role in roles.items() if may(role, Action.BILLING_VIEW))

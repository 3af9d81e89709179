"""How much of each quota a workspace uses, from the rows that tell it; and when people are warned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from server.billing.events import tell
from server.db import now
from server.identity.workspaces.models import WorkspaceRow
from server.identity.workspaces.repository import places
from server.plans.events import BillingEventType
from server.plans.models import WarningRow
from server.plans.service import Plans, Used, month_of, spent
from server.plans.table import Quota
from server.recordings.repository import stored_in

LEVELS = (80, 100)  # per cent
_USED: Mapping[Quota, Used] = {
    Quota.STORAGE: stored_in,
    Quota.RECORDING: spent(Quota.RECORDING),
    Quota.TRANSCRIPTION: spent(Quota.TRANSCRIPTION),
    Quota.MEMBERS: places,
}
# Of what nobody sees coming; an invitation says by itself that there is no place left.
_WARNED = (Quota.STORAGE, Quota.RECORDING, Quota.TRANSCRIPTION)
_MONTHLY = (Quota.RECORDING, Quota.TRANSCRIPTION)


@dataclass(frozen=True, slots=True)
class Measure:
    """`used` of `limit` (None: none) in the quota's unit."""

    quota: Quota
    used: int
    limit: int | None

    @property
    def percent(self) -> int | None:
        if self.limit is None:
            return None
        return 100 if self.limit == 0 else self.used * 100 // self.limit


async def measure(session: AsyncSession, plans: Plans, workspace_id: str) -> Sequence[Measure]:
    entitled = await plans.entitlements_of(session, workspace_id)
    return [
        Measure(quota, await used(session, workspace_id), entitled.limit(quota))
        for quota, used in _USED.items()
    ]


async def warn(session: AsyncSession, plans: Plans, workspace_id: str) -> None:
    """Tells of each level once: of a month's quota once a month, of others again once they fell below it."""
    measures = await measure(session, plans, workspace_id)
    for one in (one for one in measures if one.quota in _WARNED):
        period = month_of(now()) if one.quota in _MONTHLY else ""
        reached = [level for level in LEVELS if one.percent is not None and one.percent >= level]
        for level in LEVELS:
            place = (workspace_id, one.quota, level, period)
            row = await session.get(WarningRow, place)
            if level in reached and row is None:
                session.add(
                    WarningRow(workspace_id=workspace_id, quota=one.quota, percent=level, period=period)
                )
                if level == reached[-1]:
                    await _tell(session, workspace_id, one, level, period)
            elif level not in reached and row is not None:
                await session.delete(row)


async def _tell(session: AsyncSession, workspace_id: str, one: Measure, level: int, period: str) -> None:
    """`period` is empty where the quota is of no month; a personal workspace needs no name."""
    place = await session.get(WorkspaceRow, workspace_id)
    if place is None:
        return
    await tell(
        session,
        BillingEventType.QUOTA_WARNING,
        workspace_id,
        workspaceName=place.name if place.personal_of is None else None,
        quota=one.quota,
        percent=level,
        used=one.used,
        limit=one.limit,
        month=period or None,
    )

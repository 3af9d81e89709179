"""Members whom a directory puts into a team's workspace. They are marked, and only they are taken out again.

Who was invited, or made the workspace, or was made its owner since, is no business of a directory.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.permissions import WorkspaceRole
from server.identity.workspaces import repository
from server.identity.workspaces.models import MemberRow
from server.plans.service import Plans
from server.plans.table import Quota

HOW = "scim"
Wanted = Mapping[str, WorkspaceRole | None]


async def keep(session: AsyncSession, plans: Plans, workspace_id: str, wanted: Wanted, *, by: str) -> None:
    """The role that each of these people has by a directory from now on; None: it has none for them any more.

    Raises PaymentRequired where the plan has no place for all of them.
    """
    if await repository.locked(session, workspace_id) is None:
        return
    held = await repository.held_by(session, workspace_id, wanted)
    new = {user_id: role for user_id, role in wanted.items() if role is not None and user_id not in held}
    if new:
        await plans.require(session, workspace_id, Quota.MEMBERS, repository.places, len(new))
    for user_id, role in new.items():
        session.add(MemberRow(workspace_id=workspace_id, user_id=user_id, role=role, from_directory=True))
        _tell(session, Act.MEMBER_JOINED, workspace_id, user_id, by, role=role)
    for member in held.values():
        if member.from_directory:
            await _settle(session, member, wanted[member.user_id], by)


async def _settle(session: AsyncSession, member: MemberRow, role: WorkspaceRole | None, by: str) -> None:
    if member.role == WorkspaceRole.OWNER:
        member.from_directory = role is not None
    elif role is None:
        await session.delete(member)
        _tell(session, Act.MEMBER_REMOVED, member.workspace_id, member.user_id, by)
    elif member.role != role:
        before, member.role = member.role, role
        told = {"before": before, "after": role}
        _tell(session, Act.MEMBER_ROLE_CHANGED, member.workspace_id, member.user_id, by, **told)


def _tell(session: AsyncSession, act: Act, workspace_id: str, user_id: str, by: str, **details: Any) -> None:
    audit(session, act, actor_id=by, user_id=user_id, workspace_id=workspace_id, how=HOW, **details)

"""The audit log over HTTP: one's own, a workspace's for its administrators, all for owners of the server."""

from datetime import datetime
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy import ColumnElement, and_, func, or_, select, true

from server.errors import Forbidden
from server.identity.access import allows, workspaces_of
from server.identity.accounts.models import AuditRow
from server.identity.permissions import Action
from server.identity.schemas import Role, User
from server.identity.scopes import Scope
from server.identity.workspaces.schemas import Wire

router = APIRouter(tags=["Accounts"])


class AuditOut(Wire):
    id: int
    at: datetime
    act: str = Field(examples=["password.reset"])
    actor_id: str | None = Field(description="Who did it; null: the server, or nobody who was signed in.")
    user_id: str | None = Field(description="Whose account or recording it is about.")
    workspace_id: str | None
    recording_id: str | None
    address: str | None = Field(
        description="Network address of the request; of others only for administrators."
    )
    details: dict[str, Any]


class AuditPagination(Wire):
    page: int
    size: int
    total_pages: int
    total_elements: int


class AuditPage(Wire):
    data: list[AuditOut]
    pagination: AuditPagination


@router.get("/api/v1/audit", operation_id="listAudit", summary="Who did what, the last first")
async def list_audit(
    request: Request,
    user: Annotated[User, allows(Scope.ACCOUNT_READ)],
    *,
    everything: Annotated[bool, Query(description="For owners of the server: everybody's")] = False,
    workspace_id: Annotated[str | None, Query(alias="workspaceId", max_length=36)] = None,
    act: Annotated[str | None, Query(max_length=64)] = None,
    page: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 50,
) -> AuditPage:
    """What you did and what was done to your account; a workspace's log for those who may change it."""
    whose = await _whose(request, user, everything=everything, workspace_id=workspace_id)
    where = whose if act is None else and_(whose, AuditRow.act == act)
    async with request.app.state.services.db.read() as session:
        total = await session.scalar(select(func.count()).select_from(AuditRow).where(where)) or 0
        query = select(AuditRow).where(where).order_by(AuditRow.id.desc())
        rows = (await session.scalars(query.offset(page * size).limit(size))).all()
    return AuditPage(
        data=[_out(row, user) for row in rows],
        pagination=AuditPagination(
            page=page, size=size, total_pages=ceil(total / size), total_elements=total
        ),
    )


async def _whose(
    request: Request, user: User, *, everything: bool, workspace_id: str | None
) -> ColumnElement[bool]:
    if workspace_id is not None:
        await workspaces_of(request).get(user.id, workspace_id, Action.WORKSPACE_EDIT)
        return AuditRow.workspace_id == workspace_id
    if not everything:
        return or_(AuditRow.user_id == user.id, AuditRow.actor_id == user.id)
    if user.role is not Role.OWNER:
        raise Forbidden("Only an owner of this server sees everybody's.")
    return true()


def _out(row: AuditRow, user: User) -> AuditOut:
    shown = row.actor_id == user.id or user.role is Role.OWNER
    return AuditOut(
        id=row.id,
        at=row.at,
        act=row.act,
        actor_id=row.actor_id,
        user_id=row.user_id,
        workspace_id=row.workspace_id,
        recording_id=row.recording_id,
        address=row.address if shown else None,
        details=row.details,
    )

"""Workspaces over HTTP, for whoever runs the server."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from server.admin.access import PREFIX, SIZE, Administrator, Page, Size, Wire, admin_of, pages
from server.errors import Conflict
from server.identity.workspaces.administration import Seen, Wanted
from server.identity.workspaces.schemas import Kind, MemberOut, TransferRequest, shown
from server.recordings.schemas import Pagination
from server.recordings.service import Recordings
from server.recordings.totals import By, Total

router = APIRouter(prefix=f"{PREFIX}/workspaces", tags=["Admin"])
# Recordings that one request erases with their workspace.
MOST_ERASED = 1000


class SeenWorkspaceOut(Wire):
    id: str
    name: str
    kind: Kind
    members: int
    owners: list[str] = Field(description="Addresses of those who could sign in; empty: it needs another.")
    recordings: int
    bytes: int
    retention_days: int | None
    created_at: datetime


class SeenWorkspacePage(Wire):
    data: list[SeenWorkspaceOut]
    pagination: Pagination


class SeenWorkspaceDetails(SeenWorkspaceOut):
    trashed: int
    people: list[MemberOut]


@router.get("", operation_id="adminListWorkspaces", summary="Workspaces, by name")
async def list_workspaces(
    request: Request,
    _user: Administrator,
    *,
    q: Annotated[str | None, Query(max_length=100, description="In the name.")] = None,
    kind: Kind | None = None,
    orphaned: Annotated[bool, Query(description="Those that nobody owns who could sign in.")] = False,
    page: Page = 0,
    size: Size = SIZE,
) -> SeenWorkspacePage:
    admin = admin_of(request)
    found, total = await admin.workspaces.page(Wanted(q, kind, orphaned), page, size)
    totals = await admin.totals.of(By.WORKSPACE, [one.workspace.id for one in found])
    return SeenWorkspacePage(
        data=[SeenWorkspaceOut(**_fields(one, totals.get(one.workspace.id, Total()))) for one in found],
        pagination=pages(page, size, total),
    )


@router.get("/{workspace_id}", operation_id="adminGetWorkspace", summary="A workspace with its members")
async def get_workspace(workspace_id: str, request: Request, _user: Administrator) -> SeenWorkspaceDetails:
    return await _details(request, workspace_id)


@router.post(
    "/{workspace_id}/transfer",
    operation_id="adminTransferWorkspace",
    summary="Give a workspace whose owners are gone another",
)
async def transfer(
    workspace_id: str, body: TransferRequest, request: Request, user: Administrator
) -> SeenWorkspaceDetails:
    """To any account; it becomes a member where it is none. 409 while an owner could do that themselves."""
    await admin_of(request).workspaces.transfer(workspace_id, body.user_id, by=user.id)
    return await _details(request, workspace_id)


@router.delete(
    "/{workspace_id}",
    status_code=204,
    operation_id="adminDeleteWorkspace",
    summary="Delete a team's workspace",
)
async def delete(
    workspace_id: str,
    request: Request,
    user: Administrator,
    *,
    erase: Annotated[bool, Query(description="With all that is recorded in it, for good.")] = False,
) -> Response:
    """Without `erase` only an empty one (409); its trash counts."""
    admin = admin_of(request)
    seen, _ = await admin.workspaces.get(workspace_id)
    if seen.workspace.kind is Kind.TEAM:
        await _empty(admin.recordings, seen.workspace.id, erase=erase, by=user.id)
    await admin.workspaces.delete(workspace_id, by=user.id)
    return Response(status_code=204)


async def _empty(recordings: Recordings, workspace_id: str, *, erase: bool, by: str) -> None:
    """Raises Conflict where something is left in it."""
    held = await recordings.ids_in(workspace_id, MOST_ERASED)
    if held and not erase:
        raise Conflict(
            "Recordings are in this workspace, or in its trash: erase them too, or have them moved first.",
            code="workspace_not_empty",
        )
    for recording_id in held:
        await recordings.erase(recording_id, by=by)
    if await recordings.count_in(workspace_id):
        sentence = f"{len(held)} recordings were erased, and there are more: ask again."
        raise Conflict(sentence, code="workspace_not_empty")


async def _details(request: Request, workspace_id: str) -> SeenWorkspaceDetails:
    admin = admin_of(request)
    seen, members = await admin.workspaces.get(workspace_id)
    found = seen.workspace.id
    total = (await admin.totals.of(By.WORKSPACE, [found])).get(found, Total())
    people = [shown(one) for one in members]
    return SeenWorkspaceDetails(**_fields(seen, total), trashed=total.trashed, people=people)


def _fields(seen: Seen, total: Total) -> dict[str, object]:
    one = seen.workspace
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "members": seen.members,
        "owners": [*seen.owners],
        "recordings": total.recordings,
        "bytes": total.bytes,
        "retention_days": one.retention_days,
        "created_at": one.created_at,
    }

"""Groups of a directory over HTTP, for whoever runs the server: which workspace each leads into."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from server.admin.access import PREFIX, SIZE, Administrator, Page, Size, Wire, admin_of, pages
from server.identity.permissions import WorkspaceRole
from server.identity.scim.groups.schemas import Mapped
from server.recordings.schemas import Pagination

router = APIRouter(prefix=f"{PREFIX}/groups", tags=["Admin"])


class GroupOut(Wire):
    id: str
    name: str
    external_id: str | None
    members: int
    workspace_id: str | None
    workspace_name: str | None
    role: WorkspaceRole


class GroupPage(Wire):
    data: list[GroupOut]
    pagination: Pagination


class MapRequest(Wire):
    workspace_id: Annotated[str, Field(max_length=36)] | None = Field(
        description="A team's, in which you may manage members; null: none.",
        examples=["3f0e6c1e-9a3c-4c4e-8f53-0e2f4a1b7c55"],
    )
    role: Literal[WorkspaceRole.ADMIN, WorkspaceRole.MEMBER, WorkspaceRole.VIEWER] = WorkspaceRole.MEMBER


@router.get("", operation_id="adminListGroups", summary="Groups of a directory, by name")
async def list_groups(request: Request, _user: Administrator, page: Page = 0, size: Size = SIZE) -> GroupPage:
    """With the workspace that the people of each are in by it."""
    found, total = await admin_of(request).groups.mapped(page * size, size)
    return GroupPage(data=[_out(one) for one in found], pagination=pages(page, size, total))


@router.put("/{group_id}", operation_id="adminMapGroup", summary="Lead a group into another workspace")
async def map_group(group_id: str, body: MapRequest, request: Request, user: Administrator) -> GroupOut:
    """Its people come in with `role`, and leave where they were by this group alone. Whoever was invited
    there, or owns it, stays as they are."""
    groups = admin_of(request).groups
    return _out(await groups.lead(group_id, body.workspace_id, body.role, by=user.id))


def _out(one: Mapped) -> GroupOut:
    return GroupOut(
        id=one.id,
        name=one.display,
        external_id=one.external_id,
        members=one.members,
        workspace_id=one.workspace_id,
        workspace_name=one.workspace_name,
        role=one.role,
    )

"""Workspaces, members and invitations over HTTP."""

from typing import Annotated, cast

from fastapi import APIRouter, Request, Response

from server.given import given
from server.identity.access import allows, workspaces_of
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.identity.workspaces import schemas as wire
from server.identity.workspaces.invitations import Invitations
from server.identity.workspaces.service import Workspaces
from server.links import links_of

router = APIRouter(prefix="/api/v1/workspaces", tags=["Workspaces"])
invitations_router = APIRouter(prefix="/api/v1/invitations", tags=["Workspaces"])


def _invitations(request: Request) -> Invitations:
    return cast("Invitations", request.app.state.services.people.invitations)


Reader = Annotated[User, allows(Scope.WORKSPACES_READ)]
Writer = Annotated[User, allows(Scope.WORKSPACES_WRITE)]
Admin = Annotated[User, allows(Scope.ADMIN)]
Service = Annotated[Workspaces, given(workspaces_of)]
InvitationService = Annotated[Invitations, given(_invitations)]


@router.get("", operation_id="listWorkspaces", summary="Workspaces you are in, your own first")
async def list_workspaces(user: Reader, workspaces: Service) -> wire.WorkspaceList:
    return wire.WorkspaceList(data=[_out(one) for one in await workspaces.of(user.id)])


@router.post("", status_code=201, operation_id="createWorkspace", summary="Create a team's workspace")
async def create(body: wire.CreateWorkspaceRequest, user: Writer, workspaces: Service) -> wire.WorkspaceOut:
    return _out(await workspaces.create(user.id, body.name))


@router.get("/{workspace_id}", operation_id="getWorkspace", summary="Get a workspace")
async def get(workspace_id: str, user: Reader, workspaces: Service) -> wire.WorkspaceOut:
    return _out(await workspaces.get(user.id, workspace_id))


@router.patch("/{workspace_id}", operation_id="updateWorkspace", summary="Change name or retention")
async def update(
    workspace_id: str, body: wire.UpdateWorkspaceRequest, user: Writer, workspaces: Service
) -> wire.WorkspaceOut:
    return _out(await workspaces.update(user.id, workspace_id, body))


@router.delete(
    "/{workspace_id}", status_code=204, operation_id="deleteWorkspace", summary="Delete an empty workspace"
)
async def delete(workspace_id: str, user: Writer, workspaces: Service) -> Response:
    await workspaces.delete(user.id, workspace_id)
    return Response(status_code=204)


@router.get("/{workspace_id}/members", operation_id="listMembers", summary="Who is in a workspace")
async def members(workspace_id: str, user: Reader, workspaces: Service) -> wire.MemberList:
    found = await workspaces.members(user.id, workspace_id)
    return wire.MemberList(data=[wire.shown(one) for one in found])


@router.patch(
    "/{workspace_id}/members/{user_id}",
    status_code=204,
    operation_id="changeRole",
    summary="Give a member another role",
)
async def set_role(
    workspace_id: str, user_id: str, body: wire.RoleRequest, user: Writer, workspaces: Service
) -> Response:
    await workspaces.set_role(user.id, workspace_id, user_id, body.role)
    return Response(status_code=204)


@router.delete(
    "/{workspace_id}/members/{user_id}",
    status_code=204,
    operation_id="removeMember",
    summary="Remove a member",
)
async def remove(workspace_id: str, user_id: str, user: Writer, workspaces: Service) -> Response:
    """Oneself: the same as leaving."""
    await workspaces.remove(user.id, workspace_id, user_id)
    return Response(status_code=204)


@router.post(
    "/{workspace_id}/leave", status_code=204, operation_id="leaveWorkspace", summary="Leave a workspace"
)
async def leave(workspace_id: str, user: Writer, workspaces: Service) -> Response:
    """What you made in it stays there. The last owner cannot leave."""
    await workspaces.remove(user.id, workspace_id, user.id)
    return Response(status_code=204)


@router.post(
    "/{workspace_id}/transfer",
    status_code=204,
    operation_id="transferWorkspace",
    summary="Make another member the owner in your place",
)
async def transfer(
    workspace_id: str, body: wire.TransferRequest, user: Writer, workspaces: Service
) -> Response:
    await workspaces.transfer(user.id, workspace_id, body.user_id)
    return Response(status_code=204)


@router.get(
    "/{workspace_id}/invitations",
    operation_id="listInvitations",
    summary="Who was asked to come, newest first",
)
async def list_invitations(
    workspace_id: str, user: Reader, invitations: InvitationService
) -> wire.InvitationList:
    found = await invitations.of_workspace(user.id, workspace_id)
    return wire.InvitationList(data=[_invitation(one) for one in found])


@router.post(
    "/{workspace_id}/invitations", status_code=201, operation_id="invite", summary="Invite somebody by mail"
)
async def invite(
    workspace_id: str,
    body: wire.InviteRequest,
    request: Request,
    user: Writer,
    invitations: InvitationService,
) -> wire.InvitationOut:
    base = links_of(request).for_mail(request)
    return _invitation(await invitations.invite(user, workspace_id, body.email, body.role, base=base))


@router.delete(
    "/{workspace_id}/invitations/{invitation_id}",
    status_code=204,
    operation_id="revokeInvitation",
    summary="Take an invitation back",
)
async def revoke(
    workspace_id: str, invitation_id: str, user: Writer, invitations: InvitationService
) -> Response:
    await invitations.revoke(user.id, workspace_id, invitation_id)
    return Response(status_code=204)


@invitations_router.get("", operation_id="listMyInvitations", summary="Invitations that wait for you")
async def mine(user: Reader, invitations: InvitationService) -> wire.InvitationList:
    return wire.InvitationList(data=[_invitation(one) for one in await invitations.for_user(user)])


@invitations_router.post(
    "", status_code=201, operation_id="inviteToServer", summary="Invite somebody to this server"
)
async def invite_to_server(
    body: wire.ServerInviteRequest, request: Request, user: Admin, invitations: InvitationService
) -> wire.InvitationOut:
    """For owners of the server."""
    base = links_of(request).for_mail(request)
    return _invitation(await invitations.invite_to_server(user, body.email, base=base))


@invitations_router.post("/look", operation_id="getInvitation", summary="What the link in a mail is for")
async def look(body: wire.TokenRequest, invitations: InvitationService) -> wire.InvitationOut:
    return _invitation(await invitations.look(body.token))


@invitations_router.post("/accept", operation_id="acceptInvitation", summary="Come into the workspace")
async def accept(
    body: wire.TokenRequest, user: Writer, invitations: InvitationService
) -> wire.WorkspaceOut | None:
    """Null for an invitation to the server."""
    held = await invitations.accept(user, body.token)
    return None if held is None else _out(held)


@invitations_router.post(
    "/decline", status_code=204, operation_id="declineInvitation", summary="Say no to an invitation"
)
async def decline(body: wire.TokenRequest, invitations: InvitationService) -> Response:
    await invitations.decline(body.token)
    return Response(status_code=204)


def _out(held: wire.Membership) -> wire.WorkspaceOut:
    one = held.workspace
    return wire.WorkspaceOut(
        id=one.id,
        name=one.name,
        kind=one.kind,
        role=held.role,
        retention_days=one.retention_days,
        created_at=one.created_at,
    )


def _invitation(one: wire.Invitation) -> wire.InvitationOut:
    return wire.InvitationOut(
        id=one.id,
        workspace_id=None if one.workspace is None else one.workspace.id,
        workspace_name=None if one.workspace is None else one.workspace.name,
        email=one.email,
        role=one.role,
        state=one.state,
        created_at=one.created_at,
        expires_at=one.expires_at,
    )

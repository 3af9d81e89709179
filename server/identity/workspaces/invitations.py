"""Invitations: somebody is asked by mail to come into a workspace, or to this server."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id, now
from server.errors import Conflict, Forbidden, NotFound
from server.identity import events, mail_keys
from server.identity.acts import Act
from server.identity.addresses import checked
from server.identity.audit import audit
from server.identity.models import UserRow
from server.identity.permissions import Action, WorkspaceRole, may_give
from server.identity.repository import user_by_email
from server.identity.schemas import Role, User
from server.identity.workspaces import repository
from server.identity.workspaces.models import InvitationRow, MemberRow, WorkspaceRow
from server.identity.workspaces.repository import to_invitation
from server.identity.workspaces.schemas import Invitation, InvitationState, Kind, Membership
from server.identity.workspaces.service import Workspaces
from server.mail.letters import Words
from server.mail.queue import post
from server.plans.table import Quota

LIFETIME = timedelta(days=7)
MAX_PENDING = 200  # of one workspace, and of the server


class Invitations:
    def __init__(self, db: Database, workspaces: Workspaces) -> None:
        self._db = db
        self._workspaces = workspaces

    async def invite(
        self, user: User, workspace_id: str, email: str, role: WorkspaceRole, *, base: str
    ) -> Invitation:
        """The mail leads to a page at `base`. One that waited for the same address is void then.

        Whoever is invited has their place: so it is here that the plan is asked, and not when they come.
        """
        held = await self._workspaces.get(user.id, workspace_id, Action.MEMBERS_MANAGE)
        if held.workspace.kind is Kind.PERSONAL:
            raise Conflict("A personal workspace is for one: make a team's.", code="personal_workspace")
        if not may_give(held.role, role):
            raise Forbidden("Only an owner makes an owner.", code="role_too_low")
        email = checked(email)
        async with self._db.write() as session:
            there = await user_by_email(session, email)
            if there is not None and await repository.role(session, workspace_id, there.id) is not None:
                raise Conflict("This person is a member already.", code="already_member")
            await repository.revoke_pending(session, workspace_id, email)
            await self._workspaces.plans.require(session, workspace_id, Quota.MEMBERS, repository.places)
            row, key = await _add(session, workspace_id, email, role, user.id)
            workspace = await session.get(WorkspaceRow, workspace_id)
            post(session, email, _to_workspace(user, held.workspace.name, role, base, key))
            audit(session, Act.MEMBER_INVITED, actor_id=user.id, workspace_id=workspace_id, role=role)
            return to_invitation(row, workspace)

    async def invite_to_server(self, user: User | None, email: str, *, base: str) -> Invitation:
        """By an administrator, or with None by the command line. Raises Conflict when there is an account."""
        if user is not None and user.role is not Role.OWNER:
            raise Forbidden("Only an owner of this server invites to it.")
        email = checked(email)
        async with self._db.write() as session:
            if await user_by_email(session, email):
                raise Conflict(f"There is an account for {email} already.", code="account_exists")
            by = None if user is None else user.id
            row, key = await _add(session, None, email, WorkspaceRole.MEMBER, by)
            post(session, email, _to_server(user, base, key))
            audit(session, Act.USER_INVITED, actor_id=by)
            return to_invitation(row, None)

    async def of_workspace(self, user_id: str, workspace_id: str) -> list[Invitation]:
        await self._workspaces.get(user_id, workspace_id, Action.MEMBERS_MANAGE)
        async with self._db.read() as session:
            found = await repository.invitations(session, workspace_id=workspace_id)
        return [to_invitation(*one) for one in found]

    async def for_user(self, user: User) -> list[Invitation]:
        """Those that wait for this person. By the key in the mail alone they are accepted: whoever has the
        account need not have the mailbox."""
        async with self._db.read() as session:
            found = await repository.invitations(session, email=user.email)
        return [to_invitation(*one) for one in found]

    async def revoke(self, user_id: str, workspace_id: str, invitation_id: str) -> None:
        await self._workspaces.get(user_id, workspace_id, Action.MEMBERS_MANAGE)
        async with self._db.write() as session:
            row = await session.get(InvitationRow, invitation_id) if is_id(invitation_id) else None
            if row is None or row.workspace_id != workspace_id:
                raise no_invitation()
            _still_open(row)
            row.state = InvitationState.REVOKED
            audit(session, Act.INVITATION_REVOKED, actor_id=user_id, workspace_id=workspace_id)

    async def look(self, key: str) -> Invitation:
        """What a key is for. Raises NotFound for one that is unknown, used, revoked or too old."""
        async with self._db.read() as session:
            row = await repository.invitation_by_hash(session, mail_keys.digest(key))
            if row is None or _settled(row):
                raise no_invitation()
            known = row.workspace_id is not None
            return to_invitation(row, await session.get(WorkspaceRow, row.workspace_id) if known else None)

    async def accept(self, user: User, key: str) -> Membership | None:
        """The workspace the person is in now; None for an invitation to the server, which they have."""
        async with self._db.write() as session:
            row = await open_invitation(session, key)
            _for(user, row)
            person = await session.get_one(UserRow, user.id)
            await settle(session, row, person)
            if row.workspace_id is None:
                return None
        return await self._workspaces.get(user.id, row.workspace_id)

    async def decline(self, key: str) -> None:
        """Whoever has the mail may say no, with an account or without."""
        async with self._db.write() as session:
            row = await open_invitation(session, key)
            row.state = InvitationState.DECLINED
            audit(session, Act.INVITATION_DECLINED, actor_id=None, workspace_id=row.workspace_id)


async def open_invitation(session: AsyncSession, key: str) -> InvitationRow:
    """Held until the transaction ends. Raises NotFound, or Conflict for one that was answered."""
    row = await repository.invitation_by_hash(session, mail_keys.digest(key), lock=True)
    if row is None:
        raise no_invitation()
    _still_open(row)
    return row


async def settle(session: AsyncSession, row: InvitationRow, person: UserRow) -> None:
    """The person comes in. A membership they have already stays as it is, and is theirs, no directory's, from
    now on; the mail proves the address."""
    row.state = InvitationState.ACCEPTED
    person.email_verified_at = person.email_verified_at or now()
    if row.invited_by is not None:
        workspace = await session.get(WorkspaceRow, row.workspace_id) if row.workspace_id else None
        events.invitation_accepted(
            session,
            person,
            invitation_id=row.id,
            invited_by=row.invited_by,
            workspace_id=row.workspace_id,
            workspace_name=None if workspace is None else workspace.name,
        )
    if row.workspace_id is not None:
        member = await repository.member(session, row.workspace_id, person.id)
        if member is None:
            session.add(MemberRow(workspace_id=row.workspace_id, user_id=person.id, role=row.role))
        else:
            member.from_directory = False
        audit(
            session,
            Act.MEMBER_JOINED,
            actor_id=person.id,
            user_id=person.id,
            workspace_id=row.workspace_id,
            role=row.role,
        )


async def _add(
    session: AsyncSession, workspace_id: str | None, email: str, role: WorkspaceRole, by: str | None
) -> tuple[InvitationRow, str]:
    await repository.revoke_pending(session, workspace_id, email)
    if await repository.count_pending(session, workspace_id, now()) >= MAX_PENDING:
        raise Conflict(
            f"{MAX_PENDING} invitations wait for an answer: revoke some first.", code="too_many_invitations"
        )
    key, kept = mail_keys.new_key()
    row = InvitationRow(
        workspace_id=workspace_id,
        email=email,
        role=role,
        token_hash=kept,
        state=InvitationState.PENDING,
        invited_by=by,
        expires_at=now() + LIFETIME,
    )
    session.add(row)
    await session.flush()
    return row, key


def _settled(row: InvitationRow) -> bool:
    return row.state != InvitationState.PENDING or row.expires_at <= now()


def _still_open(row: InvitationRow) -> None:
    if _settled(row):
        state = row.state if row.state != InvitationState.PENDING else InvitationState.EXPIRED
        raise Conflict(
            f"This invitation is {state}: ask for a new one.",
            code="invitation_over",
            details={"state": state},
        )


def _for(user: User, row: InvitationRow) -> None:
    if user.email != row.email:
        raise Forbidden(
            "This invitation was sent to another address: sign in with the account of that address.",
            code="invitation_for_another",
        )


def no_invitation() -> NotFound:
    return NotFound("There is no such invitation, or it is over.", code="invitation_not_found")


def _to_workspace(user: User, name: str, role: WorkspaceRole, base: str, key: str) -> Words:
    return Words(
        subject=f"{user.username} invites you to {name}",
        paragraphs=(
            f"{user.username} ({user.email}) invites you to the workspace “{name}” as {_AS[role]}.",
            f"The invitation is good for {LIFETIME.days} days. If you do not know what this is about, "
            "decline it or leave it alone.",
        ),
        action=("See the invitation", f"{base}/account/invitation#{key}"),
    )


def _to_server(user: User | None, base: str, key: str) -> Words:
    who = "An administrator" if user is None else f"{user.username} ({user.email})"
    return Words(
        subject="You are invited to Heddle",
        paragraphs=(
            f"{who} invites you to the Heddle server at {base}: record your screen, share the link.",
            f"The invitation is good for {LIFETIME.days} days.",
        ),
        action=("Make an account", f"{base}/account/invitation#{key}"),
    )


_AS = {
    WorkspaceRole.OWNER: "an owner",
    WorkspaceRole.ADMIN: "an administrator",
    WorkspaceRole.MEMBER: "a member",
    WorkspaceRole.VIEWER: "a viewer",
}

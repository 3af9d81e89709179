"""What identity tells the tiers above, by the names of the specification."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.identity.models import UserRow


class UserEventType(StrEnum):
    CREATED = "user.created"
    UPDATED = "user.updated"
    DELETED = "user.deleted"
    # Told to whoever invited.
    INVITATION_ACCEPTED = "invitation.accepted"


def created(session: AsyncSession, row: UserRow) -> None:
    _record(session, UserEventType.CREATED, row)


def updated(session: AsyncSession, row: UserRow) -> None:
    _record(session, UserEventType.UPDATED, row)


def deleted(session: AsyncSession, row: UserRow) -> None:
    """Only who it was by number: the rest is to be forgotten, also in the table of events."""
    outbox.record(session, UserEventType.DELETED, recording_id=None, user_id=row.id, data={"userId": row.id})


def invitation_accepted(
    session: AsyncSession,
    person: UserRow,
    *,
    invitation_id: str,
    invited_by: str,
    workspace_id: str | None,
    workspace_name: str | None,
) -> None:
    """Without a workspace it was one to this server."""
    data = {
        "invitationId": invitation_id,
        "userId": person.id,
        "username": person.username,
        "workspaceId": workspace_id,
        "workspaceName": workspace_name,
    }
    outbox.record(
        session, UserEventType.INVITATION_ACCEPTED, recording_id=None, user_id=invited_by, data=data
    )


def _record(session: AsyncSession, type_: UserEventType, row: UserRow) -> None:
    data = {"userId": row.id, "username": row.username, "role": row.role}
    outbox.record(session, type_, recording_id=None, user_id=row.id, data=data)

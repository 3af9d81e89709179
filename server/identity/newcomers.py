"""A new account, however it comes about: all it needs is made with it."""

from sqlalchemy.ext.asyncio import AsyncSession

from server.identity import events
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.models import UserRow
from server.identity.workspaces import repository as workspaces


async def welcome(session: AsyncSession, row: UserRow, *, how: str, by: str | None = None) -> None:
    """Adds the account with its workspace and tells of it. `how` is one word for the audit log; `by` is who
    made it, where that was not its person."""
    session.add(row)
    await session.flush()
    await workspaces.personal(session, row.id)
    events.created(session, row)
    audit(session, Act.USER_CREATED, actor_id=by or row.id, user_id=row.id, how=how)

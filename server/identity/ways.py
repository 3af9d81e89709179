"""The ways into an account: a password, passkeys, accounts elsewhere. One must be left."""

from sqlalchemy.ext.asyncio import AsyncSession

from server.errors import Conflict
from server.identity.models import UserRow
from server.identity.oidc import repository as identities
from server.identity.passkeys import repository as passkeys


async def require_one(session: AsyncSession, user_id: str) -> None:
    """Called in a transaction that took one away. Raises Conflict where none is left."""
    person = await session.get(UserRow, user_id)
    if person is None or person.password_hash:
        return
    if not await passkeys.of_user(session, user_id) and not await identities.of_user(session, user_id):
        raise Conflict(
            "This is the only way into your account: add another one first, or set a password by mail.",
            code="last_way_in",
        )

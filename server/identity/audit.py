"""The audit log: who did what to accounts, rights and data, and from where. Entries are only ever added."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import asker
from server.identity.accounts.models import AuditRow
from server.identity.acts import Act


def audit(
    session: AsyncSession,
    act: Act,
    *,
    actor_id: str | None,
    user_id: str | None = None,
    workspace_id: str | None = None,
    recording_id: str | None = None,
    **details: Any,
) -> None:
    """Notes an act in the transaction of `session`: it is in the log if and only if it happened.

    `actor_id` is who did it (None: nobody who was signed in, or the
    command line), `user_id` whose account it is about. `details` are shown to both: no secrets, no e-mail
    addresses of others.
    """
    session.add(
        AuditRow(
            act=act,
            actor_id=actor_id,
            user_id=user_id,
            workspace_id=workspace_id,
            recording_id=recording_id,
            address=asker.address(),
            details=details,
        )
    )

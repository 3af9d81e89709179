"""Acts that bear on who may get in: into the audit log, and as events for the tiers above.

No client hears of the events.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.identity.acts import Act
from server.identity.audit import audit


class SecurityEvent(StrEnum):
    SIGNED_IN = "identity.signed_in"
    # One for each sign-in that ended, or key; its sockets are closed.
    SIGNED_OUT = "identity.signed_out"
    # A refresh token was used twice: its sign-in ended.
    TOKEN_REUSED = "identity.token_reused"  # noqa: S105 (a name)
    LOCKED_OUT = "identity.locked_out"
    PASSWORD_CHANGED = "identity.password_changed"  # noqa: S105 (a name)
    MFA_ENABLED = "identity.mfa_enabled"
    MFA_DISABLED = "identity.mfa_disabled"
    RECOVERY_CODE_USED = "identity.recovery_code_used"
    PASSKEY_ADDED = "identity.passkey_added"
    PASSKEY_REMOVED = "identity.passkey_removed"
    # Its count went backwards, and the sign-in was refused.
    PASSKEY_COPIED = "identity.passkey_copied"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    KEY_CREATED = "identity.key_created"
    KEY_CHANGED = "identity.key_changed"
    KEY_DELETED = "identity.key_deleted"


_ACTS = {
    SecurityEvent.SIGNED_IN: Act.SIGN_IN_SUCCEEDED,
    SecurityEvent.SIGNED_OUT: Act.SIGN_IN_ENDED,
    SecurityEvent.TOKEN_REUSED: Act.TOKEN_REUSED,
    SecurityEvent.LOCKED_OUT: Act.SIGN_IN_LOCKED,
    SecurityEvent.PASSWORD_CHANGED: Act.PASSWORD_CHANGED,
    SecurityEvent.MFA_ENABLED: Act.MFA_ENABLED,
    SecurityEvent.MFA_DISABLED: Act.MFA_DISABLED,
    SecurityEvent.RECOVERY_CODE_USED: Act.RECOVERY_CODE_USED,
    SecurityEvent.PASSKEY_ADDED: Act.PASSKEY_ADDED,
    SecurityEvent.PASSKEY_REMOVED: Act.PASSKEY_REMOVED,
    SecurityEvent.PASSKEY_COPIED: Act.PASSKEY_COPIED,
    SecurityEvent.IDENTITY_LINKED: Act.IDENTITY_LINKED,
    SecurityEvent.IDENTITY_UNLINKED: Act.IDENTITY_UNLINKED,
    SecurityEvent.KEY_CREATED: Act.KEY_CREATED,
    SecurityEvent.KEY_CHANGED: Act.KEY_CHANGED,
    SecurityEvent.KEY_DELETED: Act.KEY_DELETED,
}


def tell(
    session: AsyncSession,
    type_: SecurityEvent,
    user_id: str | None,
    *,
    by_themselves: bool = True,
    by: str | None = None,
    **data: Any,
) -> None:
    """In the transaction of the change it tells of; `data` is shown in the log.

    Not `by_themselves`: by somebody of whom it is not known who it is. `by` is an administrator.
    """
    outbox.record(session, type_, recording_id=None, user_id=user_id, data=data)
    actor_id = by or (user_id if by_themselves else None)
    audit(session, _ACTS[type_], actor_id=actor_id, user_id=user_id, **data)


def close_sockets(session: AsyncSession, user_id: str, key_id: str) -> None:
    """Of an API key, which were opened with it as it was."""
    data = {"sessionId": key_id}
    outbox.record(session, SecurityEvent.SIGNED_OUT, recording_id=None, user_id=user_id, data=data)

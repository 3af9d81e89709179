"""Acts that bear on who may get in, as events for the tiers above. No client hears of them."""

from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox


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
    KEY_CREATED = "identity.key_created"
    KEY_CHANGED = "identity.key_changed"
    KEY_DELETED = "identity.key_deleted"


def tell(session: AsyncSession, type_: SecurityEvent, user_id: str | None, **data: Any) -> None:
    """In the transaction of the change it tells of."""
    outbox.record(session, type_, recording_id=None, user_id=user_id, data=data)

"""The acts that the audit log tells of: every one is on this list, and in docs/reference/audit.md."""

from enum import StrEnum


class Act(StrEnum):
    """`thing.what-happened`. `Act.SIGN_IN_FAILED` is noted for every try that was counted and refused."""

    SIGN_IN_SUCCEEDED = "sign_in.succeeded"
    SIGN_IN_FAILED = "sign_in.failed"
    SIGN_IN_LOCKED = "sign_in.locked"
    SIGN_IN_ENDED = "sign_in.ended"
    TOKEN_REUSED = "token.reused"  # noqa: S105 (a name)
    TOKEN_KEY_ROTATED = "token_key.rotated"  # noqa: S105 (a name)
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 (a name)
    PASSWORD_RESET_ASKED = "password.reset_asked"  # noqa: S105 (a name)
    PASSWORD_RESET = "password.reset"  # noqa: S105 (a name)
    MFA_ENABLED = "mfa.enabled"
    MFA_DISABLED = "mfa.disabled"
    RECOVERY_CODES_RENEWED = "mfa.recovery_codes_renewed"
    RECOVERY_CODE_USED = "mfa.recovery_code_used"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_REMOVED = "passkey.removed"
    PASSKEY_COPIED = "passkey.copied"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    KEY_CREATED = "key.created"
    KEY_CHANGED = "key.changed"
    KEY_DELETED = "key.deleted"
    USER_CREATED = "user.created"
    # By a directory (SCIM): what people here see of somebody, or what the directory calls them.
    USER_CHANGED = "user.changed"
    # Of a directory (SCIM); mapped: its members are in another workspace, or with another role.
    GROUP_CREATED = "group.created"
    GROUP_CHANGED = "group.changed"
    GROUP_MAPPED = "group.mapped"
    GROUP_REMOVED = "group.removed"
    USER_INVITED = "user.invited"
    EMAIL_CHANGE_ASKED = "email.change_asked"
    EMAIL_CHANGED = "email.changed"
    EXPORT_ASKED = "account.export_asked"
    EXPORT_FETCHED = "account.export_fetched"
    ERASURE_ASKED = "account.erasure_asked"
    ERASED = "account.erased"
    WORKSPACE_CREATED = "workspace.created"
    WORKSPACE_DELETED = "workspace.deleted"
    WORKSPACE_TRANSFERRED = "workspace.transferred"
    RETENTION_CHANGED = "workspace.retention_changed"
    MEMBER_INVITED = "member.invited"
    MEMBER_JOINED = "member.joined"
    MEMBER_ROLE_CHANGED = "member.role_changed"
    MEMBER_REMOVED = "member.removed"
    MEMBER_LEFT = "member.left"
    INVITATION_REVOKED = "invitation.revoked"
    INVITATION_DECLINED = "invitation.declined"
    RECORDING_SHARING_CHANGED = "recording.sharing_changed"
    # Somebody tried so many passwords on its link that whoever tries has to wait.
    SHARE_PASSWORD_LIMITED = "share.password_limited"  # noqa: S105 (a name)
    RECORDING_MOVED = "recording.moved"
    RECORDING_TRASHED = "recording.trashed"
    RECORDING_RESTORED = "recording.restored"
    RECORDING_ERASED = "recording.erased"
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 (a name)
    WEBHOOK_DELETED = "webhook.deleted"
    CHANNEL_CREATED = "channel.created"
    CHANNEL_CHANGED = "channel.changed"
    CHANNEL_DELETED = "channel.deleted"
    BILLING_CHECKOUT = "billing.checkout"
    BILLING_PORTAL = "billing.portal"
    BILLING_PLAN_CHANGED = "billing.plan_changed"
    # By an owner of the server, through `/api/v1/admin`.
    JOB_RETRIED = "job.retried"
    JOB_CANCELLED = "job.cancelled"
    DELIVERY_RETRIED = "webhook.delivery_retried"
    EVENT_RETRIED = "event.retried"
    ROLE_CHANGED = "user.role_changed"
    USER_DISABLED = "user.disabled"
    USER_ENABLED = "user.enabled"
    USER_SIGNED_OUT = "user.signed_out"
    PASSWORD_LINK_SENT = "password.link_sent"  # noqa: S105 (a name)
    ORPHANS_REMOVED = "storage.orphans_removed"
    LOG_EXPORTED = "audit.exported"
    FLAG_CHANGED = "flag.changed"

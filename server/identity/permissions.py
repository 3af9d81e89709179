"""Who may do what: one table of roles and actions. Asked by `server.scope`; nothing else decides.

A role is held in one workspace. What lies in a workspace is reached through it alone: a recording belongs to
its workspace, and to the person who made it only as far as the table says `OWN`.
"""

from enum import StrEnum


class WorkspaceRole(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"


class Action(StrEnum):
    WORKSPACE_VIEW = "workspace.view"
    WORKSPACE_EDIT = "workspace.edit"
    WORKSPACE_DELETE = "workspace.delete"
    WORKSPACE_TRANSFER = "workspace.transfer"
    MEMBERS_MANAGE = "members.manage"
    RECORDING_VIEW = "recording.view"
    RECORDING_COMMENT = "recording.comment"
    RECORDING_CREATE = "recording.create"
    RECORDING_EDIT = "recording.edit"
    RECORDING_DELETE = "recording.delete"
    RECORDING_MOVE = "recording.move"
    ANALYTICS_VIEW = "analytics.view"
    BILLING_VIEW = "billing.view"
    BILLING_EDIT = "billing.edit"


class Reach(StrEnum):
    """How far a role's right to an action goes."""

    ALL = "all"
    OWN = "own"  # what the person made
    NONE = "none"


_ALL, _OWN, _NONE = Reach.ALL, Reach.OWN, Reach.NONE

ROLES = (WorkspaceRole.OWNER, WorkspaceRole.ADMIN, WorkspaceRole.MEMBER, WorkspaceRole.VIEWER)
TABLE: dict[Action, tuple[Reach, Reach, Reach, Reach]] = {
    #                          owner  admin  member viewer
    Action.WORKSPACE_VIEW:     (_ALL, _ALL, _ALL, _ALL),
    Action.WORKSPACE_EDIT:     (_ALL, _ALL, _NONE, _NONE),
    Action.WORKSPACE_DELETE:   (_ALL, _NONE, _NONE, _NONE),
    Action.WORKSPACE_TRANSFER: (_ALL, _NONE, _NONE, _NONE),
    Action.MEMBERS_MANAGE:     (_ALL, _ALL, _NONE, _NONE),
    Action.RECORDING_VIEW:     (_ALL, _ALL, _ALL, _ALL),
    Action.RECORDING_COMMENT:  (_ALL, _ALL, _ALL, _ALL),
    Action.RECORDING_CREATE:   (_ALL, _ALL, _ALL, _NONE),
    Action.RECORDING_EDIT:     (_ALL, _ALL, _OWN, _NONE),
    Action.RECORDING_DELETE:   (_ALL, _ALL, _OWN, _NONE),
    Action.RECORDING_MOVE:     (_ALL, _ALL, _OWN, _NONE),
    Action.ANALYTICS_VIEW:     (_ALL, _ALL, _OWN, _NONE),
    Action.BILLING_VIEW:       (_ALL, _ALL, _NONE, _NONE),
    Action.BILLING_EDIT:       (_ALL, _NONE, _NONE, _NONE),
}  # fmt: skip

# Which roles the holder of one may give and take. Only an owner makes, or unmakes, an owner.
_GIVES: dict[WorkspaceRole, frozenset[WorkspaceRole]] = {
    WorkspaceRole.OWNER: frozenset(ROLES),
    WorkspaceRole.ADMIN: frozenset(ROLES) - {WorkspaceRole.OWNER},
    WorkspaceRole.MEMBER: frozenset(),
    WorkspaceRole.VIEWER: frozenset(),
}


def may(role: WorkspaceRole | None, action: Action, *, own: bool = False) -> bool:
    """Whether a role covers an action; `own`: on something that the person made. None is no member."""
    if role is None:
        return False
    reach = TABLE[action][ROLES.index(role)]
    return reach is Reach.ALL or (reach is Reach.OWN and own)


def may_give(role: WorkspaceRole | None, given: WorkspaceRole) -> bool:
    """Whether the holder of `role` may make somebody `given`, or take that from them."""
    return role is not None and given in _GIVES[role]


def of_method(method: str) -> Action:
    """What a request does to a recording, where its route does not say: reads look, all others change."""
    return Action.RECORDING_VIEW if method in {"GET", "HEAD", "OPTIONS"} else Action.RECORDING_EDIT

"""Workspaces on the wire, and the values other modules know them by."""

import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.identity.permissions import WorkspaceRole

MAX_RETENTION_DAYS = 36_500


class Kind(StrEnum):
    PERSONAL = "personal"
    TEAM = "team"


class InvitationState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"  # pending, and its time is over


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str
    kind: Kind
    retention_days: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """A workspace as one of its members has it."""

    workspace: Workspace
    role: WorkspaceRole


@dataclass(frozen=True, slots=True)
class Reachable:
    """Ids of workspaces: in those of `everything` all recordings, in those of `own` what the person made."""

    everything: frozenset[str]
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """`from_directory`: by a group of a directory, which may take the membership back."""

    user_id: str
    email: str
    username: str
    role: WorkspaceRole
    since: datetime
    from_directory: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """`workspace` is None for an invitation to this server."""

    id: str
    workspace: Workspace | None
    email: str
    role: WorkspaceRole
    state: InvitationState
    created_at: datetime
    expires_at: datetime


def one_line(text: str) -> str:
    """For names: they stand in mails and lists."""
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text):
        raise ValueError("must be one line without control characters")
    return text


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(one_line)
]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
Token = Annotated[str, StringConstraints(min_length=20, max_length=100)]


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class CreateWorkspaceRequest(Wire):
    name: Name = Field(examples=["Design team"])


class UpdateWorkspaceRequest(Wire):
    """Fields left out stay as they are; `retentionDays` null keeps recordings for ever."""

    name: Name | None = None
    retention_days: Annotated[int, Field(ge=1, le=MAX_RETENTION_DAYS)] | None = None


class RoleRequest(Wire):
    role: WorkspaceRole


class TransferRequest(Wire):
    user_id: str = Field(max_length=36, description="A member, who becomes the owner.")


class InviteRequest(Wire):
    email: Email = Field(examples=["ada@example.org"])
    role: WorkspaceRole = WorkspaceRole.MEMBER


class ServerInviteRequest(Wire):
    email: Email = Field(examples=["ada@example.org"])


class TokenRequest(Wire):
    token: Token = Field(description="From the link in the mail.")


class WorkspaceOut(Wire):
    id: str
    name: str
    kind: Kind
    role: WorkspaceRole = Field(description="Yours.")
    retention_days: int | None
    created_at: datetime


class WorkspaceList(Wire):
    data: list[WorkspaceOut]


class MemberOut(Wire):
    user_id: str
    email: str
    username: str
    role: WorkspaceRole
    since: datetime
    from_directory: bool = Field(description="By a group of a directory: who leaves that leaves here.")


def shown(member: Member) -> MemberOut:
    return MemberOut(**asdict(member))


class MemberList(Wire):
    data: list[MemberOut]


class InvitationOut(Wire):
    id: str
    workspace_id: str | None
    workspace_name: str | None
    email: str
    role: WorkspaceRole
    state: InvitationState
    created_at: datetime
    expires_at: datetime


class InvitationList(Wire):
    data: list[InvitationOut]

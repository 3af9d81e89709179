"""Groups as a directory sees them, and as whoever runs the server does."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from server.identity.permissions import WorkspaceRole


class Field(StrEnum):
    """What groups can be found by. The values are SCIM's names in small letters."""

    DISPLAY_NAME = "displayname"
    EXTERNAL_ID = "externalid"
    ID = "id"
    MEMBER = "members.value"


# All of them hold.
Conditions = tuple[tuple[Field, str | bool], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a directory says of a group; `members` are ids of people."""

    display: str
    external_id: str | None = None
    members: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A group as it is here; `people` are the ids of its members, None where nobody asked."""

    id: str
    display: str
    external_id: str | None
    created_at: datetime
    updated_at: datetime
    people: Collection[str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where the members of a group are members by it; without a workspace nowhere."""

    id: str
    display: str
    external_id: str | None
    members: int
    workspace_id: str | None
    workspace_name: str | None
    role: WorkspaceRole

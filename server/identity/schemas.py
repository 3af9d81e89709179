"""The value other modules know a person by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.identity.scopes import Scope


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is signed in.

    `session_id` names the sign-in; with an API key there is a `key_id` instead, and only what its `scopes`
    name is allowed. `until` is when the token or the key that was shown ends, None for never. All four are
    None outside a request.
    """

    id: str
    email: str
    username: str
    role: Role
    session_id: str | None = None
    key_id: str | None = None
    scopes: frozenset[Scope] | None = None
    until: datetime | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as somebody who writes to them knows them."""

    user: User
    time_zone: str | None

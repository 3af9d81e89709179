"""People as a directory sees them, and how it may ask for them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Field(StrEnum):
    """What people can be found by. The values are SCIM's names in small letters."""

    USER_NAME = "username"
    EXTERNAL_ID = "externalid"
    ID = "id"
    EMAIL = "emails.value"
    ACTIVE = "active"


# All of them hold.
Conditions = tuple[tuple[Field, str | bool], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a directory says of somebody; `display` is the name that people here see."""

    user_name: str
    email: str
    display: str
    external_id: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Wanted):
    """Somebody as they are here."""

    id: str
    created_at: datetime
    updated_at: datetime

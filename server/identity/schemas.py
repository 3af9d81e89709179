"""What identity says and hears on the wire, and the value other modules know a person by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is signed in. `session_id` names the sign-in, None outside a request."""

    id: str
    email: str
    username: str
    role: Role
    session_id: str | None = None


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class LoginRequest(_Wire):
    email: str = Field(min_length=1, max_length=254, examples=["owner@localhost"])
    password: str = Field(min_length=1, max_length=1024, examples=["correct horse battery staple"])


class UserOut(_Wire):
    id: str
    email: str
    username: str
    role: Role


class LoginAnswer(_Wire):
    token: str = Field(description="Send it as `Authorization: Bearer <token>`.")
    token_type: str = "Bearer"  # noqa: S105 (the scheme, not a secret)
    expires_at: datetime
    user: UserOut

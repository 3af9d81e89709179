"""API keys as values, and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.identity.scopes import Scope

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Scopes = Annotated[set[Scope], Field(min_length=1, description="What it may be used for.")]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret."""

    id: str
    name: str
    prefix: str
    user_id: str
    scopes: frozenset[Scope]
    last_used_at: datetime | None
    expires_at: datetime | None
    created_at: datetime
    is_active: bool


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class CreateKeyRequest(Wire):
    name: Name = Field(examples=["Nightly export"])
    scopes: Scopes = Field(examples=[["recordings:read", "transcripts:read"]])
    expires_at: AwareDatetime | None = Field(None, description="Null: it does not end by itself.")


class UpdateKeyRequest(Wire):
    """What is left out stays."""

    name: Name | None = None
    scopes: Scopes | None = None
    expires_at: AwareDatetime | None = None
    is_active: bool | None = Field(
        None, description="A key that is not active is refused, until it is again."
    )


class KeyOut(Wire):
    id: str
    name: str
    key_prefix: str = Field(
        description="The eight characters after `loom_`, to know it by.", examples=["1f0c9a7e"]
    )
    user_id: str
    scopes: list[Scope]
    last_used_at: datetime | None = Field(description="To within a minute.")
    expires_at: datetime | None
    created_at: datetime
    is_active: bool


class CreatedKeyOut(KeyOut):
    key: str = Field(description="The key itself. It is shown this once.")


class KeyList(Wire):
    data: list[KeyOut]

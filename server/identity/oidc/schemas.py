"""Accounts elsewhere, on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ProviderOut(Wire):
    id: str = Field(examples=["company"])
    name: str = Field(description="For a button.", examples=["Company"])
    start_path: str = Field(
        description="Where a browser goes to sign in that way, with `next`, an address of this server.",
        examples=["/auth/oidc/company/start"],
    )


class WaysOut(Wire):
    """How one may sign in to this server."""

    password: bool
    passkeys: bool = Field(description="Not where the server has no name of its own, or no https.")
    providers: list[ProviderOut]


class LinkRequest(Wire):
    """`password` and `code` as for a new passkey."""

    provider: str = Field(max_length=40, examples=["company"])
    password: str | None = Field(None, min_length=1, max_length=1024)
    code: str | None = Field(None, min_length=6, max_length=40)
    next: str = Field("/", max_length=2000, description="Where the browser goes in the end.")


class SingleLogoutAnswer(Wire):
    address: str | None = Field(
        description="Where the browser goes to be signed out at the provider, too; null: nowhere."
    )


class LinkAnswer(Wire):
    address: str = Field(description="Where the browser has to go now: the page that asked, at once.")


class IdentityOut(Wire):
    id: str
    provider: str = Field(examples=["company"])
    provider_name: str
    email: str | None = Field(description="As the provider said it last.")
    created_at: datetime
    last_used_at: datetime | None


class IdentityList(Wire):
    data: list[IdentityOut]

"""Passkeys on the wire. What browsers make is taken as `PublicKeyCredential.toJSON()` writes it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.identity.sessions.schemas import LONGEST_NAME
from server.identity.wire import InCookie
from server.identity.workspaces.schemas import Name


def _bytes(most: int) -> Any:
    """Base64url of at most so many characters."""
    return StringConstraints(min_length=1, max_length=most, pattern=r"^[A-Za-z0-9_-]+={0,2}$")


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class _FromBrowser(BaseModel):
    """Browsers add fields; what is not needed is passed over."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class _Attestation(_FromBrowser):
    client_data_json: Annotated[str, _bytes(8000)] = Field(alias="clientDataJSON")
    attestation_object: Annotated[str, _bytes(16000)]
    transports: list[Annotated[str, StringConstraints(max_length=20)]] = Field(default=[], max_length=10)


class _Assertion(_FromBrowser):
    client_data_json: Annotated[str, _bytes(8000)] = Field(alias="clientDataJSON")
    authenticator_data: Annotated[str, _bytes(8000)]
    signature: Annotated[str, _bytes(4000)]
    user_handle: Annotated[str, _bytes(100)] | None = None


class _Credential(_FromBrowser):
    id: Annotated[str, _bytes(1400)]
    raw_id: Annotated[str, _bytes(1400)]
    type: Literal["public-key"] = "public-key"


class NewCredential(_Credential):
    """Of `navigator.credentials.create()`."""

    response: _Attestation


class UsedCredential(_Credential):
    """Of `navigator.credentials.get()`."""

    response: _Assertion


class BeginPasskeyRequest(Wire):
    """Empty soon after a sign-in; later all factors once more."""

    password: str | None = Field(None, min_length=1, max_length=1024)
    code: str | None = Field(
        None, min_length=6, max_length=40, description="Of the second factor, if there is one."
    )


class CreatePasskeyRequest(Wire):
    credential: NewCredential
    name: Name = Field("Passkey", examples=["Ada's telephone"])


class RenamePasskeyRequest(Wire):
    name: Name


class PasskeyLoginRequest(Wire):
    credential: UsedCredential
    device_name: str | None = Field(None, max_length=LONGEST_NAME)
    cookie: InCookie = False


class OptionsAnswer(Wire):
    """`publicKey` goes to `navigator.credentials`, which wants its bytes decoded from base64url."""

    public_key: dict[str, Any]
    expires_at: datetime


class PasskeyOut(Wire):
    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    backed_up: bool = Field(description="Whether its authenticator keeps copies, such as a password manager.")
    copied_at: datetime | None = Field(
        description="When a sign-in was refused because somebody may hold a copy of it; null: never."
    )


class PasskeyList(Wire):
    data: list[PasskeyOut]

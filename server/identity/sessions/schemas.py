"""Sign-ins: what they hand out, and how a person sees them."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from server.identity.schemas import User
from server.identity.sessions.tokens import Signed

LONGEST_NAME = 100
LONGEST_CLIENT = 200


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody signs in: the name they gave it, and the program that asked (its User-Agent)."""

    name: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A pair of tokens and whose they are."""

    access: Signed
    refresh: Signed
    user: User


@dataclass(frozen=True, slots=True)
class SessionView:
    """A sign-in in the list of devices."""

    id: str
    device: Device
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class RefreshRequest(Wire):
    refresh_token: str | None = Field(None, min_length=1, max_length=4096)


class SessionOut(Wire):
    id: str
    device_name: str = Field(description="As it was given at the sign-in.", examples=["Ada's laptop"])
    client: str = Field(description="The program, as it named itself.", examples=["heddle/0.1.0"])
    created_at: datetime
    last_used_at: datetime = Field(description="To within five minutes.")
    expires_at: datetime = Field(description="When it ends unless it is used before.")
    current: bool = Field(description="The one that asks.")


class SessionList(Wire):
    data: list[SessionOut]

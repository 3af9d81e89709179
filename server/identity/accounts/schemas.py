"""Accounts on the wire: registering, keys from mails, the profile."""

import re
import zoneinfo
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from server.identity.schemas import Role
from server.identity.workspaces.schemas import Email, Token, Wire, one_line

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MAX_PASSWORD = 1024


def _time_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise ValueError("is not a time zone; Europe/Berlin is one") from problem
    return name


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("is not a language; en or pt-BR is one")
    return tag


Username = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(one_line)
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PASSWORD)]
SecondFactor = Annotated[
    str | None,
    Field(
        min_length=6,
        max_length=40,
        description="Of your authenticator app, or a recovery code, where the second factor is on.",
    ),
]
TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_time_zone)]
Language = Annotated[str, StringConstraints(min_length=2, max_length=16), AfterValidator(_language)]


class RegisterRequest(Wire):
    email: Email = Field(examples=["ada@example.org"])
    password: Password = Field(examples=["correct horse battery staple"])
    username: Username | None = Field(default=None, examples=["Ada"])
    invitation: Token | None = Field(
        default=None, description="From the link in the mail, where there is one."
    )


class RegisterAnswer(Wire):
    """`userId` is null until the link in the mail has been opened."""

    email: str
    user_id: str | None
    verification_sent: bool


class VerifyRequest(Wire):
    token: Token
    password: Password | None = Field(
        default=None, description="The one that was chosen, to finish a registration."
    )


class VerifyAnswer(Wire):
    user_id: str
    email: str


class ForgottenRequest(Wire):
    email: Email


class ResetRequest(Wire):
    token: Token
    password: Password


class ChangeEmailRequest(Wire):
    email: Email
    password: Password | None = Field(
        default=None, description="Your present one, unless the account has none."
    )
    code: SecondFactor = None


class ConfirmRequest(Wire):
    token: Token


class ChangeEmailAnswer(Wire):
    """`pending`: the other address has to confirm it too."""

    email: str
    pending: bool


class UpdateProfileRequest(Wire):
    """Fields left out stay as they are; null empties one."""

    username: Username | None = None
    time_zone: TimeZone | None = Field(default=None, examples=["Europe/Berlin"])
    language: Language | None = Field(default=None, examples=["en"])


class ProfileOut(Wire):
    id: str
    email: str
    email_verified: bool
    username: str
    role: Role
    time_zone: str | None
    language: str | None
    avatar_url: str | None
    created_at: datetime

"""What signing in says and hears on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from server.identity.schemas import Role, User
from server.identity.sessions.schemas import LONGEST_NAME, SignIn

_LONGEST_PASSWORD = 1024


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


InCookie = Annotated[
    bool,
    Field(
        description="For pages of this server: the refresh token is not answered, the browser keeps it in a "
        "cookie that no script can read. Needs the header `X-Heddle-Session: 1`."
    ),
]


class LoginRequest(_Wire):
    email: str = Field(min_length=1, max_length=254, examples=["owner@localhost"])
    password: str = Field(
        min_length=1, max_length=_LONGEST_PASSWORD, examples=["correct horse battery staple"]
    )
    device_name: str | None = Field(
        None,
        max_length=LONGEST_NAME,
        description="To know it by in the list of devices.",
        examples=["Ada's laptop"],
    )
    cookie: InCookie = False


class MfaLoginRequest(_Wire):
    mfa_token: str = Field(min_length=1, max_length=4096)
    code: str = Field(min_length=6, max_length=40, examples=["123456"])
    device_name: str | None = Field(None, max_length=LONGEST_NAME)
    cookie: InCookie = False


class PasswordChange(_Wire):
    current_password: str = Field(min_length=1, max_length=_LONGEST_PASSWORD)
    new_password: str = Field(
        min_length=1, max_length=_LONGEST_PASSWORD, description="12 characters or more, and not a common one."
    )


class UserOut(_Wire):
    id: str
    email: str
    username: str
    role: Role


class LoginAnswer(_Wire):
    token: str = Field(description="Send it as `Authorization: Bearer <token>`. The same as `accessToken`.")
    access_token: str
    refresh_token: str | None = Field(
        description="For `POST /auth/refresh`, once; null where the browser keeps it in a cookie."
    )
    token_type: str = "Bearer"  # noqa: S105 (the scheme, not a secret)
    expires_in: int = Field(description="Seconds that the access token is valid.", examples=[900])
    expires_at: datetime
    refresh_expires_at: datetime
    user: UserOut


class StepUpAnswer(_Wire):
    """The password was right; a second factor is still owed."""

    mfa_required: Literal[True] = True
    mfa_token: str = Field(description="For `POST /auth/login/mfa`, with a code.")
    expires_at: datetime


def answer(sign_in: SignIn, access_seconds: int, *, in_cookie: bool = False) -> LoginAnswer:
    """`in_cookie`: the refresh token goes another way (`sessions.cookie`)."""
    return LoginAnswer(
        token=sign_in.access.token,
        access_token=sign_in.access.token,
        refresh_token=None if in_cookie else sign_in.refresh.token,
        expires_in=access_seconds,
        expires_at=sign_in.access.expires_at,
        refresh_expires_at=sign_in.refresh.expires_at,
        user=user_out(sign_in.user),
    )


def user_out(user: User) -> UserOut:
    return UserOut(id=user.id, email=user.email, username=user.username, role=user.role)

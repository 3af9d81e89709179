"""Second factors on the wire."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has beside a password."""

    totp_since: datetime | None = None
    recovery_codes: int = 0

    @property
    def required(self) -> bool:
        return self.totp_since is not None


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class PasswordRequest(Wire):
    password: str = Field(min_length=1, max_length=1024, description="Yours, once more.")


class CodeRequest(Wire):
    code: str = Field(min_length=6, max_length=40, examples=["123456"])


class ConfirmedRequest(Wire):
    """What taking a factor away needs: both factors."""

    password: str = Field(min_length=1, max_length=1024)
    code: str = Field(min_length=6, max_length=40, description="Of the app, or a recovery code.")


class FactorsOut(Wire):
    totp: bool = Field(description="Whether an authenticator app is asked at the sign-in.")
    totp_since: datetime | None
    recovery_codes: int = Field(description="How many are left.")


class TotpSecretOut(Wire):
    secret: str = Field(description="To type into an authenticator app.")
    uri: str = Field(description="The same as a QR code carries it.", examples=["otpauth://totp/…"])


class RecoveryCodesOut(Wire):
    recovery_codes: list[str] = Field(description="Each good for one sign-in. They are shown this once.")

"""Who else may say who somebody is: providers of OpenID Connect, which the administrator lists in a file."""

import re
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from server.errors import SetupError

# What is asked for beside `openid`: an address to know an account by, and a name to call it.
SCOPES = ("openid", "email", "profile")
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class Accounts(StrEnum):
    """What happens to people who have no account here."""

    CREATE = "create"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Provider:
    """`id` stands in addresses, `name` on buttons. An empty secret: PKCE alone binds the code to us."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = SCOPES
    # Whoever has an address elsewhere is refused; empty: nobody is.
    email_domains: frozenset[str] = frozenset()
    accounts: Accounts = Accounts.KNOWN
    link_by_email: bool = False
    # Providers of one company leave `email_verified` out: every address there is theirs.
    trust_email: bool = False


def load(path: Path | None) -> tuple[Provider, ...]:
    """In the order of the file; none without one. Blocking. Raises SetupError."""
    if path is None:
        return ()
    try:
        read = _FILE.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as problem:
        raise _broken(path, _said(problem)) from problem
    for name in read:
        if not _ID.fullmatch(name):
            raise _broken(path, f"[{name}]: a provider is called by small letters, digits and hyphens")
    return tuple(one.provider(name) for name, one in read.items())


def is_secure(url: str) -> bool:
    """Whether nobody on the way can read or change what is sent there: https, or this computer itself."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _ProviderIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=60)]
    issuer: Annotated[str, Field(max_length=255)]
    client_id: Annotated[str, Field(min_length=1, max_length=500)]
    client_secret: Annotated[str, Field(max_length=1000)] = ""
    scopes: list[Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")]] = list(SCOPES)
    email_domains: list[Annotated[str, Field(pattern=r"^[^@\s]+$")]] = []
    accounts: Accounts = Accounts.KNOWN
    link_by_email: bool = False
    trust_email: bool = False

    @field_validator("issuer")
    @classmethod
    def _secure(cls, value: str) -> str:
        if not is_secure(value) or urlsplit(value).query or urlsplit(value).fragment:
            raise ValueError("must begin with https:// (http:// only for this computer), without ? and #")
        return value

    @model_validator(mode="after")
    def _bounded(self) -> "_ProviderIn":
        if self.link_by_email and not self.email_domains:
            raise ValueError("link_by_email needs email_domains: whose addresses this provider may vouch for")
        return self

    def provider(self, id_: str) -> Provider:
        given = self.model_dump()
        given["scopes"] = tuple(dict.fromkeys(("openid", *self.scopes)))
        given["email_domains"] = frozenset(domain.lower() for domain in self.email_domains)
        return Provider(id_, **given)


_FILE: TypeAdapter[dict[str, _ProviderIn]] = TypeAdapter(dict[str, _ProviderIn])


def _said(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        first: Any = problem.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(problem)


def _broken(path: Path, problem: str) -> SetupError:
    return SetupError(
        "The providers to sign in with cannot be read",
        f"{path}: {problem}",
        "Mend the file that HEDDLE_OIDC names, or leave the setting out.",
    )

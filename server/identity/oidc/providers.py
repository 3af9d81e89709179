"""Who else may say who somebody is: providers, which the administrator lists in files, one for each kind."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar
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
In = TypeVar("In", bound="ProviderIn")
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class Accounts(StrEnum):
    """What happens to people who have no account here."""

    CREATE = "create"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Provider:
    """Of any kind: `id` stands in addresses, `name` on buttons. The rest is what the rules ask."""

    id: str
    name: str
    # Whoever has an address elsewhere is refused; empty: nobody is.
    email_domains: frozenset[str] = frozenset()
    accounts: Accounts = Accounts.KNOWN
    link_by_email: bool = False
    # Providers of one company leave `email_verified` out: every address there is theirs.
    trust_email: bool = False

    @property
    def start_path(self) -> str:
        """Where a browser begins to sign in."""
        raise NotImplementedError

    @property
    def cookie_path(self) -> str:
        """What lies under it is shown the cookie that says in which browser it was begun."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdProvider(Provider):
    """An empty secret: PKCE alone binds the code to us."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = SCOPES

    @property
    def start_path(self) -> str:
        return f"/auth/oidc/{self.id}/start"

    @property
    def cookie_path(self) -> str:
        return "/auth/oidc"


def load(path: Path | None) -> tuple[OpenIdProvider, ...]:
    """In the order of the file; none without one. Blocking. Raises SetupError."""
    return tuple(one.provider(name) for name, one in read(path, _FILE, "HEDDLE_OIDC").items())


def read(path: Path | None, file: TypeAdapter[dict[str, In]], setting: str) -> dict[str, In]:
    """The tables of such a file by their names, which are fit for addresses. Blocking. Raises SetupError."""
    if path is None:
        return {}
    try:
        found = file.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as problem:
        raise broken(path, _said(problem), setting) from problem
    for name in found:
        if not _ID.fullmatch(name):
            raise broken(
                path, f"[{name}]: a provider is called by small letters, digits and hyphens", setting
            )
    return found


def by_id(*kinds: Sequence[Provider]) -> dict[str, Provider]:
    """All of them. Raises SetupError where two of different kinds have one name: people link to names."""
    found: dict[str, Provider] = {}
    for one in (one for kind in kinds for one in kind):
        if one.id in found:
            raise SetupError(
                "Two providers to sign in with have one name",
                f"[{one.id}] stands in the file of HEDDLE_OIDC and in that of HEDDLE_SAML",
                "Give one of them another name.",
            )
        found[one.id] = one
    return found


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


class ProviderIn(BaseModel):
    """What is written of a provider of any kind."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=60)]
    email_domains: list[Annotated[str, Field(pattern=r"^[^@\s]+$")]] = []
    accounts: Accounts = Accounts.KNOWN
    link_by_email: bool = False

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.link_by_email and not self.email_domains:
            raise ValueError("link_by_email needs email_domains: whose addresses this provider may vouch for")
        return self

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(domain.lower() for domain in self.email_domains)


class _OpenIdIn(ProviderIn):
    issuer: Annotated[str, Field(max_length=255)]
    client_id: Annotated[str, Field(min_length=1, max_length=500)]
    client_secret: Annotated[str, Field(max_length=1000)] = ""
    scopes: list[Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")]] = list(SCOPES)
    trust_email: bool = False

    @field_validator("issuer")
    @classmethod
    def _secure(cls, value: str) -> str:
        if not is_secure(value) or urlsplit(value).query or urlsplit(value).fragment:
            raise ValueError("must begin with https:// (http:// only for this computer), without ? and #")
        return value

    def provider(self, id_: str) -> OpenIdProvider:
        given = self.model_dump()
        given["scopes"] = tuple(dict.fromkeys(("openid", *self.scopes)))
        given["email_domains"] = self.domains
        return OpenIdProvider(id_, **given)


_FILE: TypeAdapter[dict[str, _OpenIdIn]] = TypeAdapter(dict[str, _OpenIdIn])


def _said(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        first: Any = problem.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(problem)


def broken(path: Path, problem: str, setting: str) -> SetupError:
    return SetupError(
        "The providers to sign in with cannot be read",
        f"{path}: {problem}",
        f"Mend the file that {setting} names, or leave the setting out.",
    )

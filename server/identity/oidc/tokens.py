"""What an ID token says, if it is believed (OpenID Connect Core 1.0, section 3.1.3.7). No I/O.

Keys are the provider's public ones and algorithms are those of such keys alone: a token signed with nothing,
or with a public key taken for a secret, is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, Key

from server.identity.addresses import folded
from server.identity.oidc.providers import OpenIdProvider

ALGORITHMS = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
]
# Clocks differ.
LEEWAY_S = 60
LONGEST = 16_384
LONGEST_SUBJECT = 255
LONGEST_NAME = 64


class Disbelieved(Exception):
    """The text is for the log."""


class UnknownKey(Disbelieved):
    """None of the provider's keys, as they are known here, has signed it."""


@dataclass(frozen=True, slots=True)
class Someone:
    """Whom a provider says somebody is. Issuer and subject never change; the rest may."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str


def read(
    token: str, keys: Sequence[Key], provider: OpenIdProvider, *, nonce: str, at: datetime
) -> dict[str, Any]:
    """The claims. Raises Disbelieved."""
    if len(token) > LONGEST:
        raise Disbelieved("it is too long")
    try:
        claims = dict(jwt.decode(token, _finder(keys), algorithms=ALGORITHMS).claims)
        _registry(provider, nonce, at).validate(claims)
    except JoseError as problem:
        raise Disbelieved(f"{type(problem).__name__}: {problem}"[:300]) from problem
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise Disbelieved(f"it cannot be read: {type(problem).__name__}") from problem
    _check_party(claims, provider)
    if len(claims["sub"]) > LONGEST_SUBJECT:
        raise Disbelieved("its subject is too long")
    return claims


def someone(provider: OpenIdProvider, claims: Mapping[str, Any]) -> Someone:
    """From the claims of a token, or of a token and of what the provider says beside it."""
    email = claims.get("email")
    names = (claims.get(name) for name in ("name", "preferred_username"))
    name = next((one for one in names if isinstance(one, str) and one.strip()), "")
    return Someone(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        email=folded(email) if isinstance(email, str) and 3 <= len(email) <= 254 else None,
        # Some write their booleans as text.
        email_verified=claims.get("email_verified") in (True, "true"),
        name="".join(char for char in name if char.isprintable()).strip()[:LONGEST_NAME],
    )


def _finder(keys: Sequence[Key]) -> Any:
    def find(guest: GuestProtocol) -> Key:
        kid = guest.headers().get("kid")
        if kid is None and len(keys) == 1:
            return keys[0]
        for key in keys:
            if kid is not None and key.kid == kid:
                return key
        raise UnknownKey(f"no key is called {str(kid)[:100]!r}")

    return find


def _registry(provider: OpenIdProvider, nonce: str, at: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )


def _check_party(claims: Mapping[str, Any], provider: OpenIdProvider) -> None:
    """For several, it has to say that it was made for us."""
    party = claims.get("azp")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or party is not None) and party != provider.client_id:
        raise Disbelieved("it was made for somebody else")

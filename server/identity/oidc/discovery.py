"""What a provider publishes of itself: endpoints and keys (OpenID Connect Discovery 1.0, RFC 7517)."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.jwk import Key

from server.identity.oidc.http import Http, Unreachable
from server.identity.oidc.providers import OpenIdProvider, is_secure

KEEP_S = 3600.0
# A token that names a key nobody has must not make us ask as often as somebody sends it.
ASK_AGAIN_S = 10.0
_ASYMMETRIC = ("RSA", "EC", "OKP")
_MOST_KEYS = 100

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Metadata:
    """`token_auth` is how we show our secret; `names_itself` whether its answers carry `iss` (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    token_auth: str
    names_itself: bool


@dataclass(slots=True)
class _Kept:
    metadata: Metadata | None = None
    metadata_at: float = 0.0
    keys: tuple[Key, ...] = ()
    keys_at: float = 0.0


class Directory:
    """Kept for an hour; while a provider is away, what is known of it goes on."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._kept: dict[str, _Kept] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def metadata(self, provider: OpenIdProvider) -> Metadata:
        """Raises Unreachable."""
        kept = self._kept.setdefault(provider.id, _Kept())
        async with self._locks.setdefault(provider.id, asyncio.Lock()):
            if kept.metadata is not None and time.monotonic() - kept.metadata_at < KEEP_S:
                return kept.metadata
            try:
                address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
                kept.metadata = _metadata(provider, await self._http.get(address))
            except Unreachable as problem:
                if kept.metadata is None:
                    raise
                _log.warning("provider_unreachable", provider=provider.id, problem=str(problem))
            kept.metadata_at = time.monotonic()
            return kept.metadata

    async def keys(self, provider: OpenIdProvider, *, missing: bool = False) -> tuple[Key, ...]:
        """Those it signs with; `missing`: a token names one that is not among them. Raises Unreachable."""
        metadata = await self.metadata(provider)
        kept = self._kept[provider.id]
        async with self._locks[provider.id]:
            age = time.monotonic() - kept.keys_at
            if kept.keys and age < (ASK_AGAIN_S if missing else KEEP_S):
                return kept.keys
            try:
                kept.keys = _keys(await self._http.get(metadata.jwks_uri))
            except Unreachable as problem:
                if not kept.keys:
                    raise
                _log.warning("provider_unreachable", provider=provider.id, problem=str(problem))
            kept.keys_at = time.monotonic()
            return kept.keys


def _metadata(provider: OpenIdProvider, found: Mapping[str, Any]) -> Metadata:
    """Raises Unreachable for what lacks something, or speaks for somebody else (section 4.3)."""
    if found.get("issuer") != provider.issuer:
        raise Unreachable(f"it calls itself {str(found.get('issuer'))[:200]!r}, not {provider.issuer!r}")
    addresses: dict[str, str | None] = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        address = found.get(name)
        if address is None and name == "userinfo_endpoint":
            addresses[name] = None
        elif isinstance(address, str) and is_secure(address):
            addresses[name] = address
        else:
            raise Unreachable(f"its {name} is no https address: {str(address)[:200]!r}")
    return Metadata(
        issuer=provider.issuer,
        authorization_endpoint=str(addresses["authorization_endpoint"]),
        token_endpoint=str(addresses["token_endpoint"]),
        jwks_uri=str(addresses["jwks_uri"]),
        userinfo_endpoint=addresses["userinfo_endpoint"],
        token_auth=_token_auth(provider, found.get("token_endpoint_auth_methods_supported")),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _token_auth(provider: OpenIdProvider, supported: object) -> str:
    """Without a list it is the first (Discovery section 3)."""
    if not provider.client_secret:
        return "none"
    listed = supported if isinstance(supported, list) else ["client_secret_basic"]
    by_form = "client_secret_basic" not in listed and "client_secret_post" in listed
    return "client_secret_post" if by_form else "client_secret_basic"


def _keys(found: Mapping[str, Any]) -> tuple[Key, ...]:
    """Those that can sign; a kind that is not known here spoils none of the others."""
    listed = found.get("keys")
    if not isinstance(listed, list):
        raise Unreachable("it lists no keys")
    keys = []
    for one in listed[:_MOST_KEYS]:
        if not isinstance(one, dict) or one.get("kty") not in _ASYMMETRIC or one.get("use", "sig") != "sig":
            continue
        try:
            keys.append(jwk.import_key(one))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return tuple(keys)

"""The authorization code flow with PKCE, from our side (OpenID Connect Core 1.0 section 3.1, RFC 7636)."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import structlog

from server.db import now
from server.errors import Forbidden, ServerError
from server.identity.native.requests import challenge_of
from server.identity.oidc.discovery import Directory, Metadata
from server.identity.oidc.http import Http, Unreachable
from server.identity.oidc.providers import OpenIdProvider
from server.identity.oidc.tokens import Disbelieved, Someone, UnknownKey, read, someone

_log = structlog.get_logger(__name__)
_WORD = re.compile(r"[a-z_]{1,40}")
# Of RFC 6749 section 4.1.2.1 and of OpenID Connect Core section 3.1.2.6, for people.
_REFUSALS = {
    "access_denied": "The sign-in at {name} was cancelled there, or is not allowed to you.",
    "login_required": "{name} wants you to sign in there first: begin again.",
    "consent_required": "{name} wants your consent: begin again, and give it there.",
    "interaction_required": "{name} wants to ask you something: begin again.",
    "account_selection_required": "{name} wants you to choose an account: begin again.",
}
_TROUBLE = ("server_error", "temporarily_unavailable")


class Client:
    def __init__(self, http: Http, *, clock: Callable[[], datetime] = now) -> None:
        self._http = http
        self._directory = Directory(http)
        self._clock = clock

    async def address(
        self, provider: OpenIdProvider, *, redirect_uri: str, state: str, nonce: str, verifier: str
    ) -> str:
        """Where the browser goes to be asked who it is. Raises ServerError (502) where nobody answers."""
        endpoint = (await self._metadata(provider)).authorization_endpoint
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(provider.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    async def who(
        self,
        provider: OpenIdProvider,
        answer: Mapping[str, str],
        *,
        redirect_uri: str,
        nonce: str,
        verifier: str,
    ) -> Someone:
        """Whom the provider's answer says somebody is.

        Raises Forbidden or ServerError (502), in words; what exactly was wrong stands in the log.
        """
        try:
            metadata = await self._directory.metadata(provider)
            _check_answer(provider, metadata, answer)
            tokens = await self._redeem(provider, metadata, answer.get("code", ""), redirect_uri, verifier)
            claims = await self._believed(provider, str(tokens.get("id_token", "")), nonce)
            return someone(provider, await self._completed(metadata, tokens, claims))
        except Unreachable as problem:
            raise _unreachable(provider, problem) from problem
        except Disbelieved as problem:
            _log.warning("id_token_refused", provider=provider.id, problem=str(problem))
            raise _failed(provider) from problem

    async def _metadata(self, provider: OpenIdProvider) -> Metadata:
        try:
            return await self._directory.metadata(provider)
        except Unreachable as problem:
            raise _unreachable(provider, problem) from problem

    async def _redeem(
        self, provider: OpenIdProvider, metadata: Metadata, code: str, redirect_uri: str, verifier: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers: dict[str, str] = {}
        if metadata.token_auth == "client_secret_basic":  # noqa: S105 (the name of a method)
            headers["Authorization"] = _basic(provider)
        else:
            form["client_id"] = provider.client_id
        if metadata.token_auth == "client_secret_post":  # noqa: S105 (the name of a method)
            form["client_secret"] = provider.client_secret
        status, found = await self._http.post(metadata.token_endpoint, form, headers)
        if status != 200:
            said = f"{found.get('error')}: {found.get('error_description')}"[:300]
            _log.warning("code_refused", provider=provider.id, status=status, said=said)
            raise _failed(provider)
        return found

    async def _believed(self, provider: OpenIdProvider, token: str, nonce: str) -> dict[str, Any]:
        """A provider changes its keys when it likes: one that is not known yet is asked for once."""
        at = self._clock()
        try:
            return read(token, await self._directory.keys(provider), provider, nonce=nonce, at=at)
        except UnknownKey:
            keys = await self._directory.keys(provider, missing=True)
            return read(token, keys, provider, nonce=nonce, at=at)

    async def _completed(
        self, metadata: Metadata, tokens: Mapping[str, Any], claims: dict[str, Any]
    ) -> dict[str, Any]:
        """Some say an address only where they are asked for it (section 5.4)."""
        if claims.get("email") or metadata.userinfo_endpoint is None:
            return claims
        headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        said = await self._http.get(metadata.userinfo_endpoint, headers)
        if said.get("sub") != claims["sub"]:
            raise Disbelieved("what it says beside the token is about somebody else")
        return {**said, **claims}


def _check_answer(provider: OpenIdProvider, metadata: Metadata, answer: Mapping[str, str]) -> None:
    """Raises Forbidden or ServerError for a refusal, and for the answer of another provider (RFC 9207)."""
    issuer = answer.get("iss")
    if (issuer is not None or metadata.names_itself) and issuer != metadata.issuer:
        _log.warning("foreign_answer", provider=provider.id, issuer=str(issuer)[:200])
        raise _failed(provider)
    error = answer.get("error")
    if error is None:
        return
    description = answer.get("error_description", "")[:300]
    _log.info("provider_refused", provider=provider.id, error=error[:40], description=description)
    if error in _REFUSALS:
        raise Forbidden(_REFUSALS[error].format(name=provider.name), code="provider_refused")
    if error in _TROUBLE:
        raise _unreachable(provider, error)
    raise _failed(provider, error if _WORD.fullmatch(error) else "")


def _basic(provider: OpenIdProvider) -> str:
    """RFC 6749 section 2.3.1: encoded as in a form first."""
    pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _unreachable(provider: OpenIdProvider, problem: object) -> ServerError:
    _log.warning("provider_unreachable", provider=provider.id, problem=str(problem))
    return ServerError(
        f"{provider.name} cannot be reached just now. Try again in a minute, or sign in another way.",
        status=502,
        code="provider_unreachable",
    )


def _failed(provider: OpenIdProvider, error: str = "") -> ServerError:
    word = f" ({error})" if error else ""
    return ServerError(
        f"{provider.name} did not confirm who you are{word}. Begin again; if that does not help, tell "
        "whoever runs this server: its log says more.",
        status=502,
        code="provider_failed",
    )

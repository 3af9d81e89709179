"""A provider of OpenID Connect in memory that says whatever a test wants it to say.

What a good one does, the real one of tests/node shows; this one lies on demand.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ISSUER = "https://id.example.org"
CLIENT_ID, SECRET = "heddle at work", "a secret: with + and /"
# What an administrator writes to sign people in there.
PROVIDERS = f"""
[company]
name = "Company"
issuer = "{ISSUER}"
client_id = "{CLIENT_ID}"
client_secret = "{SECRET}"
accounts = "create"

[other]
name = "Other"
issuer = "https://other.example.org"
client_id = "x"
"""

START, CALLBACK = "/auth/oidc/company/start", "/auth/oidc/company/callback"
ADA = {"email": "ada@example.org", "email_verified": True, "name": "Ada"}

Forge = Callable[["Provider", dict[str, Any]], str]


@dataclass
class _Asked:
    redirect_uri: str
    challenge: str
    nonce: str
    claims: dict[str, Any]


@dataclass
class Provider:
    """`claims` are said of everybody, `forge` makes the token instead of `sign`; `asked` counts requests."""

    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    forge: Forge | None = None
    asked: list[str] = field(default_factory=list)
    keys: list[ECKey] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rotate()
        self._codes: dict[str, _Asked] = {}
        routes = [
            Route("/.well-known/openid-configuration", self._describe),
            Route("/jwks", self._jwks),
            Route("/token", self._token, methods=["POST"]),
            Route("/userinfo", self._userinfo),
        ]
        self.app = Starlette(routes=routes)

    def rotate(self) -> None:
        """Signs with a new key, and knows no other any more."""
        self.keys = [ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"})]

    def approve(self, address: str, **claims: Any) -> str:
        """As its own page would when somebody has signed in there: the query to come back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT_ID
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Asked(asked["redirect_uri"], asked["code_challenge"], asked["nonce"], claims)
        return urlencode({"code": code, "state": asked["state"]})

    def sign(self, claims: dict[str, Any], key: Key | None = None, **header: Any) -> str:
        key = key or self.keys[0]
        return jwt.encode({"alg": "ES256", "kid": key.kid, **header}, claims, key)

    async def _describe(self, _request: Request) -> Response:
        self.asked.append("metadata")
        found = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
        }
        return JSONResponse(found | self.metadata)

    async def _jwks(self, _request: Request) -> Response:
        self.asked.append("jwks")
        odd = [{"kty": "oct", "k": "AAAA"}, {"kty": "??"}, "no key", {"kty": "RSA"}]
        return JSONResponse({"keys": [*odd, *(key.as_dict(private=False) for key in self.keys)]})

    async def _token(self, request: Request) -> Response:
        self.asked.append("token")
        form = parse_qs((await request.body()).decode())
        sent = {name: values[0] for name, values in form.items()}
        asked = self._codes.pop(sent["code"], None)
        made = hashlib.sha256(sent["code_verifier"].encode()).digest()
        proved = asked and base64.urlsafe_b64encode(made).decode().rstrip("=") == asked.challenge
        if asked is None or not proved or sent["redirect_uri"] != asked.redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        said = {"iss": ISSUER, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked.nonce}
        claims = {**said, "sub": "1", **self.claims, **asked.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.forge(self, claims) if self.forge else self.sign(claims)
        return JSONResponse({"access_token": "at", "token_type": "Bearer", "id_token": token})

    async def _userinfo(self, request: Request) -> Response:
        self.asked.append("userinfo")
        assert request.headers["authorization"] == "Bearer at"
        return JSONResponse(self.userinfo)


async def begin(client: httpx.AsyncClient, **query: str) -> str:
    begun = await client.get(START, params=query)
    assert begun.status_code == 303, begun.text
    return begun.headers["location"]

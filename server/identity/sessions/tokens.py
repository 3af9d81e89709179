"""JSON Web Tokens: what a sign-in hands out, and what comes back is believed only with its signature.

Access tokens are short-lived and carry whose they are; refresh tokens live longer and are good for one use.
Issuer, audience and `userId` are those of the specification; `sid` names the sign-in, which ends its tokens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import GuestProtocol, OctKey

from server.errors import Unauthenticated
from server.identity.sessions.signing import LOOK_AGAIN_S, KeyRing

ISSUER = "loom-api"
AUDIENCE = "loom-client"
# Tokens between the password and the second factor: for another audience, so that nothing else takes them.
STEP_UP_AUDIENCE = "loom-mfa"
STEP_UP_S = 300
ALGORITHM = "HS256"
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Claims:
    """What a believed token says. `generation` counts how often its sign-in was refreshed before it.

    `expires_at` is known of one that was read.
    """

    user_id: str
    session_id: str
    generation: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A token and when it ends."""

    token: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Signed(expires_at={self.expires_at})"  # a token must not reach a log


class UnknownKeyError(JoseError):
    error = "unknown_key"


class Tokens:
    def __init__(
        self, ring: KeyRing, *, access_s: float, refresh_s: float, clock: Callable[[], datetime]
    ) -> None:
        self._ring = ring
        self.access_lifetime = timedelta(seconds=access_s)
        self.refresh_lifetime = timedelta(seconds=refresh_s)
        self._clock = clock

    def access(self, claims: Claims) -> Signed:
        return self._sign(_payload(claims), self._ring.access, AUDIENCE, self.access_lifetime)

    def refresh(self, claims: Claims) -> Signed:
        return self._sign(
            _payload(claims) | {"jti": uuid4().hex}, self._ring.refresh, AUDIENCE, self.refresh_lifetime
        )

    def step_up(self, user_id: str) -> Signed:
        """For whoever has given the right password and still owes a second factor."""
        payload = {"userId": user_id}
        return self._sign(payload, self._ring.access, STEP_UP_AUDIENCE, timedelta(seconds=STEP_UP_S))

    async def look(self) -> int:
        """Whether there are other keys by now; the number of the set that is believed."""
        await self._ring.look()
        return self._ring.edition

    async def read_access(self, token: str) -> Claims:
        """Raises Unauthenticated, with the code `token_expired` for one that was valid."""
        return _claims(await self._read(token, self._ring.access, AUDIENCE))

    async def read_refresh(self, token: str) -> Claims:
        """As `read_access`."""
        return _claims(await self._read(token, self._ring.refresh, AUDIENCE))

    async def read_step_up(self, token: str) -> str:
        """The user's id. Raises as `read_access`."""
        return str((await self._read(token, self._ring.access, STEP_UP_AUDIENCE)).get("userId"))

    def _sign(
        self, payload: dict[str, Any], key: Callable[[str], OctKey | None], audience: str, lifetime: timedelta
    ) -> Signed:
        kid, at = self._ring.current, self._clock()
        signing = key(kid)
        assert signing is not None  # noqa: S101 (the ring knows the key it names)
        expires_at = at + lifetime
        # Whole seconds: not every library takes the fractions that RFC 7519 allows.
        times = {"iat": int(at.timestamp()), "exp": int(expires_at.timestamp())}
        claims = {"iss": ISSUER, "aud": audience, **times}
        token = jwt.encode({"alg": ALGORITHM, "kid": kid}, payload | claims, signing, algorithms=[ALGORITHM])
        return Signed(token, expires_at)

    async def _read(self, token: str, key: Callable[[str], OctKey | None], audience: str) -> dict[str, Any]:
        await self._ring.look()
        try:
            return self._verified(token, key, audience)
        except UnknownKeyError:
            await self._ring.look(within_s=LOOK_AGAIN_S)
        try:
            return self._verified(token, key, audience)
        except UnknownKeyError:
            raise _invalid() from None

    def _verified(self, token: str, key: Callable[[str], OctKey | None], audience: str) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise _invalid()

        def find(guest: GuestProtocol) -> OctKey:
            found = key(str(guest.headers().get("kid")))
            if found is None:
                raise UnknownKeyError
            return found

        try:
            claims = dict(jwt.decode(token, find, algorithms=[ALGORITHM]).claims)
            self._registry(audience).validate({name: claims.get(name) for name in ("iss", "aud", "exp")})
        except UnknownKeyError:
            raise
        except ExpiredTokenError:
            raise expired() from None
        # ValueError: bytes that are no text, numbers that are none. TypeError: a "crit" that is no list.
        except (JoseError, ValueError, TypeError):
            raise _invalid() from None
        return claims

    def _registry(self, audience: str) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )


def expired() -> Unauthenticated:
    return refusal("This token has expired: refresh it, or sign in again.", "token_expired")


def refusal(sentence: str, code: str) -> Unauthenticated:
    """RFC 6750 section 3.1: a token was sent and is not good."""
    return Unauthenticated(sentence, code=code, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def _payload(claims: Claims) -> dict[str, Any]:
    return {"userId": claims.user_id, "sid": claims.session_id, "gen": claims.generation}


def _claims(payload: dict[str, Any]) -> Claims:
    user_id, session_id, generation = payload.get("userId"), payload.get("sid"), payload.get("gen")
    if not isinstance(user_id, str) or not isinstance(session_id, str) or not isinstance(generation, int):
        raise _invalid()
    try:
        ends = datetime.fromtimestamp(payload["exp"], UTC)
    except (OverflowError, OSError, TypeError, ValueError):  # beyond what a calendar has
        raise _invalid() from None
    return Claims(user_id, session_id, generation, ends)


def _invalid() -> Unauthenticated:
    return refusal("This token is not valid: sign in again.", "unauthenticated")

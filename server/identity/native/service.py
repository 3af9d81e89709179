"""Signing a program in through a browser: by a redirect to the same computer, or by a code typed in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, now
from server.errors import NotFound
from server.identity.models import SessionRow
from server.identity.native.models import GrantRow
from server.identity.native.requests import AuthorizationRequest, OAuthError, matches, new_user_code, plain
from server.identity.sessions.schemas import Device, SignIn
from server.identity.sessions.service import Sessions, digest, end_in

CODE_LIFE = timedelta(minutes=1)
DEVICE_LIFE = timedelta(minutes=10)
POLL_EVERY = timedelta(seconds=5)
# What transactions are about that hand out codes, or take them: programs ask every few seconds.
GRANTS = "sign-ins by code"
# Programs that wait at once; more are refused until some of them are done.
MOST_WAITING = 1000

_WRONG_CODE = "This code is wrong, was used already, or has expired."


@dataclass(frozen=True, slots=True)
class DeviceGrant:
    """What a program shows, and what it asks with."""

    device_code: str
    user_code: str
    expires_in: timedelta


class NativeSignIn:
    def __init__(self, db: Database, sessions: Sessions, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._sessions = sessions
        self._clock = clock

    async def grant(self, user_id: str, asked: AuthorizationRequest, client: str) -> str:
        """A code for the redirect, good for a minute and for whoever asked."""
        code, at = secrets.token_urlsafe(32), self._clock()
        async with self._db.write(GRANTS) as session:
            await _prune(session, at)
            session.add(
                GrantRow(
                    code_hash=digest(code),
                    challenge=asked.challenge,
                    redirect_uri=asked.redirect_uri,
                    device_name=asked.device_name,
                    client=client,
                    user_id=user_id,
                    created_at=at,
                    expires_at=at + CODE_LIFE,
                )
            )
        return code

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> SignIn:
        """Raises OAuthError `invalid_grant`. A code that comes twice ends what it was redeemed for."""
        async with self._db.write(GRANTS) as session:
            row = await _by_code(session, code)
            if row is None or row.challenge is None or row.expires_at <= self._clock():
                raise OAuthError("invalid_grant", _WRONG_CODE)
            reused = row.session_id is not None
            good = not reused and row.redirect_uri == redirect_uri and matches(verifier, row.challenge)
            if reused:
                await _end(session, row)
            # Good for one try: whoever guesses at the verifier does not get another.
            row.expires_at = self._clock() if not good else row.expires_at
            grant = _Granted(row.id, row.user_id or "", Device(row.device_name, row.client))
        if not good:
            raise OAuthError("invalid_grant", _WRONG_CODE)
        return await self._open(grant)

    async def begin_device(self, device: Device) -> DeviceGrant:
        """Codes for a program without a browser. Raises OAuthError where too many wait."""
        code, user_code, at = secrets.token_urlsafe(32), new_user_code(), self._clock()
        async with self._db.write(GRANTS) as session:
            await _prune(session, at)
            waiting = await session.scalars(select(GrantRow.id).limit(MOST_WAITING))
            if len(waiting.all()) >= MOST_WAITING:
                raise OAuthError(
                    "temporarily_unavailable", "Too many devices wait: try again in a minute.", 503
                )
            session.add(
                GrantRow(
                    code_hash=digest(code),
                    user_code_hash=digest(plain(user_code)),
                    device_name=device.name,
                    client=device.client,
                    created_at=at,
                    expires_at=at + DEVICE_LIFE,
                )
            )
        return DeviceGrant(code, user_code, DEVICE_LIFE)

    async def waiting(self, user_code: str) -> Device:
        """Which program shows this code. Raises NotFound."""
        async with self._db.read() as session:
            row = await self._waiting(session, user_code)
            return Device(row.device_name, row.client)

    async def decide(self, user_code: str, user_id: str, *, approved: bool) -> None:
        """A person lets the program in, or not. Raises NotFound."""
        async with self._db.write(GRANTS) as session:
            row = await self._waiting(session, user_code)
            row.user_id, row.denied = (user_id, False) if approved else (None, True)

    async def poll(self, device_code: str) -> SignIn:
        """Raises OAuthError: `authorization_pending`, `slow_down`, `access_denied`, `expired_token`."""
        at = self._clock()
        async with self._db.write(GRANTS) as session:
            row = await _by_code(session, device_code)
            if row is None or row.user_code_hash is None or row.session_id is not None:
                raise OAuthError("invalid_grant", _WRONG_CODE)
            too_soon = row.polled_at is not None and at - row.polled_at < POLL_EVERY * 0.8
            row.polled_at = at
            problem = _problem(row, at, too_soon=too_soon)
            grant = _Granted(row.id, row.user_id or "", Device(row.device_name, row.client))
        if problem is not None:
            raise problem
        return await self._open(grant)

    async def _open(self, grant: "_Granted") -> SignIn:
        signed_in = await self._sessions.open(grant.user_id, grant.device)
        async with self._db.write(GRANTS) as session:
            row = await session.get(GrantRow, grant.id, with_for_update=True)
            first = row is not None and row.session_id is None
            if row is not None and first:
                row.session_id = signed_in.user.session_id
            else:  # another asked with the same code in the same moment
                await end_in(session, grant.user_id, [str(signed_in.user.session_id)])
        if not first:
            raise OAuthError("invalid_grant", _WRONG_CODE)
        return signed_in

    async def _waiting(self, session: AsyncSession, user_code: str) -> GrantRow:
        query = select(GrantRow).where(GrantRow.user_code_hash == digest(plain(user_code)))
        row = (await session.scalars(query)).one_or_none()
        decided = row is not None and (row.user_id is not None or row.denied)
        if row is None or decided or row.expires_at <= self._clock():
            raise NotFound("No device shows this code, or it has expired.", code="device_code_not_found")
        return row


@dataclass(frozen=True, slots=True)
class _Granted:
    id: str
    user_id: str
    device: Device


def _problem(row: GrantRow, at: datetime, *, too_soon: bool) -> OAuthError | None:
    if row.expires_at <= at:
        return OAuthError("expired_token", "This code has expired: begin again.")
    if row.denied:
        return OAuthError("access_denied", "The sign-in was refused in the browser.")
    if too_soon:
        return OAuthError("slow_down", f"Ask every {POLL_EVERY.seconds} seconds.")
    if row.user_id is None:
        return OAuthError("authorization_pending", "Nobody has typed in the code yet.")
    return None


async def _by_code(session: AsyncSession, code: str) -> GrantRow | None:
    query = select(GrantRow).where(GrantRow.code_hash == digest(code)).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def _end(session: AsyncSession, row: GrantRow) -> None:
    """Where it still lives: it may have been signed out meanwhile."""
    if await session.get(SessionRow, row.session_id) is not None:
        await end_in(session, row.user_id or "", [str(row.session_id)], by_themselves=False)


async def _prune(session: AsyncSession, at: datetime) -> None:
    await session.execute(delete(GrantRow).where(GrantRow.expires_at < at - DEVICE_LIFE))

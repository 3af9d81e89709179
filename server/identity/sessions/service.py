"""Sign-ins: opened with a password, kept alive by refreshing, ended at once from anywhere."""

import hashlib
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id, new_id, now
from server.errors import Forbidden, NotFound, Unauthenticated
from server.identity.models import SessionRow, UserRow
from server.identity.schemas import Role, User
from server.identity.security import SecurityEvent, tell
from server.identity.sessions import repository
from server.identity.sessions.rotation import Family, Verdict, judge, rotated
from server.identity.sessions.schemas import Device, SessionView, SignIn
from server.identity.sessions.tokens import Claims, Tokens, expired, refusal
from server.memo import Memo

# Reading does not write: when a sign-in was used last is noted at most this often.
TOUCH_EVERY = timedelta(minutes=5)
# Devices of one person; one more ends the sign-in that was not used for longest.
MOST = 100
# Tokens whose persons are remembered while nothing changes.
MOST_KNOWN = 1000

# Writes what belongs to a sign-in that is opened (its id), in the same transaction.
Noting = Callable[[AsyncSession, str], None]

_ENDED = "You are signed out: sign in again."
_REUSED = "This sign-in was ended, because its refresh token was used twice: sign in again."


class Sessions:
    def __init__(self, db: Database, tokens: Tokens, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._tokens = tokens
        self._clock = clock
        self._known: Memo[User] = Memo(db.version, most=MOST_KNOWN)

    async def open(
        self, user_id: str, device: Device | None = None, *, noting: Noting | None = None
    ) -> SignIn:
        """Signs an account in; raises Unauthenticated when it is gone."""
        device, at = device or Device(), self._clock()
        async with self._db.write(user_id) as session:
            user = await session.get(UserRow, user_id)
            if user is None:
                raise Unauthenticated(_ENDED)
            refuse_disabled(user)
            await repository.drop_expired(session, user_id, at)
            oldest = (await repository.of_user(session, user_id, at))[MOST - 1 :]
            await end_in(session, user_id, [row.id for row in oldest])
            claims = Claims(user_id, new_id(), 0)
            refresh = self._tokens.refresh(claims)
            session.add(
                SessionRow(
                    id=claims.session_id,
                    user_id=user_id,
                    refresh_hash=digest(refresh.token),
                    device_name=device.name,
                    client=device.client,
                    created_at=at,
                    last_used_at=at,
                    expires_at=refresh.expires_at,
                )
            )
            if noting is not None:
                noting(session, claims.session_id)
            told = {"sessionId": claims.session_id, "deviceName": device.name, "client": device.client}
            tell(session, SecurityEvent.SIGNED_IN, user_id, by_themselves=True, **told)
        return SignIn(self._tokens.access(claims), refresh, user_of(user, claims.session_id))

    async def user_of(self, access_token: str) -> User:
        """Whom a token signs in. Raises Unauthenticated, with `token_expired` where refreshing helps."""
        shown_by, at = (access_token, await self._tokens.look()), self._clock()
        if (known := self._remembered(shown_by, at)) is not None:
            return known
        async with self._known.turn(shown_by):
            if (known := self._remembered(shown_by, at)) is not None:
                return known
            begun = self._known.begin()
            shown = await self._signed_in(access_token, at)
            self._known.keep(shown_by, shown, begun)
        return shown

    def _remembered(self, shown_by: Hashable, at: datetime) -> User | None:
        known = self._known.get(shown_by)
        return known if known is not None and known.until and known.until > at else None

    async def _signed_in(self, access_token: str, at: datetime) -> User:
        claims = await self._tokens.read_access(access_token)
        found = await self._db.fetch(lambda session: repository.signed_in(session, claims.session_id, at))
        if found is None or found[0].id != claims.user_id:
            raise refusal(_ENDED, "session_ended")
        user, row = found
        arrived = claims.generation == row.generation and not row.seen
        if arrived or (claims.generation == row.generation and at - row.last_used_at > TOUCH_EVERY):
            async with self._db.write(user.id) as session:
                await repository.touch(session, row.id, claims.generation, at)
        ends = min(claims.expires_at or row.expires_at, row.expires_at)
        return user_of(user, row.id, until=ends)

    async def refresh(self, token: str, request: str | None = None) -> SignIn:
        """A new pair for a refresh token, which is used up by it; `request` is the key to repeat it under.

        Raises Unauthenticated: `token_expired`, `session_ended`, or `token_reused`, which ends the sign-in.
        """
        claims, at = await self._tokens.read_refresh(token), self._clock()
        presented, request = digest(token), digest(request) if request else None
        async with self._db.write(claims.user_id) as session:
            found = await repository.held(session, claims.session_id)
            if found is None or found[0].id != claims.user_id:
                raise refusal(_ENDED, "session_ended")
            user, row = found
            family = repository.family_of(row)
            verdict = judge(family, presented, request, at)
            if verdict is Verdict.ROTATE:
                return self._rotate(user, row, family, presented, request)
            if verdict is Verdict.REVOKE:
                told = {"sessionId": row.id, "client": row.client}
                tell(session, SecurityEvent.TOKEN_REUSED, user.id, by_themselves=False, **told)
                await end_in(session, user.id, [row.id], by_themselves=False)
        raise expired() if verdict is Verdict.EXPIRED else refusal(_REUSED, "token_reused")

    async def age(self, user: User) -> timedelta:
        """How long ago whoever asks has proved who they are. Raises Unauthenticated when they signed out."""
        async with self._db.read() as session:
            row = await session.get(SessionRow, user.session_id) if user.session_id else None
        if row is None:
            raise refusal(_ENDED, "session_ended")
        return self._clock() - row.created_at

    async def views(self, user_id: str) -> list[SessionView]:
        """The one used last first."""
        async with self._db.read() as session:
            return [_view(row) for row in await repository.of_user(session, user_id, self._clock())]

    async def end(self, user_id: str, session_id: str) -> None:
        """Raises NotFound, also for one of somebody else."""
        async with self._db.write(user_id) as session:
            row = await session.get(SessionRow, session_id) if is_id(session_id) else None
            if row is None or row.user_id != user_id:
                raise NotFound("There is no such sign-in.", code="session_not_found")
            await end_in(session, user_id, [session_id])

    async def end_all(self, user_id: str, *, but: str | None = None) -> None:
        """Ends every sign-in of an account, `but` one."""
        async with self._db.write(user_id) as session:
            rows = await repository.of_user(session, user_id, self._clock())
            await end_in(session, user_id, [row.id for row in rows if row.id != but])

    def _rotate(
        self, user: UserRow, row: SessionRow, family: Family, presented: str, request: str | None
    ) -> SignIn:
        claims = Claims(user.id, row.id, family.generation + 1)
        refresh = self._tokens.refresh(claims)
        after = rotated(family, presented, request, digest(refresh.token), refresh.expires_at)
        repository.keep(row, after)
        row.last_used_at = self._clock()
        return SignIn(self._tokens.access(claims), refresh, user_of(user, row.id))


async def end_in(session: AsyncSession, user_id: str, ids: list[str], *, by_themselves: bool = True) -> None:
    """Ends sign-ins within a transaction, and tells of each, as `tell` does."""
    if not ids:
        return
    await repository.end(session, ids)
    for session_id in ids:
        told = {"sessionId": session_id}
        tell(session, SecurityEvent.SIGNED_OUT, user_id, by_themselves=by_themselves, **told)


def digest(token: str) -> str:
    # A fast hash is right here: 256 random bits cannot be guessed from their digest.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def user_of(row: UserRow, session_id: str | None = None, *, until: datetime | None = None) -> User:
    disabled = row.disabled_at is not None
    return User(row.id, row.email, row.username, Role(row.role), session_id, until=until, disabled=disabled)


def refuse_disabled(row: UserRow) -> None:
    """Only to whoever has shown that the account is theirs. Raises Forbidden."""
    if row.disabled_at is not None:
        raise Forbidden("This account is disabled: ask whoever runs this server.", code="account_disabled")


def _view(row: SessionRow) -> SessionView:
    device = Device(row.device_name, row.client)
    return SessionView(row.id, device, row.created_at, row.last_used_at, row.expires_at)

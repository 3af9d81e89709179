"""A second factor: codes of an authenticator app (RFC 6238), each taken once, and recovery codes."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, now
from server.errors import Conflict, Unauthenticated
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.mfa import codes
from server.identity.mfa.models import RecoveryCodeRow, TotpRow
from server.identity.mfa.schemas import Factors
from server.identity.security import SecurityEvent, tell

WRONG = "This code is wrong, or was used already: wait for the next one."


class SecondFactor:
    """Who may ask is decided by the caller, who also counts wrong tries."""

    def __init__(self, db: Database, seal: codes.Seal, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._seal = seal
        self._clock = clock

    async def of(self, user_id: str) -> Factors:
        async with self._db.read() as session:
            row = await session.get(TotpRow, user_id)
            if row is None or row.confirmed_at is None:
                return Factors()
            query = (
                select(func.count()).select_from(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id)
            )
            return Factors(row.confirmed_at, (await session.execute(query)).scalar_one())

    async def begin(self, user_id: str, email: str) -> tuple[str, str]:
        """A secret and its URI, for an app; nothing is asked for until `confirm`.

        Raises Conflict when there is one already.
        """
        secret = codes.new_secret()
        async with self._db.write(user_id) as session:
            row = await session.get(TotpRow, user_id)
            if row is not None and row.confirmed_at is not None:
                raise Conflict(
                    "There is an authenticator app already: remove it before you add another.",
                    code="mfa_enabled",
                )
            if row is None:
                row = TotpRow(user_id=user_id)
                session.add(row)
            row.secret, row.last_step, row.created_at = self._seal.close(secret), 0, self._clock()
        return secret, codes.uri(secret, email)

    async def confirm(self, user_id: str, code: str) -> list[str]:
        """Switches it on with the app's first code; answers recovery codes.

        Raises Conflict or Unauthenticated.
        """
        async with self._db.write(user_id) as session:
            row = await session.get(TotpRow, user_id)
            if row is None or row.confirmed_at is not None:
                raise Conflict(
                    "There is no authenticator app that waits for its first code.", code="mfa_not_begun"
                )
            self._take_totp(row, code)
            row.confirmed_at = self._clock()
            tell(session, SecurityEvent.MFA_ENABLED, user_id)
            return await _replace_codes(session, user_id)

    async def check(self, user_id: str, code: str) -> None:
        """Takes a code of the app or a recovery code, each once. Raises Unauthenticated with `wrong_code`."""
        async with self._db.write(user_id) as session:
            row = await session.get(TotpRow, user_id, with_for_update=True)
            if row is None or row.confirmed_at is None:
                raise _wrong()
            if codes.is_recovery_code(code):
                await _take_recovery(session, user_id, code)
            else:
                self._take_totp(row, code)

    async def new_recovery_codes(self, user_id: str) -> list[str]:
        """The ones before are void. Raises Conflict where there is no second factor."""
        async with self._db.write(user_id) as session:
            await _confirmed(session, user_id)
            audit(session, Act.RECOVERY_CODES_RENEWED, actor_id=user_id, user_id=user_id)
            return await _replace_codes(session, user_id)

    async def remove(self, user_id: str, *, by_themselves: bool = True, by: str | None = None) -> None:
        """`by` is the administrator who does it, where that is known. Raises Conflict where there is none."""
        async with self._db.write(user_id) as session:
            await session.delete(await _confirmed(session, user_id))
            await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
            tell(session, SecurityEvent.MFA_DISABLED, user_id, by_themselves=by_themselves, by=by)

    def _take_totp(self, row: TotpRow, code: str) -> None:
        secret = self._seal.open(row.secret)
        step = None if secret is None else codes.step_of(secret, code, self._clock(), after=row.last_step)
        if step is None:
            raise _wrong()
        row.last_step = step


async def _confirmed(session: AsyncSession, user_id: str) -> TotpRow:
    row = await session.get(TotpRow, user_id)
    if row is None or row.confirmed_at is None:
        raise Conflict("There is no second factor.", code="mfa_not_enabled")
    return row


async def _take_recovery(session: AsyncSession, user_id: str, code: str) -> None:
    query = (
        delete(RecoveryCodeRow)
        .where(RecoveryCodeRow.user_id == user_id, RecoveryCodeRow.code_hash == codes.digest(code))
        .returning(RecoveryCodeRow.id)
    )
    if (await session.execute(query)).first() is None:
        raise _wrong()
    tell(session, SecurityEvent.RECOVERY_CODE_USED, user_id)


async def _replace_codes(session: AsyncSession, user_id: str) -> list[str]:
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    made = codes.new_recovery_codes()
    session.add_all(RecoveryCodeRow(user_id=user_id, code_hash=codes.digest(code)) for code in made)
    return made


def _wrong() -> Unauthenticated:
    return Unauthenticated(WRONG, code="wrong_code")

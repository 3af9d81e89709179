"""People whose accounts a directory keeps: found, made, changed, and taken away.

All accounts of this server are in it, as far as the directory has not removed them: it finds those that were
here before by their address, and goes on with them. What it takes away is disabled; recordings stay.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id, now
from server.errors import Conflict, Forbidden, NotFound
from server.identity import events
from server.identity.accounts import letters
from server.identity.accounts import repository as accounts
from server.identity.accounts.administration import Administration, enable_in
from server.identity.accounts.repository import Purpose
from server.identity.acts import Act
from server.identity.addresses import checked, folded, reachable
from server.identity.audit import audit
from server.identity.models import UserRow
from server.identity.newcomers import welcome
from server.identity.repository import user_by_email
from server.identity.schemas import Role
from server.identity.scim import repository
from server.identity.scim.groups.service import Groups
from server.identity.scim.models import DirectoryRow
from server.identity.scim.repository import Pair
from server.identity.scim.schemas import Conditions, Entry, Wanted
from server.mail.queue import post

HOW = "scim"
# What is to become of somebody, from what they are.
Edit = Callable[[Entry], Wanted]


class Directory:
    """Whoever calls has checked that `by` may keep all accounts; `base` is for letters."""

    def __init__(
        self,
        db: Database,
        administration: Administration,
        groups: Groups,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db = db
        self._administration = administration
        self._groups = groups
        self._clock = clock

    async def page(self, conditions: Conditions, offset: int, count: int) -> tuple[list[Entry], int]:
        """The oldest first, and how many there are in all."""
        async with self._db.read() as session:
            found, total = await repository.page(session, conditions, offset, count)
            return [_entry(pair) for pair in found], total

    async def get(self, user_id: str) -> Entry:
        """Raises NotFound."""
        async with self._db.read() as session:
            return _entry(await _known(session, user_id))

    async def create(self, wanted: Wanted, *, by: str, base: str) -> Entry:
        """Somebody whom the directory has removed comes back to their account.

        Raises InvalidRequest for an address that is none, Conflict for somebody who is there.
        """
        email, key = checked(wanted.email), folded(wanted.user_name)
        async with self._db.write() as session:
            same = await repository.called(session, key, email)
            if any(row is None or row.removed_at is None for _, row in same) or len(same) > 1:
                raise _taken(wanted.user_name)
            if same:
                pair = same[0]
            else:
                person = UserRow(email=email, username=wanted.display, password_hash="", role=Role.MEMBER)
                await welcome(session, person, how=HOW, by=by)
                pair = (person, None)
            return await self._write(session, pair, wanted, by=by, base=base, new=not same)

    async def change(self, user_id: str, edit: Edit, *, by: str, base: str) -> Entry:
        """As `create`; and NotFound, and Forbidden for what an owner of the server does themselves."""
        async with self._db.write() as session:
            pair = await _known(session, user_id)
            before = _entry(pair)
            wanted = edit(before)
            email, key = checked(wanted.email), folded(wanted.user_name)
            same = await repository.called(session, key, email)
            if any(person.id != user_id for person, _ in same):
                raise _taken(wanted.user_name)
            return await self._write(session, pair, wanted, by=by, base=base)

    async def remove(self, user_id: str, *, by: str) -> None:
        """The account is disabled and in no group, and the directory sees it no more.

        Raises NotFound, Conflict.
        """
        async with self._db.write() as session:
            person, row = await _known(session, user_id)
            await self._administration.disable_in(session, person, by=by)
            await self._groups.remove_person(session, person.id, by=by)
            row = row or _named(session, person)
            row.updated_at = row.removed_at = self._clock()

    async def _write(
        self, session: AsyncSession, pair: Pair, wanted: Wanted, *, by: str, base: str, new: bool = False
    ) -> Entry:
        person, row = pair
        before = _entry(pair)
        row = row or _named(session, person)
        row.user_name, row.name_key = wanted.user_name, folded(wanted.user_name)
        row.external_id = wanted.external_id
        row.given_name, row.family_name = wanted.given_name, wanted.family_name
        row.updated_at, row.removed_at = self._clock(), None
        if person.email != checked(wanted.email):
            await _move(session, person, checked(wanted.email), by=by, base=base)
        if person.username != wanted.display:
            person.username = wanted.display
            events.updated(session, person)
        changed = [name for name in _NAMES if getattr(before, name) != getattr(wanted, name)]
        if changed and not new:
            audit(session, Act.USER_CHANGED, actor_id=by, user_id=person.id, how=HOW, fields=changed)
        if wanted.active:
            enable_in(session, person, by=by)
        else:
            await self._administration.disable_in(session, person, by=by)
        await session.flush()
        return _entry((person, row))


_NAMES = ("user_name", "display", "external_id", "given_name", "family_name")


async def _known(session: AsyncSession, user_id: str) -> Pair:
    found = await repository.get(session, user_id) if is_id(user_id) else None
    if found is None:
        raise NotFound("There is no such account.", code="account_not_found")
    return found


def _named(session: AsyncSession, person: UserRow) -> DirectoryRow:
    """What the directory calls somebody who was here before it."""
    row = DirectoryRow(user_id=person.id, user_name=person.email, name_key=person.email)
    session.add(row)
    return row


async def _move(session: AsyncSession, person: UserRow, email: str, *, by: str, base: str) -> None:
    """A letter to their address is a way into an account, so nobody else moves that of an owner."""
    if person.role != Role.MEMBER:
        raise Forbidden(
            "The address of an owner of this server is changed by themselves.", code="owner_protected"
        )
    if await user_by_email(session, email):
        raise _taken(email)
    before, person.email, person.email_verified_at = person.email, email, None
    await accounts.forget(session, person.id, tuple(Purpose))
    events.updated(session, person)
    audit(session, Act.EMAIL_CHANGED, actor_id=by, user_id=person.id)
    for address in filter(reachable, (before, email)):
        post(session, address, letters.email_changed(base, email))


def _entry(pair: Pair) -> Entry:
    person, row = pair
    return Entry(
        id=person.id,
        user_name=person.email if row is None else row.user_name,
        email=person.email,
        display=person.username,
        external_id=None if row is None else row.external_id,
        given_name=None if row is None else row.given_name,
        family_name=None if row is None else row.family_name,
        active=person.disabled_at is None,
        created_at=person.created_at,
        updated_at=person.created_at if row is None else row.updated_at,
    )


def _taken(name: str) -> Conflict:
    return Conflict(f"There is an account for {name} already.", code="account_exists")

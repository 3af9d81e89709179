"""Notifications of a person: read, marked, deleted, and how they want to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.db import Database, is_id, now
from server.notifications import channels, errors, events, repository
from server.notifications import schemas as wire
from server.notifications.hours import DIGEST_HOUR, Hours
from server.notifications.kinds import ABOUT, TABLE, Choice, Email, Kind
from server.notifications.models import HoursRow, NotificationRow, PreferenceRow
from server.notifications.people import Directory, Person
from server.notifications.unsubscribing import Leaving
from server.recordings.service import Recordings


@dataclass(frozen=True, slots=True)
class Slice:
    """Some in a row, the last first; `cursor` leads to the next, None at the end."""

    shown: list[wire.NotificationOut]
    cursor: str | None
    total: int
    unread: int


class Notifications:
    """Answers to the person they belong to. `mails`: whether this server sends letters about them."""

    def __init__(self, db: Database, directory: Directory, recordings: Recordings, *, mails: bool) -> None:
        self._db = db
        self._directory = directory
        self._recordings = recordings
        self.mails = mails

    async def page(
        self, user_id: str, *, unread: bool, kind: Kind | None, cursor: str | None, size: int
    ) -> Slice:
        """Raises InvalidRequest for the cursor of another list."""
        after = None if cursor is None else cursors.decode(cursor, datetime, UUID)
        seen = await self._directory.seen_by(user_id)
        async with self._db.read() as session:
            found = await repository.page_of(
                session, user_id, seen, unread=unread, kind=kind, after=after, limit=size + 1
            )
            total = await repository.count(session, user_id, seen, unread=unread, kind=kind)
            left = await repository.count(session, user_id, seen, unread=True)
        rows = found[:size]
        last = cursors.encode(rows[-1].at, rows[-1].id) if len(found) > size else None
        return Slice(await self._shown(rows), last, total, left)

    async def unread(self, user_id: str) -> int:
        seen = await self._directory.seen_by(user_id)
        async with self._db.read() as session:
            return await repository.count(session, user_id, seen, unread=True)

    async def mark(self, user_id: str, notification_id: str, *, read: bool) -> wire.NotificationOut:
        """What was read needs no letter. Raises NotFound."""
        seen = await self._directory.seen_by(user_id)
        async with self._db.write(user_id) as session:
            row = await _one(session, user_id, seen, notification_id)
            if (row.read_at is not None) != read:
                row.read_at = now() if read else None
                row.email_due = None
                await self._count(session, user_id, seen)
        return (await self._shown([row]))[0]

    async def mark_all(self, user_id: str, until: datetime | None) -> tuple[int, int]:
        """How many were unread, and how many are left."""
        seen = await self._directory.seen_by(user_id)
        async with self._db.write(user_id) as session:
            changed = await repository.mark_all(session, user_id, now(), until)
            left = await repository.count(session, user_id, seen, unread=True)
            if changed:
                events.counted(session, user_id, left)
        return changed, left

    async def delete(self, user_id: str, notification_id: str) -> None:
        """It is shown no more; that it was told is remembered. Raises NotFound."""
        seen = await self._directory.seen_by(user_id)
        async with self._db.write(user_id) as session:
            row = await _one(session, user_id, seen, notification_id)
            row.in_app, row.email_due, row.data = False, None, {}
            row.read_at = row.read_at or now()
            await self._count(session, user_id, seen)

    async def preferences(self, user_id: str) -> wire.PreferencesOut:
        person = (await self._directory.find([user_id]))[user_id]
        return _preferences(person, mails=self.mails)

    async def choose(self, user_id: str, request: wire.PreferencesRequest) -> wire.PreferencesOut:
        """Holds for what happens from now on; a letter that is due is not sent to who wants none."""
        person = (await self._directory.find([user_id]))[user_id]
        async with self._db.write(user_id) as session:
            for kind, change in request.kinds.items():
                given = change.model_dump(exclude_none=True)
                await _choose(session, person, kind, **given)
            if request.model_fields_set & {"digest_hour", "quiet_from", "quiet_until"}:
                await _set_hours(session, person, request)
        return await self.preferences(user_id)

    async def leave(self, leaving: Leaving) -> None:
        """No letters of this kind any more, or of none. Nothing happens where the account is gone."""
        person = (await self._directory.find([leaving.user_id])).get(leaving.user_id)
        if person is None:
            return
        async with self._db.write(person.id) as session:
            for kind in Kind if leaving.kind is None else [leaving.kind]:
                await _choose(session, person, kind, email=Email.OFF)

    async def sweep(self) -> None:
        """Forgets what is old."""
        async with self._db.write() as session:
            await repository.prune(session, now() - repository.KEEP)
            await channels.prune(session, now())

    async def _count(self, session: AsyncSession, user_id: str, seen: repository.Seen) -> None:
        await session.flush()
        events.counted(session, user_id, await repository.count(session, user_id, seen, unread=True))

    async def _shown(self, rows: Sequence[NotificationRow]) -> list[wire.NotificationOut]:
        about = await self._recordings.find_all({row.recording_id for row in rows if row.recording_id})
        return [wire.shown(row, about.get(row.recording_id or "")) for row in rows]


async def _one(
    session: AsyncSession, user_id: str, seen: repository.Seen, notification_id: str
) -> NotificationRow:
    row = None
    if is_id(notification_id):
        row = await repository.one_of(session, user_id, seen, notification_id)
    if row is None:
        raise errors.no_notification()
    return row


async def _choose(
    session: AsyncSession,
    person: Person,
    kind: Kind,
    *,
    in_app: bool | None = None,
    email: Email | None = None,
    slack: bool | None = None,
) -> None:
    """What is None stays as it is."""
    row = await session.get(PreferenceRow, (person.id, kind))
    if row is None:
        before: Choice = ABOUT[kind].otherwise
        row = PreferenceRow(
            user_id=person.id, kind=kind, in_app=before.in_app, email=before.email, slack=before.slack
        )
        session.add(row)
    row.in_app = row.in_app if in_app is None else in_app
    row.email = row.email if email is None else email
    row.slack = row.slack if slack is None else slack


async def _set_hours(session: AsyncSession, person: Person, request: wire.PreferencesRequest) -> None:
    row = await session.get(HoursRow, person.id)
    if row is None:
        row = HoursRow(user_id=person.id, digest_hour=DIGEST_HOUR)
        session.add(row)
    if request.digest_hour is not None:
        row.digest_hour = request.digest_hour
    if "quiet_from" in request.model_fields_set:
        row.quiet_from, row.quiet_until = request.quiet_from, request.quiet_until


def _preferences(person: Person, *, mails: bool) -> wire.PreferencesOut:
    hours: Hours = person.hours
    return wire.PreferencesOut(
        data=[
            wire.PreferenceOut(
                kind=one.kind,
                description=one.means,
                in_app=person.choice(one.kind).in_app,
                email=person.choice(one.kind).email,
                slack=person.choice(one.kind).slack,
            )
            for one in TABLE
        ],
        digest_hour=hours.digest_hour,
        quiet_from=hours.quiet_from,
        quiet_until=hours.quiet_until,
        time_zone=person.contact.time_zone or "UTC",
        email_available=mails and person.has_mail,
    )

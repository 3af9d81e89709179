"""Writes down who is told what, in one transaction: the row, its letter, its message to Slack, its event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.bus import Event
from server.db import Waiting, leave
from server.notifications import channels, events, repository
from server.notifications import schemas as wire
from server.notifications.events import NotificationEventType
from server.notifications.kinds import ABOUT, BUNDLED, Email, Kind
from server.notifications.models import ChannelRow, NotificationRow
from server.notifications.people import Person
from server.notifications.repository import Seen
from server.notifications.stories import Notice, Story

# A bundle that nobody reads begins anew after a day.
LONGEST_BUNDLE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Listener:
    """A person to be told, what they may see, and their own Slack channels."""

    person: Person
    seen: Seen
    channels: Sequence[ChannelRow]


@dataclass(frozen=True, slots=True)
class Hearing:
    """An event, what it means, and when it is written down."""

    event: Event
    story: Story
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """`mails`: whether this server can send letters whose links lead back to it."""

    mails: bool

    async def note(
        self,
        session: AsyncSession,
        heard: Hearing,
        listeners: Mapping[str, Listener],
        workspace_channels: Sequence[ChannelRow],
    ) -> None:
        """Heard twice, noted once."""
        story = heard.story
        for notice in story.notices:
            listener = listeners.get(notice.user_id)
            if listener is not None:
                await self._note(session, heard, notice, listener)
        if story.broadcast is not None and story.recording is not None:
            told = [one for one in workspace_channels if story.broadcast.kind in one.kinds]
            for channel in told:
                await channels.queue(session, channel, story.broadcast, story.recording.id, heard.at)

    async def _note(self, session: AsyncSession, heard: Hearing, notice: Notice, listener: Listener) -> None:
        recording, event = heard.story.recording, heard.event
        if notice.kind in BUNDLED and recording is not None:
            last = await repository.last_of(session, notice.user_id, notice.kind, recording.id)
            if last is not None and last.last_event_id >= event.id:
                return
            if last is not None and repository.open_bundle(last, heard.at, longest=LONGEST_BUNDLE):
                _grow(last, notice, event)
                await _tell(session, NotificationEventType.UPDATED, last, heard.story, listener)
                return
            first = last is None and recording.created_at > heard.at - repository.KEEP
            notice = replace(
                notice,
                key=f"{notice.kind}:{recording.id}:{event.id}",
                data=notice.data | ({"first": first} if notice.kind is Kind.VIEW else {}),
            )
        elif await repository.noted(session, notice.key, notice.user_id):
            return
        await self._add(session, heard, notice, listener)

    async def _add(self, session: AsyncSession, heard: Hearing, notice: Notice, listener: Listener) -> None:
        choice, recording = listener.person.choice(notice.kind), heard.story.recording
        row = NotificationRow(
            user_id=notice.user_id,
            kind=notice.kind,
            recording_id=None if recording is None else recording.id,
            caused_by=notice.caused_by,
            data=notice.data,
            dedupe_key=notice.key,
            count=1,
            last_event_id=heard.event.id,
            in_app=choice.in_app,
            at=heard.event.created_at,
            created_at=heard.at,
            email_due=self._letter_due(listener.person, notice.kind, heard.at),
            email_daily=choice.email is Email.DAILY,
        )
        session.add(row)
        if row.email_due is not None:
            leave(session, Waiting.NOTICES)
        await session.flush()
        if choice.slack and not listener.person.contact.user.disabled:
            later = listener.person.hours.after_quiet(heard.at)
            for channel in listener.channels:
                await channels.queue(session, channel, notice, row.recording_id, later)
        await _tell(session, NotificationEventType.CREATED, row, heard.story, listener)

    def _letter_due(self, person: Person, kind: Kind, at: datetime) -> datetime | None:
        how = person.choice(kind).email
        if how is Email.OFF or not self.mails or not person.has_mail:
            return None
        if how is Email.DAILY:
            return person.hours.next_digest(at)
        return person.hours.after_quiet(at + ABOUT[kind].settles)


def _grow(row: NotificationRow, notice: Notice, event: Event) -> None:
    row.count += 1
    row.last_event_id = event.id
    row.at = event.created_at
    row.caused_by = notice.caused_by
    row.data = _merged(row.data, notice.data)


def _merged(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Who did it last, and every emoji counted."""
    emoji = dict(old.get("emoji") or {})
    for one, many in (new.get("emoji") or {}).items():
        emoji[one] = emoji.get(one, 0) + many
    return {**old, **new} | ({"emoji": emoji} if emoji else {})


async def _tell(
    session: AsyncSession,
    type_: NotificationEventType,
    row: NotificationRow,
    story: Story,
    listener: Listener,
) -> None:
    """Their own clients hear of it, with how many wait to be read."""
    if not row.in_app:
        return
    await session.flush()
    unread = await repository.count(session, row.user_id, listener.seen, unread=True)
    shown = wire.shown(row, story.recording).model_dump(mode="json", by_alias=True)
    events.told(session, type_, row.user_id, shown, unread)

"""The module over a real database, fed by the real outbox, under a clock that tests move."""

import itertools
import os
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from server import outbox
from server.adapters.blobs_local import LocalBlobs
from server.bus import Bus, Event
from server.comments.opening import open_talk
from server.comments.people import Actor
from server.comments.schemas import CommentRequest
from server.comments.talk import Talk
from server.config import Settings
from server.db import Database
from server.identity.mfa.codes import Seal
from server.identity.models import UserRow
from server.identity.schemas import Role, User
from server.identity.service import Identity
from server.identity.sessions import signing
from server.identity.workspaces.models import MemberRow
from server.identity.workspaces.service import Workspaces
from server.mail.models import MailRow
from server.notifications.courier import Courier
from server.notifications.intake import Intake
from server.notifications.ledger import Ledger
from server.notifications.letters import Letters
from server.notifications.models import NotificationRow
from server.notifications.people import Directory
from server.notifications.poster import Poster
from server.notifications.service import Notifications
from server.notifications.sight import Sight
from server.notifications.stories import Stories
from server.notifications.unsubscribing import LeaveLinks
from server.outbox import Dispatcher
from server.recordings.models import RecordingRow
from server.recordings.schemas import Recording, RecordingType, StartRecordingRequest
from server.recordings.service import Recordings
from server.recordings.states import Status
from server.webhooks.addresses import Allowed
from server.webhooks.transport import Client
from tests.support.moving_clock import Clock
from tests.support.receiver import Receiver

PUBLIC = "https://video.test"
HERE = Allowed.parse("127.0.0.1")
# Reading the certificates takes as long as a test.
TLS = httpx.create_ssl_context()
KEY = "ab" * 32


@dataclass
class Bench:
    """What the server opens, without what runs by itself."""

    db: Database
    clock: Clock
    dispatcher: Dispatcher
    recordings: Recordings
    workspaces: Workspaces
    talk: Talk
    notifications: Notifications
    courier: Courier
    poster: Poster
    people: dict[str, User] = field(default_factory=dict)

    async def person(self, name: str, *, role: Role = Role.MEMBER, zone: str | None = None) -> User:
        row = UserRow(
            email=f"{name}@example.org", username=name, password_hash="-", role=role, time_zone=zone
        )
        async with self.db.write() as session:
            session.add(row)
        self.people[name] = User(row.id, row.email, name, role)
        return self.people[name]

    async def recording(self, owner: User, title: str = "Plan", *, workspace: str | None = None) -> Recording:
        request = StartRecordingRequest(
            recording_type=RecordingType.SCREEN, title=title, workspace_id=workspace
        )
        return await self.recordings.create(owner.id, request)

    async def change(self, recording: Recording, **values: Any) -> Recording:
        async with self.db.write() as session:
            await session.execute(
                update(RecordingRow).where(RecordingRow.id == recording.id).values(**values)
            )
        found = await self.recordings.find(recording.id)
        assert found is not None
        return found

    async def join(self, user: User, workspace_id: str) -> None:
        async with self.db.write() as session:
            session.add(MemberRow(workspace_id=workspace_id, user_id=user.id, role="member"))

    async def say(
        self, recording: Recording, user: User, body: str, *, to: str | None = None, **more: Any
    ) -> str:
        request = CommentRequest(body=body, parent_id=to, **more)
        said = await self.talk.comments.create(recording, Actor(user, inside=True), request)
        await self.flow()
        return said.comment.id

    async def tell(
        self, type_: str, recording: Recording | None = None, user: User | None = None, **data: Any
    ) -> None:
        """An event as the modules below write it."""
        about = None if recording is None else recording.id
        owner = user.id if user else (recording.user_id if recording else None)
        async with self.db.write() as session:
            outbox.record(session, type_, recording_id=about, user_id=owner, data=data)
        await self.flow()

    async def ready(self, recording: Recording) -> None:
        await self.change(recording, status=Status.COMPLETED)
        await self.tell("video_processed", recording, outputs={}, processedAt="…")

    async def flow(self) -> None:
        while await self.dispatcher.deliver():
            pass

    async def told(self, user: User) -> list[str]:
        """As the API answers it."""
        found = await self.notifications.page(user.id, unread=False, kind=None, cursor=None, size=100)
        return [one.text for one in found.shown]

    async def rows(self) -> Sequence[NotificationRow]:
        async with self.db.read() as session:
            return (await session.scalars(select(NotificationRow).order_by(NotificationRow.at))).all()

    async def letters(self) -> Sequence[MailRow]:
        """All that were given to the queue of mail, after those that are due now."""
        while await self.courier.deliver():
            pass
        async with self.db.read() as session:
            return (await session.scalars(select(MailRow).order_by(MailRow.number))).all()

    @property
    def now(self) -> datetime:
        return self.clock()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
async def bench(settings: Settings) -> AsyncIterator[Bench]:
    async with open_bench(settings) as bench:
        yield bench


@asynccontextmanager
async def open_bench(settings: Settings) -> AsyncIterator[Bench]:
    db, bus, clock = Database(settings.sqlalchemy_url), Bus(), Clock()
    signing.prepare(settings.data / signing.FILE)
    identity = Identity(db, settings, KEY)
    recordings = Recordings(db, LocalBlobs(settings.media_root))
    workspaces = Workspaces(db, count_in=recordings.count_in)
    talk = open_talk(db, bus, identity, recordings)
    sight, directory = Sight(recordings, workspaces), Directory(db, identity, workspaces)
    Intake(db, Stories(identity, talk.comments, sight), directory, Ledger(mails=True), clock=clock).start(bus)
    client = Client(HERE, timeout_s=10, tls=TLS)
    yield Bench(
        db,
        clock,
        Dispatcher(db, bus, retry_s=0),
        recordings,
        workspaces,
        talk,
        Notifications(db, directory, recordings, mails=True),
        Courier(db, directory, sight, Letters(PUBLIC, LeaveLinks(KEY, PUBLIC)), clock=clock),
        Poster(db, client, sight, Seal(KEY), base=PUBLIC, clock=clock),
    )
    identity.close()
    await client.close()
    await db.close()


async def deliver_until_killed(data: str, events: int) -> None:
    """What a process of its own does in the test of its death, which comes in the middle of its work."""
    async with open_bench(Settings(data=Path(data))) as bench:
        publish, heard = bench.dispatcher._bus.publish, itertools.count(1)

        async def killed(event: Event) -> None:
            await publish(event)
            if next(heard) == events:
                os.kill(os.getpid(), signal.SIGKILL)

        bench.dispatcher._bus.publish = killed  # type: ignore[method-assign]  # death at this very place
        while True:
            await bench.dispatcher.deliver()

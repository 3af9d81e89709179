"""Hears of what happens, and has noted who is told of it before the outbox lets go of the event."""

from collections.abc import Callable
from datetime import datetime

from server.bus import Bus, Event
from server.comments.events import CommentEventType
from server.db import Database, now
from server.identity.events import UserEventType
from server.notifications import channels, repository
from server.notifications.ledger import Hearing, Ledger, Listener
from server.notifications.models import NotificationRow, PostRow
from server.notifications.people import Directory
from server.notifications.stories import Stories, comment_key
from server.notifications.wording import shortened


class Intake:
    """Subscribes to the bus. When `hear` has returned, all is on disk; heard again, nothing is told twice."""

    def __init__(
        self,
        db: Database,
        stories: Stories,
        directory: Directory,
        ledger: Ledger,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db = db
        self._stories = stories
        self._directory = directory
        self._ledger = ledger
        self._clock = clock

    def start(self, bus: Bus) -> None:
        bus.subscribe(self.hear, self._stories.types)
        bus.subscribe(self.on_comment_changed, [CommentEventType.UPDATED, CommentEventType.DELETED])
        bus.subscribe(self.on_user_deleted, [UserEventType.DELETED])

    async def hear(self, event: Event) -> None:
        """What is only on the way (id 0) is passed over: nobody is told of it."""
        if not event.id:
            return
        story = await self._stories.of(event)
        if not story.notices and story.broadcast is None:
            return
        people = await self._directory.find({one.user_id for one in story.notices})
        async with self._db.read() as session:
            theirs = await channels.of_people(session, people.keys())
            workspace_id = story.recording.workspace_id if story.recording else None
            workspace_channels = await channels.of_workspace(session, workspace_id)
        listeners = {
            one: Listener(person, await self._directory.seen_by(one), theirs.get(one, ()))
            for one, person in people.items()
        }
        if not listeners and not workspace_channels:
            return
        about = [*listeners, *([story.recording.id] if story.recording else [])]
        async with self._db.write(*about) as session:
            heard = Hearing(event, story, self._clock())
            await self._ledger.note(session, heard, listeners, workspace_channels)

    async def on_comment_changed(self, event: Event) -> None:
        """What was said is told as it is now; what is gone, not at all."""
        if event.recording_id is None:
            return
        async with self._db.write(event.recording_id) as session:
            key = comment_key(event.data["commentId"])
            rows: list[NotificationRow | PostRow] = [
                *await repository.about_comment(session, event.recording_id, key),
                *await channels.waiting_about(session, event.recording_id, key),
            ]
            for row in rows:
                if event.type == CommentEventType.DELETED:
                    await session.delete(row)
                else:
                    row.data = {**row.data, "body": shortened(str(event.data.get("body") or ""))}

    async def on_user_deleted(self, event: Event) -> None:
        if event.user_id is not None:
            async with self._db.write() as session:
                await repository.forget_person(session, event.user_id)

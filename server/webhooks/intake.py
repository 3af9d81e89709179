"""Notes what is to be sent: a row for each webhook that asked for an event, before the outbox forgets it."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from server.bus import Bus, Event
from server.db import Database, new_id
from server.recordings.schemas import Recording
from server.webhooks import repository
from server.webhooks.events import SOURCES, Audience, Published, chosen, published, timestamp, told
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.schemas import Status
from server.webhooks.transport import encoded

# Ids of the people who administer this server.
Administrators = Callable[[], Awaitable[Sequence[str]]]
# Those of some people whose accounts are not disabled.
Active = Callable[[Collection[str]], Awaitable[Collection[str]]]
FindRecording = Callable[[str], Awaitable[Recording | None]]


class Intake:
    """Subscribes to the bus. When `hear` has returned, the deliveries are on disk."""

    def __init__(
        self,
        db: Database,
        *,
        recording_of: FindRecording,
        administrators: Administrators,
        active: Active,
        public_url: str,
        on_noted: Callable[[], None],
    ) -> None:
        self._db = db
        self._recording_of = recording_of
        self._administrators = administrators
        self._active = active
        self._public_url = public_url.rstrip("/")
        self._on_noted = on_noted

    def start(self, bus: Bus) -> None:
        bus.subscribe(self.hear, SOURCES)

    async def hear(self, event: Event) -> None:
        """Heard twice, noted once. What is only on the way (id 0) is passed over: the next replaces it."""
        names = published(event) if event.id else []
        if not names or event.user_id is None:
            return
        async with self._db.read() as session:
            rows = await repository.listening(session, await self._people(event.user_id, names))
        active = await self._active({row.user_id for row in rows}) if rows else ()
        rows = [row for row in rows if row.user_id in active]
        wanted = [(row.id, one) for row in rows for one in names if _hears(row, event, one)]
        if not wanted:
            return
        extra = await self._of_video(event, names)
        # Of one recording in the order of its events; the same event, heard twice, one after the other.
        async with self._db.write(event.recording_id or event.user_id) as session:
            noted = await repository.noted(session, event.id, {row_id for row_id, _ in wanted})
            for row_id, one in wanted:
                if (row_id, one.name) not in noted:
                    session.add(delivery_of(row_id, one.name, event, extra))
        self._on_noted()

    async def _people(self, owner: str, names: list[Published]) -> set[str]:
        people = {owner}
        if any(one.audience is Audience.ADMINISTRATORS for one in names):
            people.update(await self._administrators())
        return people

    async def _of_video(self, event: Event, names: list[Published]) -> dict[str, Any]:
        """What somebody who hears of a video wants first: its title and its link, as they are now."""
        if event.recording_id is None or not any(one.name.startswith("video.") for one in names):
            return {}
        recording = await self._recording_of(event.recording_id)
        if recording is None:
            return {}
        return {
            "title": recording.title,
            "durationSeconds": recording.duration_s,
            "shareUrl": f"{self._public_url}/s/{recording.slug}",
        }


def delivery_of(
    subscription_id: str, name: str, event: Event, extra: dict[str, Any], *, manual: bool = False
) -> DeliveryRow:
    """The row, with the body that will be signed and sent as it is now."""
    delivery_id = new_id()
    payload = {
        "id": delivery_id,
        "event": name,
        "timestamp": timestamp(event.created_at),
        "data": {**extra, **told(event.data)},
        "subscription_id": subscription_id,
    }
    return DeliveryRow(
        subscription_id=subscription_id,
        delivery_id=delivery_id,
        event_id=event.id or None,
        event=name,
        recording_id=event.recording_id,
        payload=encoded(payload),
        status=Status.PENDING,
        manual=manual,
    )


def _hears(row: SubscriptionRow, event: Event, one: Published) -> bool:
    """An administrator's webhook hears of others' accounts, and of nobody else's recordings."""
    mine = row.user_id == event.user_id or one.audience is Audience.ADMINISTRATORS
    return mine and chosen(row.events, one.name)

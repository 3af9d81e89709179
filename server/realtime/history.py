"""What a client missed: told again to who comes back, as far as it is kept."""

from collections.abc import Sequence

from server import outbox
from server.bus import Event
from server.db import Database
from server.realtime.audience import Audience, said_of
from server.realtime.client import Client
from server.realtime.messages import Whom, of_event, told
from server.realtime.recent import Recent

# Events that are looked through for one client; who missed more reads the state anew.
MOST = 1000
_PROGRESS = "processing.progress"


class History:
    """What is kept lies in the outbox, which a restart does not forget, and lately in memory as well."""

    def __init__(self, db: Database, recent: Recent, audience: Audience) -> None:
        self._db = db
        self._recent = recent
        self._audience = audience

    async def missed(self, client: Client, since: int) -> list[str] | None:
        """Messages behind the position `since`, up to when this was called; None where they are not known.

        They are not known when `since` is of another server or too long ago, or when there are too many.
        Called as soon as the client has joined, so that nothing falls between this and what it is told live.
        """
        recent = self._recent
        upto, floor = recent.position, recent.floor
        if not 0 <= since <= upto:
            return None
        lately, under_way = recent.after(since), recent.under_way()
        earlier = await self._kept(client, since, floor) if since < floor else []
        if earlier is None:
            return None
        events = [*earlier, *await self._heard(client, [*lately, *under_way])]
        if len(events) > MOST + len(under_way):
            return None
        return [of_event(event, event.position or upto) for event in _newest(events)]

    async def _kept(self, client: Client, since: int, floor: int) -> list[Event] | None:
        user = client.user
        about = said_of(client.recording_id or "") if user is None else await self._audience.about(user.id)
        async with self._db.read() as session:
            first = await outbox.oldest(session)
            if first is not None and first > since + 1:
                return None
            found = await outbox.delivered(session, since, floor, about, MOST + 1)
        return None if len(found) > MOST else await self._heard(client, found)

    async def _heard(self, client: Client, events: Sequence[Event]) -> list[Event]:
        if client.user is None:
            return [event for event in events if _said(event, client.recording_id)]
        allowed = await self._audience.hear_of(client.user.id, events)
        return [event for event in allowed if (known := told(event.type)) and client.hears(known.scope)]


def _said(event: Event, recording_id: str | None) -> bool:
    known = told(event.type)
    return event.recording_id == recording_id and known is not None and known.whom is Whom.VIEWERS


def _newest(events: Sequence[Event]) -> list[Event]:
    """Of each job's progress the newest state only."""
    last = {event.data.get("jobId"): event for event in events if event.type == _PROGRESS}
    return [event for event in events if event.type != _PROGRESS or last[event.data.get("jobId")] is event]

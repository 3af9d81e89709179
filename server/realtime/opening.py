"""How live messages come to life: what they need of the tiers below."""

from dataclasses import dataclass

from server.bus import Bus
from server.db import Database
from server.identity.workspaces.service import Workspaces
from server.outbox import Dispatcher
from server.realtime.audience import Audience
from server.realtime.history import History
from server.realtime.hub import Hub
from server.recordings.service import Recordings


@dataclass(slots=True)
class Realtime:
    """`strangers` counts the connections that have not said who they are."""

    hub: Hub
    history: History
    strangers: int = 0


async def open_realtime(
    db: Database, bus: Bus, dispatcher: Dispatcher, recordings: Recordings, workspaces: Workspaces
) -> Realtime:
    """Before the dispatcher starts."""
    audience = Audience(recordings, workspaces)
    hub = Hub(audience.of, position=await dispatcher.last_position())
    bus.subscribe(hub.hear)
    return Realtime(hub, History(db, hub.recent, audience))

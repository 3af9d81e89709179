"""Who listens, and what each is told.

A message is encoded once, however many hear it. Each client has a bounded queue; who does not keep up is told
so and closed: it comes back with the id of the last message it had, and hears what it missed.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from server.bus import Event
from server.errors import TooManyRequests
from server.identity.schemas import User
from server.identity.security import SecurityEvent
from server.realtime.client import Client
from server.realtime.messages import (
    BAD_TOKEN,
    GOING_AWAY,
    NOT_ALLOWED,
    TOO_SLOW,
    Told,
    Whom,
    of_error,
    of_event,
    told,
)
from server.realtime.recent import Recent

MOST_VIEWERS = 1000  # of one recording, in this process
MOST_OF_ONE = 100  # connections of one person

# Whom an event is told; of one whose whereabouts nobody knows, nobody.
HearersOf = Callable[[Event, Told], Awaitable[frozenset[str]]]

# Changes of a recording after which a viewer may be one no longer.
_OF_THE_LINK = frozenset({"visibility", "password", "expires_at", "workspace_id"})

_SLOW = TooManyRequests(
    "You do not keep up with what is told. Connect again with the id of the last message that you had.",
    code="too_slow",
)


class Hub:
    """Subscribes to the bus (`hear`) and keeps the clients of users, and the viewers of recordings."""

    def __init__(self, hearers: HearersOf, *, position: int = 0) -> None:
        """`position` is the last that was delivered before."""
        self._hearers = hearers
        self._clients: defaultdict[str, set[Client]] = defaultdict(set)
        self.recent = Recent(position)

    def __len__(self) -> int:
        return sum(len(clients) for clients in self._clients.values())

    def join(self, user: User) -> Client | None:
        """None where the person has too many connections already."""
        return self._join(Client(user.id, user), MOST_OF_ONE)

    def watch(self, recording_id: str, until: datetime | None = None) -> Client | None:
        """A viewer of a shared recording, by its link; None where there are too many."""
        viewer = Client(_viewers(recording_id), recording_id=recording_id, until=until)
        return self._join(viewer, MOST_VIEWERS)

    def leave(self, client: Client) -> None:
        mine = self._clients.get(client.key, set())
        mine.discard(client)
        if not mine:
            self._clients.pop(client.key, None)

    async def hear(self, event: Event) -> None:
        """Handler of the bus: tells those who may know of it, and closes whom it ends."""
        if event.type == SecurityEvent.SIGNED_OUT:
            self._sign_out(event)
        known = told(event.type)
        if known is not None and not self.recent.knows(event):
            clients = await self._clients_for(event, known)
            # From here on without a pause: who joins meanwhile either hears it now or finds it in `recent`.
            self.recent.note(event)
            self._tell(event, clients)
        self.recent.reach(event)
        if event.recording_id is not None and (ending := _ends_sharing(event)) is not None:
            for viewer in list(self._clients.get(_viewers(event.recording_id), ())):
                self._drop(viewer, *ending)

    def close(self) -> None:
        """Ends every connection: the server stops."""
        for client in [client for clients in self._clients.values() for client in clients]:
            self._drop(client, GOING_AWAY, "The server stops. Connect again in a moment.")

    async def _clients_for(self, event: Event, known: Told) -> Callable[[], Iterable[Client]]:
        """Whose clients hear it; which of these are connected is looked at when it is told."""
        if not self._clients:
            return tuple
        keys = set(await self._hearers(event, known))
        if known.whom is Whom.VIEWERS and event.recording_id is not None:
            keys.add(_viewers(event.recording_id))
        return lambda: [
            client
            for key in (keys & self._clients.keys())
            for client in self._clients[key]
            if client.hears(known.scope)
        ]

    def _tell(self, event: Event, clients: Callable[[], Iterable[Client]]) -> None:
        if not (listening := clients()):
            return
        message = of_event(event, self.recent.position)
        for client in [client for client in listening if not client.offer(message)]:
            self._drop(client, TOO_SLOW, _SLOW.sentence, of_error(_SLOW))

    def _join(self, client: Client, most: int) -> Client | None:
        if len(self._clients.get(client.key, ())) >= most:
            return None
        self._clients[client.key].add(client)
        return client

    def _sign_out(self, event: Event) -> None:
        ended = event.data["sessionId"]
        for client in list(self._clients.get(event.user_id or "", ())):
            if client.user is not None and ended in (client.user.session_id, client.user.key_id):
                self._drop(client, BAD_TOKEN, "You are signed out: sign in again.")

    def _drop(self, client: Client, code: int, reason: str, last: str | None = None) -> None:
        client.close(code, reason, last)
        self.leave(client)


def _viewers(recording_id: str) -> str:
    """A key that is no user's id."""
    return f"viewers of {recording_id}"


def _ends_sharing(event: Event) -> tuple[int, str] | None:
    """How viewers by the link are told to go: for good, or to see whether it still lets them in."""
    data = event.data
    updated = event.type == "recording.updated"
    off = updated and not (data.get("shared") and data.get("allowComments"))
    if off or event.type in ("recording.deleted", "recording.trashed"):
        return NOT_ALLOWED, "This recording is not shared any more."
    if updated and _OF_THE_LINK & set(data.get("changed", ())):
        return GOING_AWAY, "Whom this link lets in has changed. Connect again in a moment."
    return None

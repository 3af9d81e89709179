"""Who listens, and what each has still to be told.

A message is encoded once, however many hear it. Each client has a bounded queue; a full one means the client
is too slow or gone, and it is closed: it comes back and reads the state it missed over HTTP.
"""

import asyncio
import json
from collections import defaultdict

from server.bus import Event

QUEUE = 256
# Close codes of the WebSocket protocol's private range.
BAD_TOKEN = 4401
TOO_SLOW = 4408
GOING_AWAY = 1001

_PUBLIC = (
    "recording.",
    "processing.",
    "transcription.",
    "analysis.",
    "comment.",
    "reaction.",
    "video.",
    "webhook.",
    "notification.",
)
# What whoever has the link of a share may hear.
_FOR_VIEWERS = ("comment.", "reaction.")
NOT_SHARED = 4403
TOO_MANY = 4429
MOST_VIEWERS = 1000  # of one recording, in this process


class Client:
    """One WebSocket. `next()` waits for the next message; None means: close with `close_code`."""

    def __init__(self, user_id: str, session_id: str | None) -> None:
        self.user_id = user_id
        self.session_id = session_id
        self.close_code = GOING_AWAY
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE)

    def offer(self, message: str) -> bool:
        """False when the queue is full; the message is dropped then."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            return False
        return True

    def close(self, code: int) -> None:
        """What is queued is not sent any more."""
        self.close_code = code
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self) -> str | None:
        return await self._queue.get()


class Hub:
    """Subscribes to the bus (`hear`) and keeps the clients of users, and the viewers of recordings."""

    def __init__(self) -> None:
        self._clients: defaultdict[str, set[Client]] = defaultdict(set)

    def __len__(self) -> int:
        return sum(len(clients) for clients in self._clients.values())

    def join(self, user_id: str, session_id: str | None = None) -> Client:
        client = Client(user_id, session_id)
        self._clients[user_id].add(client)
        return client

    def watch(self, recording_id: str) -> Client | None:
        """A viewer of a shared recording, without an account; None where there are too many."""
        key = _viewers(recording_id)
        return self.join(key) if len(self._clients.get(key, ())) < MOST_VIEWERS else None

    def leave(self, client: Client) -> None:
        mine = self._clients.get(client.user_id, set())
        mine.discard(client)
        if not mine:
            self._clients.pop(client.user_id, None)

    async def hear(self, event: Event) -> None:
        """Handler of the bus: tells the owner's clients, and viewers what is meant for them."""
        clients = self._clients.get(event.user_id or "", set())
        viewers = self._clients.get(_viewers(event.recording_id or ""), set())
        if event.type == "identity.signed_out":
            self._sign_out(event.data["sessionId"], clients)
        elif event.type.startswith(_FOR_VIEWERS):
            self._tell(event, clients | viewers)
        elif event.type.startswith(_PUBLIC):
            self._tell(event, clients)
        if viewers and _ends_sharing(event):
            for viewer in list(viewers):
                self._drop(viewer, NOT_SHARED)

    def close(self) -> None:
        """Ends every connection: the server stops."""
        for client in [client for clients in self._clients.values() for client in clients]:
            self._drop(client, GOING_AWAY)

    def _tell(self, event: Event, clients: set[Client]) -> None:
        if not clients:
            return
        message = _encode(event)
        for client in [client for client in clients if not client.offer(message)]:
            self._drop(client, TOO_SLOW)

    def _sign_out(self, session_id: str, clients: set[Client]) -> None:
        for client in [client for client in clients if client.session_id == session_id]:
            self._drop(client, BAD_TOKEN)

    def _drop(self, client: Client, code: int) -> None:
        client.close(code)
        self.leave(client)


def _viewers(recording_id: str) -> str:
    """A key that is no user's id."""
    return f"viewers of {recording_id}"


def _ends_sharing(event: Event) -> bool:
    if event.type == "recording.deleted":
        return True
    told = event.data
    return event.type == "recording.updated" and not (told.get("shared") and told.get("allowComments"))


def _encode(event: Event) -> str:
    return json.dumps({"type": event.type, "data": event.data, "id": event.id}, separators=(",", ":"))

"""`/ws`: what happens to the recordings that one may view; `/ws?share=`: what is said about a shared one."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Protocol, cast

from fastapi import APIRouter, Query, WebSocket

from server.errors import InvalidRequest, NotFound, Unauthenticated
from server.identity.access import whose
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.links import links_of, netloc_of
from server.realtime.client import Client
from server.realtime.conversation import Conversation, moment, read
from server.realtime.messages import BAD_TOKEN, NOT_ALLOWED, TOO_MANY, encode
from server.realtime.opening import Realtime
from server.recordings.schemas import Recording

router = APIRouter()

# How long a client may take to say who it is, and how many may be taking it.
AUTH_S = 10.0
MOST_STRANGERS = 1000


class Entry(Protocol):
    """Somebody got in by the link of a recording, `until` then; None: for as long as that is so."""

    @property
    def recording(self) -> Recording: ...

    @property
    def until(self) -> datetime | None: ...


class Shares(Protocol):
    """Given by the tier that knows who may see a share."""

    async def enter(
        self, socket: WebSocket, slug: str, user: User | None, needed: Scope, *, token: str | None
    ) -> Entry:
        """Raises NotFound, and Unauthenticated where a proof would help."""
        ...


@router.websocket("/ws")
async def live_events(
    socket: WebSocket,
    token: str | None = None,
    share: str | None = None,
    last_event_id: Annotated[str | None, Query(alias="lastEventId")] = None,
) -> None:
    # Refused after the handshake: a browser hides the reason of a connection that was never made.
    await socket.accept()
    if not _own_page(socket):
        await socket.close(NOT_ALLOWED, "Pages of this origin may not connect here.")
    elif share and token is None:
        await _watch(socket, share, last_event_id)
    elif token is not None:
        await _listen(socket, token, last_event_id)
    elif (said := await _introduction(socket)) is not None:
        since = said.get("lastEventId", last_event_id)
        await _listen(socket, said.get("token"), None if since is None else str(since))


async def _listen(socket: WebSocket, token: object, since: str | None) -> None:
    user = await whose(socket, token if isinstance(token, str) else "", Scope.RECORDINGS_READ)
    if user is None:
        await socket.close(BAD_TOKEN, "Sign in first: this needs a valid token.")
        return
    await _serve(socket, _realtime(socket).hub.join(user), since, user)


async def _watch(socket: WebSocket, slug: str, since: str | None) -> None:
    """Where having the link is not enough, a first message says who comes, or that they know the password."""
    try:
        entry = await _entry(socket, slug, {})
    except Unauthenticated:
        said = await _introduction(socket)
        if said is None:
            return
        try:
            entry = await _entry(socket, slug, said)
        except (NotFound, Unauthenticated):
            entry = None
    except NotFound:
        entry = None
    if entry is None or not entry.recording.allow_comments:
        await socket.close(NOT_ALLOWED, "There is no shared recording with comments at this link.")
        return
    await _serve(socket, _realtime(socket).hub.watch(entry.recording.id, entry.until), since)


async def _entry(socket: WebSocket, slug: str, said: dict[str, Any]) -> Entry:
    shown, proof = said.get("token"), said.get("shareToken")
    user = await whose(socket, shown, Scope.COMMENTS_READ) if isinstance(shown, str) else None
    shares = cast("Shares", socket.app.state.services.sharing)
    token = proof if isinstance(proof, str) else None
    return await shares.enter(socket, slug, user, Scope.COMMENTS_READ, token=token)


async def _serve(
    socket: WebSocket, client: Client | None, since: str | None, user: User | None = None
) -> None:
    if client is None:
        await socket.close(TOO_MANY, "Too many connections listen to this already.")
        return
    realtime = _realtime(socket)
    try:
        place = realtime.hub.recent.position
        missed = None if since is None else await realtime.history.missed(client, _number(since))
        if missed is not None:
            place = _number(str(since))
        who = {} if user is None else {"userId": user.id, "expiresAt": moment(user.until)}
        first = [encode("ready", {**who, "resumed": missed is not None}, id=place)]
        if since is not None and missed is None:
            first.append(encode("resync", {"lastEventId": since[:40]}, id=place))
        await Conversation(socket, client).run([*first, *(missed or ())])
    finally:
        realtime.hub.leave(client)


async def _introduction(socket: WebSocket) -> dict[str, Any] | None:
    """The `data` of a first message `auth`: a token there stands in no address, and so in no log."""
    realtime = _realtime(socket)
    if realtime.strangers >= MOST_STRANGERS:
        await socket.close(
            TOO_MANY, "Too many connections have not said who they are. Try again in a moment."
        )
        return None
    realtime.strangers += 1
    try:
        async with asyncio.timeout(AUTH_S):
            message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        said = read(message.get("text"))
        if said["type"] == "auth":
            return dict(said.get("data") or {})
    except (TimeoutError, InvalidRequest):
        pass
    finally:
        realtime.strangers -= 1
    await socket.close(BAD_TOKEN, f"Say who you are first, within {AUTH_S:.0f} seconds: auth with a token.")
    return None


def _own_page(socket: WebSocket) -> bool:
    """Whether it is no page of a foreign site. Programs send no Origin, browsers always do."""
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    allowed = [one.strip() for one in socket.app.state.services.settings.cors_origins.split(",")]
    if origin in allowed or "*" in allowed:
        return True
    # Only host and port: who ends the encryption in front of us may not tell us about it.
    ours = {socket.headers.get("host", ""), netloc_of(links_of(socket).base(socket))} - {""}
    return netloc_of(origin) in ours


def _realtime(socket: WebSocket) -> Realtime:
    return cast("Realtime", socket.app.state.services.realtime)


def _number(text: str) -> int:
    """-1 for what is none of our ids."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else -1

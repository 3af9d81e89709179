"""`/ws?token=`: the owner's recordings, as they change; `/ws?share=`: what is said about a shared one."""

import asyncio
import json
from contextlib import suppress
from typing import Protocol, cast

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from server.errors import NotFound
from server.identity.access import whose
from server.identity.scopes import Scope
from server.realtime.hub import BAD_TOKEN, NOT_SHARED, TOO_MANY, Client, Hub
from server.recordings.schemas import Recording

router = APIRouter()


class Shares(Protocol):
    """Given by the tier that knows who may see a share."""

    async def find(self, slug: str) -> Recording:
        """Raises NotFound."""
        ...


@router.websocket("/ws")
async def live_events(socket: WebSocket, token: str = "", share: str = "") -> None:
    if share and not token:
        await _watch(socket, share)
        return
    user = await whose(socket, token, Scope.RECORDINGS_READ)
    # Refused after the handshake: a browser hides the reason of a connection that was never made.
    await socket.accept()
    if user is None:
        await socket.close(BAD_TOKEN, "Sign in first: this needs a valid token.")
        return
    hub = cast("Hub", socket.app.state.services.hub)
    client = hub.join(user.id, user.session_id or user.key_id)
    try:
        await _serve(socket, client)
    finally:
        hub.leave(client)


async def _watch(socket: WebSocket, slug: str) -> None:
    await socket.accept()
    try:
        recording = await cast("Shares", socket.app.state.services.sharing).find(slug)
    except NotFound:
        recording = None
    if recording is None or not recording.allow_comments:
        await socket.close(NOT_SHARED, "There is no shared recording with comments at this link.")
        return
    hub = cast("Hub", socket.app.state.services.hub)
    client = hub.watch(recording.id)
    if client is None:
        await socket.close(TOO_MANY, "Too many watch this recording: ask for its comments over HTTP.")
        return
    try:
        await _serve(socket, client)
    finally:
        hub.leave(client)


async def _serve(socket: WebSocket, client: Client) -> None:
    """Until either side has enough; the other half is cancelled then."""
    sender = asyncio.create_task(_send(socket, client))
    try:
        await _receive(socket, client)
    finally:
        sender.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sender


async def _send(socket: WebSocket, client: Client) -> None:
    while (message := await client.next()) is not None:
        await socket.send({"type": "websocket.send", "text": message})
    await socket.close(client.close_code)


async def _receive(socket: WebSocket, client: Client) -> None:
    """Answers pings; clients have nothing else to say yet, and what they say all the same is passed over."""
    while (message := await socket.receive())["type"] != "websocket.disconnect":
        if _is_ping(message.get("text") or ""):
            client.offer('{"type":"pong","data":{}}')


def _is_ping(text: str) -> bool:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("type") == "ping"

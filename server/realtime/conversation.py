"""One WebSocket from the moment it is known who is there: what it is told, what it says, when it ends."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect
from sqlalchemy.exc import DBAPIError

from server.db import now
from server.errors import InvalidRequest, ServerError
from server.identity.access import whose
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.postgres import Unreachable
from server.realtime import commands
from server.realtime.client import Client
from server.realtime.messages import BAD_MESSAGES, BAD_TOKEN, GOING_AWAY, TOO_MANY, encode, of_error
from server.responses import of_database

# Seconds before a token's end that a client is told of it; half of its life where that is shorter.
WARN_S = 60.0
# Messages a client may send in a stretch of time, and how many of all may be none that the server takes.
MOST_MESSAGES, PER_S = 100, 10.0
MOST_WRONG = 20
# How long one that does not read may keep the connection after it was told to end.
CLOSE_S = 10.0


class Conversation:
    """`run` returns when either side has enough."""

    def __init__(self, socket: WebSocket, client: Client) -> None:
        self._socket = socket
        self._client = client
        self._timers: list[asyncio.TimerHandle] = []
        self._cuts: list[asyncio.TimerHandle] = []
        self._wrong = 0
        self._said: tuple[float, int] = (time.monotonic(), 0)

    async def run(self, first: list[str]) -> None:
        """Tells `first`, then what comes."""
        receiver = asyncio.create_task(self._receive())
        sender = asyncio.create_task(self._send(first))
        # The other side answers the end; who does not, or never reads so far, is cut off.
        self._client.on_close = lambda: self._cut_off(receiver)
        self._expect_end()
        try:
            await asyncio.wait((receiver, sender), return_when=asyncio.FIRST_COMPLETED)
            if not receiver.done():
                await asyncio.wait((receiver,), timeout=CLOSE_S)
        finally:
            for timer in (*self._timers, *self._cuts):
                timer.cancel()
            receiver.cancel()
            sender.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sender
            with suppress(asyncio.CancelledError):
                await receiver

    def _cut_off(self, receiver: asyncio.Task[None]) -> None:
        self._cuts.append(asyncio.get_running_loop().call_later(CLOSE_S, receiver.cancel))

    async def _send(self, first: list[str]) -> None:
        for message in first:
            await self._tell(message)
        while (told := await self._client.next()) is not None:
            await self._tell(told)
        await self._socket.close(self._client.close_code, self._client.close_reason)

    async def _tell(self, message: str) -> None:
        await self._socket.send({"type": "websocket.send", "text": message})

    async def _receive(self) -> None:
        while (message := await self._socket.receive())["type"] != "websocket.disconnect":
            if self._client.closed:
                continue
            if self._too_much():
                self._end(TOO_MANY, f"At most {MOST_MESSAGES} messages in {PER_S:.0f} seconds are taken.")
                continue
            await self._answer(message.get("text"))

    async def _answer(self, text: str | None) -> None:
        reply: dict[str, Any] = {}
        try:
            said = read(text)
            if isinstance(said.get("id"), (str, int)) and len(str(said["id"])) <= 100:
                reply = {"replyTo": said["id"]}
            answer = await self._understand(said["type"], said.get("data") or {}, reply)
        except ServerError as problem:
            answer = of_error(problem, **reply)
            self._count_wrong(problem)
        except (DBAPIError, Unreachable) as problem:
            known = of_database(problem)
            if known is None:
                raise
            answer = of_error(known, **reply)
        if not self._client.offer(answer):
            self._end(TOO_MANY, "You say more than you listen to.")

    async def _understand(self, type_: str, data: dict[str, Any], reply: dict[str, Any]) -> str:
        if type_ == "ping":
            return encode("pong", {}, **reply)
        user = self._client.user
        if user is None:
            raise InvalidRequest(
                "Viewers only listen here: ping is all they can say.", code="unknown_message"
            )
        if type_ == "auth":
            return await self._renew(user, data, reply)
        return encode("ack", await commands.run(self._socket, user, type_, data), **reply)

    async def _renew(self, user: User, data: dict[str, Any], reply: dict[str, Any]) -> str:
        """A newer token of the same person, in place of the one that ends."""
        token = data.get("token")
        again = await whose(self._socket, token if isinstance(token, str) else "", Scope.RECORDINGS_READ)
        if again is None or again.id != user.id:
            self._end(BAD_TOKEN, "This token is not valid here: sign in again.")
            raise InvalidRequest("This token is not valid here: sign in again.", code="unauthenticated")
        self._client.user = again
        self._expect_end()
        return encode("authenticated", {"userId": again.id, "expiresAt": moment(again.until)}, **reply)

    def _expect_end(self) -> None:
        """Says shortly before that the token ends, and ends with it."""
        for timer in self._timers:
            timer.cancel()
        self._timers = []
        user, loop = self._client.user, asyncio.get_running_loop()
        until = self._client.until if user is None else user.until
        if until is None:
            return
        left = (until - now()).total_seconds()
        if user is None:
            ended = "What let you in has ended. Connect again if something still does."
            self._timers = [loop.call_later(max(left, 0), self._end, GOING_AWAY, ended)]
            return
        told = encode("token.expiring", {"expiresAt": moment(until)})
        ended = "Your token has ended: send a newer one in time, or connect again with one."
        self._timers = [
            loop.call_later(max(left - WARN_S, left / 2, 0), self._client.offer, told),
            loop.call_later(max(left, 0), self._end, BAD_TOKEN, ended),
        ]

    def _end(self, code: int, reason: str) -> None:
        self._client.close(code, reason)

    def _too_much(self) -> bool:
        began, count = self._said
        if time.monotonic() - began > PER_S:
            began, count = time.monotonic(), 0
        self._said = (began, count + 1)
        return count >= MOST_MESSAGES

    def _count_wrong(self, problem: ServerError) -> None:
        """Slips are answered; who says nothing but nonsense is a program that does not know us."""
        if problem.code in ("invalid_request", "unknown_message"):
            self._wrong += 1
        if self._wrong >= MOST_WRONG:
            self._end(BAD_MESSAGES, f"{MOST_WRONG} messages were none that this server takes.")


def moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def read(text: str | None) -> dict[str, Any]:
    """`{"type", "data"}` with an `id` of the client's, or not. Raises InvalidRequest."""
    if text is None:
        raise InvalidRequest("Messages are text: JSON with a type and data.")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InvalidRequest("The message is no JSON.") from problem
    data = said.get("data") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(said.get("type"), str):
        raise InvalidRequest("A message is an object with a type.")
    if data is not None and not isinstance(data, dict):
        raise InvalidRequest("The data of a message is an object.")
    return said

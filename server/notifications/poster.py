"""Empties the queues of Slack channels: each in order and one at a time, all side by side.

A channel is leased while it is written to, so a killed server's are found by the next one; the message that
was on its way then may come twice. A channel that fails is left alone for longer and longer, and is disabled
with a notice after a day, or at once when it says that it is gone.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from server.db import Database, Waiting, now
from server.identity.mfa.codes import Seal
from server.notifications import channels, events, slack, wording
from server.notifications.channels import State
from server.notifications.kinds import Kind
from server.notifications.models import ChannelRow, PostRow
from server.notifications.sight import Sight
from server.rounds import Rounds
from server.webhooks.schedule import HOUR_S, Schedule
from server.webhooks.transport import TIMEOUT_S, Answer

AT_ONCE = 8
LEASE = timedelta(seconds=TIMEOUT_S + 30)
LOOK_EVERY_S = 5.0
# Slack takes a message a second for a channel; a rate that it refuses (429) is over soon.
SCHEDULE = Schedule((5, 15, 60, 300, 1800, 2 * HOUR_S, 5 * HOUR_S, 8 * HOUR_S))
# Slack's ways to say that nobody will ever write there again: removed, forbidden, archived.
GONE = frozenset({403, 404, 410})
_HEADERS = {"Content-Type": "application/json", "User-Agent": "Heddle"}

_log = structlog.get_logger(__name__)


class Sends(Protocol):
    """`webhooks.transport.Client`: to no address that is not allowed."""

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer: ...


class Poster:
    """`base` is the server's address, without which messages have no link."""

    def __init__(
        self,
        db: Database,
        client: Sends,
        sight: Sight,
        seal: Seal,
        *,
        base: str,
        schedule: Schedule = SCHEDULE,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db = db
        self._client = client
        self._sight = sight
        self._seal = seal
        self._base = base
        self._schedule = schedule
        self._clock = clock
        self.rounds = Rounds("slack-poster", self._round, every_s=LOOK_EVERY_S)
        db.on_commit(Waiting.POSTS, self.rounds.wake)

    async def _round(self) -> None:
        while await self.deliver():
            pass

    async def deliver(self) -> int:
        """One message to each channel that is due; how many channels."""
        at = self._clock()
        async with self._db.read() as session:
            found = await channels.due(session, at, AT_ONCE)
        if not found:
            return 0
        async with self._db.write() as session:
            held = [one for one in found if await channels.claim(session, one.id, at, LEASE)]
        await asyncio.gather(*(self._next(one) for one in held))
        return len(held)

    async def trial(self, channel: ChannelRow) -> Answer:
        """Writes there at once, whatever state it is in."""
        return await self._send(channel, slack.encoded(slack.trial()))

    async def _next(self, channel: ChannelRow) -> None:
        async with self._db.read() as session:
            post = await channels.first_waiting(session, channel.id, self._clock())
        if post is None:
            await self._settle(channel, None, None)
            return
        body = await self._body(channel, post)
        answer = None if body is None else await self._send(channel, body)
        await self._settle(channel, post, answer)

    async def _body(self, channel: ChannelRow, post: PostRow) -> bytes | None:
        """None where it must not be told any more: its recording is gone, or hidden from them by now."""
        recording = await self._sight.recording(post.recording_id)
        if post.recording_id is not None:
            if recording is None:
                return None
            if channel.workspace_id is not None:
                if recording.workspace_id != channel.workspace_id:
                    return None
            elif not await self._sight.sees(channel.user_id, recording):
                return None
        url = wording.link(self._base, Kind(post.kind), recording, post.data)
        title = recording.title if recording is not None else None
        return slack.encoded(slack.message(Kind(post.kind), post.data, title=title, url=url))

    async def _send(self, channel: ChannelRow, body: bytes) -> Answer:
        url = self._seal.open(channel.sealed_url)
        if url is None:
            return Answer(410, "The server's keys were replaced: enter the address anew.", "", 0)
        return await self._client.post(url, _HEADERS, body)

    async def _settle(self, channel: ChannelRow, post: PostRow | None, answer: Answer | None) -> None:
        """Writes down what became of it. Nothing happens where the channel was deleted meanwhile."""
        at = self._clock()
        async with self._db.write() as session:
            row = await session.get(ChannelRow, channel.id, with_for_update=True)
            told = None if post is None else await session.get(PostRow, post.id)
            if row is None:
                return
            row.not_before = None
            if told is None:
                return
            if answer is None:
                told.state, told.error = State.FAILED, "It may not be told there any more."
            elif answer.problem is None:
                told.state, told.error = State.SENT, None
                row.failures, row.failing_since, row.last_success_at = 0, None, at
            elif answer.status == 400:  # Slack does not want this one message (invalid_payload)
                told.state, told.error = State.FAILED, answer.problem
            else:
                told.error = answer.problem
                wait_s = _failed(row, answer, at, self._schedule)
                if wait_s is not None:
                    row.not_before = at + timedelta(seconds=wait_s)
                    return
                row.is_active, row.disabled_at, row.disabled_reason = False, at, answer.problem
                await channels.drop_waiting(session, row.id, "The channel was disabled.")
                events.channel_disabled(
                    session,
                    channel_id=row.id,
                    user_id=row.user_id,
                    description=row.description or row.shown,
                    reason=answer.problem or "",
                )


def _failed(row: ChannelRow, answer: Answer, at: datetime, schedule: Schedule) -> float | None:
    """Seconds until it is tried again; None when it is not."""
    row.failures += 1
    row.failing_since = row.failing_since or at
    if answer.status in GONE:
        return None
    return schedule.next_wait(row.failures, (at - row.failing_since).total_seconds())

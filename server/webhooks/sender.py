"""Sends what is due: side by side, but in order within a recording, and each endpoint and person has a share.

What is being sent is leased in the database. A process that dies leaves its leases, and what they hold is
sent again, by its next life at once or by another process when they run out. So a receiver may hear twice,
but never not at all.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from server.db import Database, now
from server.webhooks import outcomes, repository, signing
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.schedule import Breaker, Schedule
from server.webhooks.schemas import Claim
from server.webhooks.transport import TIMEOUT_S, Client

# One slow endpoint, or all those of one person, must not hold the others.
AT_ONCE = 64
PER_USER = 16
PER_ENDPOINT = 4
# Longer than a try can take, bodies and database included.
LEASE = timedelta(seconds=TIMEOUT_S + 30)
LOOK_EVERY_S = 2.0
# What is being sent when the server stops gets this long.
FINISH_S = 3.0
KEEP = timedelta(days=30)
# What transactions are about that go through everybody's deliveries; rows are locked where they are read.
QUEUE = "webhook deliveries"
PRUNE_EVERY = timedelta(hours=6)

_log = structlog.get_logger(__name__)


class Sender:
    """One task that starts others. `owner` names this process among those on the same database."""

    def __init__(
        self,
        db: Database,
        client: Client,
        *,
        schedule: Schedule | None = None,
        breaker: Breaker | None = None,
        owner: str = "serve",
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db = db
        self._client = client
        self._schedule = schedule or Schedule()
        self._breaker = breaker or Breaker()
        self._owner = owner
        self._clock = clock
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._sending: dict[asyncio.Task[None], Claim] = {}
        self._stopping = False
        self._pruned_at: datetime | None = None

    @property
    def alive(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="webhooks")

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def stop(self) -> None:
        """Idempotent. What does not end soon is cut off and sent again at the next start."""
        self._stopping = True
        self._wake.set()
        task, self._task = self._task, None
        if task is not None:
            await asyncio.wait({task})
        if self._sending:
            await asyncio.wait(self._sending, timeout=FINISH_S)
        for sending in list(self._sending):
            sending.cancel()
        if self._sending:
            await asyncio.wait(self._sending)

    async def _run(self) -> None:
        await self._begin()
        while not self._stopping:
            self._wake.clear()
            wait_s = LOOK_EVERY_S
            try:
                while await self.fill():
                    pass
                await self._prune()
                wait_s = await self._until_due()
            except Exception:  # noqa: BLE001 (logged; whatever it is, deliveries go on)
                # The database may be locked or its disk full for a while; the rows stay where they are.
                _log.exception("webhooks_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), wait_s)

    async def _begin(self) -> None:
        try:
            self._pruned_at = self._clock()
            async with self._db.write(QUEUE) as session:
                await repository.release(session, self._owner)
                await repository.prune(session, self._pruned_at, KEEP)
        except Exception:  # noqa: BLE001 (logged; the leases run out by themselves)
            _log.exception("webhooks_failed")

    async def fill(self) -> int:
        """Starts what may be sent now; how many deliveries."""
        room = AT_ONCE - len(self._sending)
        if room <= 0 or not await self._anything():
            return 0
        claims = await self._claim(room)
        for claim in claims:
            task = asyncio.create_task(self._send(claim), name=f"webhook-{claim.delivery_id}")
            self._sending[task] = claim
            task.add_done_callback(self._sent)
        return len(claims)

    async def _anything(self) -> bool:
        """Looking costs no writing transaction."""
        endpoints, people = self._full()
        async with self._db.read() as session:
            rows = await repository.due(
                session, self._clock(), without=endpoints, without_users=people, limit=1
            )
        return bool(rows)

    async def _claim(self, room: int) -> list[Claim]:
        endpoints, people = self._full()
        at = self._clock()
        claims: list[Claim] = []
        busy = Counter(claim.subscription_id for claim in self._sending.values())
        theirs = Counter(claim.user_id for claim in self._sending.values())
        async with self._db.write(QUEUE) as session:
            rows = await repository.due(
                session, at, without=endpoints, without_users=people, limit=room, lock=True
            )
            for row, subscription in rows:
                probing = self._breaker.is_probing(subscription.failures) and not row.manual
                if busy[subscription.id] >= (1 if probing else PER_ENDPOINT):
                    continue
                if theirs[subscription.user_id] >= PER_USER:
                    continue
                busy[subscription.id] += 1
                theirs[subscription.user_id] += 1
                row.lease_owner, row.lease_until = self._owner, at + LEASE
                claims.append(_claim_of(row, subscription, at, probing=probing))
        return claims

    def _full(self) -> tuple[set[str], set[str]]:
        """Endpoints and people that have their share already."""
        sending = self._sending.values()
        busy = Counter(claim.subscription_id for claim in sending)
        full = {one for one, count in busy.items() if count >= PER_ENDPOINT}
        full |= {claim.subscription_id for claim in sending if claim.probing}
        people = Counter(claim.user_id for claim in sending)
        return full, {one for one, count in people.items() if count >= PER_USER}

    async def _send(self, claim: Claim) -> None:
        at = self._clock()
        body = claim.payload.encode()
        headers = signing.headers(
            claim.secrets, event=claim.event, delivery_id=claim.delivery_id, at=at, body=body
        )
        answer = await self._client.post(claim.url, headers, body)
        async with self._db.write(claim.user_id) as session:
            await outcomes.settle(
                session,
                claim,
                outcomes.Try(at, self._clock(), headers, answer),
                schedule=self._schedule,
                breaker=self._breaker,
            )

    def _sent(self, task: asyncio.Task[None]) -> None:
        claim = self._sending.pop(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            # It is tried again when its lease ends.
            _log.error("webhook_not_settled", delivery=claim.delivery_id, exc_info=problem)
        self._wake.set()

    async def _until_due(self) -> float:
        """Seconds, at most those after which it looks anyway."""
        at = self._clock()
        async with self._db.read() as session:
            due = await repository.next_due(session, at)
        return LOOK_EVERY_S if due is None else min(LOOK_EVERY_S, max(0.0, (due - at).total_seconds()))

    async def _prune(self) -> None:
        at = self._clock()
        if self._pruned_at is None or at - self._pruned_at > PRUNE_EVERY:
            self._pruned_at = at
            async with self._db.write(QUEUE) as session:
                await repository.prune(session, at, KEEP)


def _claim_of(row: DeliveryRow, subscription: SubscriptionRow, at: datetime, *, probing: bool) -> Claim:
    secrets = [subscription.secret]
    until = subscription.previous_secret_until
    if subscription.previous_secret and until is not None and until > at:
        secrets.append(subscription.previous_secret)
    return Claim(
        id=row.id,
        subscription_id=subscription.id,
        user_id=subscription.user_id,
        url=subscription.url,
        secrets=tuple(secrets),
        delivery_id=row.delivery_id,
        event=row.event,
        payload=row.payload,
        probing=probing,
    )

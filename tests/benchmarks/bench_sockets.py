"""2,000 WebSocket clients on one server process: how soon a message is with all, and with one of them.

From the request that changes a recording to the arrival of what is told of it. The clients are of 2,000
people who are in one team; the message to one is about a recording of their own.
"""

import argparse
import asyncio
import resource
import statistics
import time
from pathlib import Path

import httpx
from sqlalchemy import delete

from server.config import Settings
from server.db import Database, new_id
from server.identity.models import UserRow
from server.identity.permissions import WorkspaceRole
from server.identity.service import Identity
from server.identity.workspaces.models import MemberRow, WorkspaceRow
from server.outbox import OutboxRow
from server.recordings.models import RecordingRow
from server.setup import open_database, prepare
from tests.benchmarks.httpload import percentile
from tests.benchmarks.table import Figure
from tests.support.processes import cpu_seconds, rss_bytes
from tests.support.servers import Server

CLIENTS, ROUNDS, EACH, EACH_PER_S = 2_000, 20, 200, 10.0
GOAL_MS = 250.0
HANDSHAKES = 50  # at once
_PING = 0x9
_KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 3 * CLIENTS), hard), hard))
    people = asyncio.run(_people(folder / "data"))
    with Server(folder / "data", env={"HEDDLE_WORKERS": "0"}) as server:
        return asyncio.run(_run(server, people))


class _Person:
    """An account with a token, a member of the team, and `recording`, which is in their own workspace."""

    def __init__(self, token: str, recording: str) -> None:
        self.token, self.recording = token, recording


async def _run(server: Server, people: list[_Person]) -> list[Figure]:
    pid, loop = server.program.pid, asyncio.get_running_loop()
    before, began = rss_bytes(pid), time.perf_counter()
    gate = asyncio.Semaphore(HANDSHAKES)

    async def connect(person: _Person) -> _Client:
        async with gate:
            _, client = await loop.create_connection(
                lambda: _Client(server.port, person.token), "127.0.0.1", server.port
            )
            await client.ready
        return client

    clients = await asyncio.gather(*(connect(person) for person in people))
    handshakes = CLIENTS / (time.perf_counter() - began)
    memory = (rss_bytes(pid) - before) / CLIENTS
    limits = httpx.Limits(max_connections=8)
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, limits=limits, timeout=60) as http:
        spent = cpu_seconds(pid)
        to_all = [took for _ in range(ROUNDS) for took in await _to_all(http, people[0], clients)]
        cost = (cpu_seconds(pid) - spent) / len(to_all)
        to_each = await _to_each(http, people, clients)
    for client in clients:
        client.transport.close()
    note = f"{CLIENTS} clients"
    return [
        Figure("a message with all, p99", 1000 * percentile(to_all, 0.99), "ms", target=GOAL_MS,
               note=f"{note}, {ROUNDS} messages"),
        Figure("a message with all, median", 1000 * statistics.median(to_all), "ms"),
        Figure("a message with one, p99", 1000 * percentile(to_each, 0.99), "ms", target=GOAL_MS,
               note=f"{note}, {EACH} of them told, {EACH_PER_S:.0f} a second"),
        Figure("a message with one, median", 1000 * statistics.median(to_each), "ms"),
        Figure("CPU of a message to one of all", 1e6 * cost, "µs"),
        Figure("memory of a client", memory / 1024, "KiB"),
        Figure("connections made", handshakes, "1/s"),
    ]  # fmt: skip


async def _to_all(http: httpx.AsyncClient, owner: _Person, clients: list["_Client"]) -> list[float]:
    arrivals = [client.expect() for client in clients]
    began = await _change(http, owner.token, TEAM_RECORDING)
    return [at - began for at in await asyncio.gather(*arrivals)]


async def _to_each(http: httpx.AsyncClient, people: list[_Person], clients: list["_Client"]) -> list[float]:
    start = time.perf_counter()

    async def tell(number: int) -> float:
        await asyncio.sleep(max(0.0, start + number / EACH_PER_S - time.perf_counter()))
        which = number * (CLIENTS // EACH)
        arrival = clients[which].expect()
        began = await _change(http, people[which].token, people[which].recording)
        return await arrival - began

    return await asyncio.gather(*(tell(number) for number in range(EACH)))


async def _change(http: httpx.AsyncClient, token: str, recording: str) -> float:
    """When it was asked for."""
    began = time.perf_counter()
    answer = await http.patch(
        f"/api/v1/recordings/{recording}",
        json={"title": f"Changed at {began}"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text
    return began


TEAM_RECORDING = new_id()


async def _people(data: Path) -> list[_Person]:
    settings = Settings(data=data, access_token_s=86_400)
    kept = await asyncio.to_thread(prepare, settings)
    db = open_database(settings)
    identity = await asyncio.to_thread(Identity, db, settings, kept.seal_key)
    try:
        people = [
            _Person((await identity.sessions.open(user)).access.token, recording)
            for user, recording in await _insert(db)
        ]
        async with db.write() as session:  # that they signed in is no news to anybody
            await session.execute(delete(OutboxRow))
        return people
    finally:
        identity.close()
        await db.close()


async def _insert(db: Database) -> list[tuple[str, str]]:
    made = [(new_id(), new_id(), new_id()) for _ in range(CLIENTS)]
    team = new_id()
    async with db.write() as session:
        for number, (user, _, _) in enumerate(made):
            session.add(
                UserRow(
                    id=user,
                    email=f"{number}@example.org",
                    username=f"{number}",
                    password_hash="-",
                    role="member",
                )
            )
        session.add(WorkspaceRow(id=team, name="All"))
        session.add_all(WorkspaceRow(id=place, name="Own", personal_of=user) for user, place, _ in made)
        await session.flush()
        for user, place, recording in made:
            session.add(MemberRow(workspace_id=place, user_id=user, role=WorkspaceRole.OWNER))
            session.add(MemberRow(workspace_id=team, user_id=user, role=WorkspaceRole.MEMBER))
            session.add(_recording(recording, user, place))
        session.add(_recording(TEAM_RECORDING, made[0][0], team))
    return [(user, recording) for user, _, recording in made]


def _recording(id_: str, user: str, place: str) -> RecordingRow:
    return RecordingRow(
        id=id_,
        user_id=user,
        workspace_id=place,
        title="Told",
        recording_type="screen",
        status="completed",
        settings={},
        slug=id_[:32],
    )


class _Client(asyncio.Protocol):
    """Notes when bytes arrive, and looks at them no closer than that: 2,000 of them share one loop."""

    def __init__(self, port: int, token: str) -> None:
        loop = asyncio.get_running_loop()
        self._head = (
            f"GET /ws?token={token} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {_KEY}\r\n\r\n"
        ).encode()
        self.ready: asyncio.Future[float] = loop.create_future()
        self._next: asyncio.Future[float] | None = None
        self._begun, self._upgraded = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._begun += data
        if not self._upgraded:
            _, self._upgraded, self._begun = _head(self._begun)
        while self._upgraded and (frame := _frame(self._begun)) is not None:
            opcode, body, self._begun = frame
            if opcode == _PING:  # answered with a mask of zeros
                self.transport.write(bytes([0x8A, 0x80 | len(body)]) + bytes(4) + body)
            elif not self.ready.done():
                self.ready.set_result(at)
            elif self._next is not None and not self._next.done():
                self._next.set_result(at)

    def expect(self) -> "asyncio.Future[float]":
        """When the next message arrives."""
        self._next = asyncio.get_running_loop().create_future()
        return self._next


def _head(begun: bytes) -> tuple[bytes, bool, bytes]:
    """The answer to the handshake, whether it is all there, and what came behind it."""
    head, end, rest = begun.partition(b"\r\n\r\n")
    return (head, True, rest) if end else (b"", False, begun)


def _frame(begun: bytes) -> tuple[int, bytes, bytes] | None:
    """Opcode, body and what comes behind it, of a frame of less than 64 KiB: RFC 6455 section 5.2."""
    size, start = (begun[1] & 0x7F, 2) if len(begun) >= 2 else (0, 2)
    if size == 126:
        size, start = int.from_bytes(begun[2:4], "big"), 4
    if len(begun) < start + size or len(begun) < start:
        return None
    return begun[0] & 0x0F, begun[start : start + size], begun[start + size :]

"""How many lists of recordings the server answers to somebody who signed in and has 10,000, on SQLite.

Against a bare FastAPI route that answers the same document from memory: without a database, without knowing
who asks. Both are one process; turns alternate.
"""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx

from server.config import Settings
from server.recordings.models import RecordingRow
from server.setup import open_database
from tests.benchmarks.httpload import Target, latencies, percentile, rate
from tests.benchmarks.table import Figure
from tests.support.processes import Program, cpu_seconds
from tests.support.servers import Server

RECORDINGS = 10_000
CONNECTIONS, SECONDS = 8, 5.0
RATE_GOAL, P99_GOAL_MS = 0.3, 50.0


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    with ExitStack() as stack:
        server = stack.enter_context(Server(folder / "data", env={"HEDDLE_WORKERS": "0"}))
        _fill(server)
        document = folder / "document.json"
        document.write_text(json.dumps(server.get("/api/v1/recordings")))
        command = [sys.executable, "-m", "tests.benchmarks.bare", document]
        bare = stack.enter_context(Program(command, log_folder=folder))
        address = bare.says("Bare at ").split("Bare at ")[1].split()[0]
        ours = Target(f"{server.url}/api/v1/recordings", server.token)
        return asyncio.run(_measure(ours, server, Target(address), bare, options.repeat))


async def _measure(ours: Target, server: Server, theirs: Target, bare: Program, repeat: int) -> list[Figure]:
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    costs: dict[str, list[float]] = {"ours": [], "theirs": []}
    turns = (("ours", ours, server.program), ("theirs", theirs, bare))
    for number in range(repeat + 1):  # the first turn warms up
        for name, target, program in turns:
            before = cpu_seconds(program.pid)
            got = await rate(target, connections=CONNECTIONS, seconds=SECONDS if number else 1.0)
            if number:
                rates[name].append(got)
                costs[name].append(1000 * (cpu_seconds(program.pid) - before) / (got * SECONDS))
    ours_rate, bare_rate = (statistics.median(rates[name]) for name in ("ours", "theirs"))
    half = ours_rate / 2
    took = await latencies(ours, connections=4 * CONNECTIONS, per_second=half, seconds=2 * SECONDS)
    pages = replace(ours, pages=RECORDINGS // 20)
    anew = await rate(pages, connections=CONNECTIONS, seconds=SECONDS)
    async with _recorder(server):
        meanwhile = await rate(ours, connections=CONNECTIONS, seconds=SECONDS)
    peer, note = "bare FastAPI route", f"{RECORDINGS} recordings, {CONNECTIONS} connections"
    cost = [statistics.median(costs[name]) for name in ("ours", "theirs")]
    return [
        Figure(
            "lists answered", ours_rate, "1/s", bare_rate, peer, RATE_GOAL, at_least=True, note=note
        ),
        Figure("CPU of a list", cost[0], "ms", cost[1], peer),
        Figure("a list at half load, p99", 1000 * percentile(took, 0.99), "ms", target=P99_GOAL_MS,
               note=f"{half:.0f} a second"),
        Figure("a list at half load, median", 1000 * statistics.median(took), "ms"),
        Figure("lists answered while somebody records", meanwhile, "1/s", bare_rate, peer,
               note="the database changes twice a second"),
        Figure("lists answered, each another page", anew, "1/s", bare_rate, peer,
               note="nothing is remembered but who asks"),
    ]  # fmt: skip


@asynccontextmanager
async def _recorder(server: Server) -> AsyncIterator[None]:
    """Changes a recording as often as a recorder sends."""
    recording = server.get("/api/v1/recordings")["data"][-1]["id"]

    async def change() -> None:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with httpx.AsyncClient(base_url=server.url, trust_env=False, headers=headers) as client:
            for number in count():
                await asyncio.sleep(0.5)
                await client.patch(f"/api/v1/recordings/{recording}", json={"title": f"{number}"})

    task = asyncio.create_task(change())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _fill(server: Server) -> None:
    user = server.get("/api/v1/me")["id"]
    place = server.get("/api/v1/workspaces")["data"][0]["id"]
    asyncio.run(_insert(server.data, user, place))


async def _insert(data: Path, user: str, place: str) -> None:
    db = open_database(Settings(data=data))
    first = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        async with db.write() as session:
            session.add_all(
                RecordingRow(
                    user_id=user,
                    workspace_id=place,
                    title=f"Weekly review {number}",
                    description="What we did, and what comes next.",
                    recording_type="screen",
                    status="completed",
                    settings={"frameRate": 30, "quality": "high"},
                    slug=f"bench-{number}",
                    duration_ms=60_000 + number,
                    duration_seconds=60,
                    file_size_bytes=5_000_000,
                    sha256="0" * 64,
                    created_at=first + timedelta(minutes=number),
                )
                for number in range(RECORDINGS)
            )
    finally:
        await db.close()

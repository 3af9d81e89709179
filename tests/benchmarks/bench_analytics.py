"""How many events of players the server takes, through the whole application but without a network.

Viewers send at once: one event a call, as players do every ten seconds, and then fifty a call.
"""

import argparse
import asyncio
import json
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from server.analytics import limits
from server.app import create_app
from server.config import Settings
from server.identity.models import UserRow
from server.recordings.schemas import RecordingType, StartRecordingRequest
from tests.benchmarks.table import Figure

VIEWERS, ROUNDS = 64, 20
AGENT = b"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    return asyncio.run(_run(folder))


async def _run(folder: Path) -> list[Figure]:
    limits.EVENTS = limits.RateLimitItemPerMinute(10**9)
    app = create_app(Settings(data=folder / "analytics", workers=0, log_level="error"))
    figures = []
    async with app.router.lifespan_context(app):
        slug = await _recording(app)
        for events in (1, 50):
            began, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*(_watch(app, slug, events) for _ in range(VIEWERS)))
            wall, cpu = time.perf_counter() - began, time.process_time() - cpu
            count = VIEWERS * ROUNDS * events
            note = f"{VIEWERS} viewers, {ROUNDS} calls each"
            figures += [
                Figure(f"events stored, {events} a call", count / wall, "1/s", note=note),
                Figure(f"CPU of an event, {events} a call", cpu / count * 1000, "ms"),
            ]
    return figures


async def _recording(app: FastAPI) -> str:
    services = app.state.services
    user = UserRow(email="a@example.org", username="a", password_hash="-", role="member")
    async with services.db.write() as session:
        session.add(user)
    request = StartRecordingRequest(recording_type=RecordingType.SCREEN)
    recording = await services.recordings.create(user.id, request)
    await services.recordings.measured(recording.id, 600.0)
    return str(recording.slug)


async def _watch(app: FastAPI, slug: str, events: int) -> None:
    session = str(uuid.uuid4())
    for number in range(ROUNDS):
        told = [_event(slug, session, 10.0 * number + one / 5) for one in range(events)]
        status = await _post(app, json.dumps({"events": told}).encode())
        assert status == 202, status


def _event(slug: str, session: str, at: float) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "type": "stream_progress",
        "slug": slug,
        "sessionId": session,
        "at": datetime.now(UTC).isoformat(),
        "watched": [[at, at + 10]],
        "quality": "1080p",
    }


async def _post(app: FastAPI, body: bytes) -> int:
    """As a server of ASGI would call it: a client would cost more than what is measured."""
    path = "/api/v1/analytics/events"
    headers = [(b"content-type", b"text/plain"), (b"user-agent", AGENT), (b"host", b"heddle.test")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
        "headers": headers, "client": ("203.0.113.7", 1), "server": ("heddle.test", 80),
    }  # fmt: skip
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    return status

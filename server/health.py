"""Can this process serve? `live` says it runs, `ready` that its parts do."""

import asyncio
import shutil
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from server.wiring import Services

router = APIRouter(prefix="/health", tags=["Health"])


@dataclass(frozen=True, slots=True)
class Check:
    ok: bool
    detail: str


@router.get("/live", operation_id="live", summary="The process runs")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/ready", operation_id="ready", summary="The server can do its work")
async def ready(request: Request) -> JSONResponse:
    checks = await check(request.app.state.services)
    ok = all(one.ok for one in checks.values())
    body = {
        "status": "ok" if ok else "unavailable",
        "checks": {name: {"ok": one.ok, "detail": one.detail} for name, one in checks.items()},
    }
    return JSONResponse(body, 200 if ok else 503)


async def check(services: Services) -> dict[str, Check]:
    """Looks at each part; none waits long."""
    return {
        "database": await _database(services),
        "storage": await asyncio.to_thread(_storage, services),
        "disk": await asyncio.to_thread(_disk, services),
        "events": _alive(services.dispatcher.alive, "the event dispatcher"),
        "worker": _worker(services),
    }


async def _database(services: Services) -> Check:
    try:
        async with asyncio.timeout(2), services.db.read() as session:
            await session.execute(text("SELECT version_num FROM alembic_version"))
    except Exception as problem:  # noqa: BLE001 (whatever it is, the answer is no)
        return Check(ok=False, detail=f"cannot be read: {type(problem).__name__}")
    return Check(ok=True, detail="answers")


def _storage(services: Services) -> Check:
    probe = services.settings.media_root / ".probe"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as problem:
        return Check(ok=False, detail=f"cannot be written: {problem.strerror}")
    return Check(ok=True, detail="can be written")


def _disk(services: Services) -> Check:
    free = shutil.disk_usage(services.settings.data).free
    wanted = services.settings.min_free_bytes
    return Check(ok=free >= wanted, detail=f"{free // 2**20} MiB free, at least {wanted // 2**20} MiB wanted")


def _worker(services: Services) -> Check:
    if services.settings.workers == 0:
        return Check(ok=True, detail="none in this process")
    return _alive(services.processing.alive, "the worker")


def _alive(alive: bool, what: str) -> Check:
    return Check(ok=alive, detail=f"{what} {'runs' if alive else 'has stopped'}")

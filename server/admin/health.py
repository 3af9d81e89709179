"""How the server is: what `/health/ready` asks, and beyond it all that explains a slow or a silent server."""

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import text

from server import doctor, logging, migrations, outbox
from server.admin import disk
from server.admin.verdict import Reason, Standing, reasons_of, standing_of
from server.ai import speech
from server.backlogs import Backlog
from server.config import Settings
from server.db import Database, now
from server.doctor import Finding
from server.limits.service import Limits
from server.lock import is_served
from server.mail import queue as mail
from server.processing.ledger import LaneState, Ledger
from server.processing.service import OWNER, Processing
from server.webhooks import repository as webhooks

# A walk over all files is not made again for everybody who looks.
LOOK_APART_S = 60.0


@dataclass(frozen=True, slots=True)
class Lane:
    """`workers` are those of this process."""

    state: LaneState
    workers: int


@dataclass(frozen=True, slots=True)
class Report:
    """Sizes are bytes. `queues` by name; `workers` with the jobs each holds."""

    standing: Standing
    reasons: list[Reason]
    checks: dict[str, Finding]
    version: str
    started_at: datetime
    database: str
    database_bytes: int | None
    migration: str | None
    newest_migration: str
    disk_free: int
    disk_total: int
    areas: dict[disk.Area, disk.Usage]
    looked_at: datetime
    lanes: list[Lane]
    workers: dict[str, int]
    queues: dict[str, Backlog]
    limits_in: str
    limits_reachable: bool
    encoders_wanted: str
    encoders_chosen: dict[str, str]
    encoders_rejected: dict[str, str]
    speech: Finding
    errors: list[logging.Trouble]


class Health:
    """Asked by routes; keeps nothing but the last walk over the files."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        *,
        events_alive: Callable[[], bool],
        processing: Processing,
        limits: Limits,
    ) -> None:
        self._db = db
        self._settings = settings
        self._events_alive = events_alive
        self._processing = processing
        self._limits = limits
        self._ledger = Ledger(db)
        self._started_at = now()
        self._walk = asyncio.Lock()
        self._examining = asyncio.Lock()
        self._found: disk.Found | None = None
        self._found_at = 0.0
        self._found_on = self._started_at

    async def checks(self) -> dict[str, Finding]:
        """Whether each part works at all; none waits long."""
        return {
            "database": await self._database(),
            "storage": await asyncio.to_thread(self._storage),
            "disk": await asyncio.to_thread(self._disk),
            "events": _alive("event dispatcher", self._events_alive()),
            "worker": self._worker(),
        }

    async def report(self) -> Report:
        checks = await self.checks()
        usage = shutil.disk_usage(self._settings.data)
        found = await self.found()
        there = checks["database"].ok
        queues = await self._queues() if there else {}
        lanes = (
            [Lane(one, self._processing.lanes[one.lane]) for one in await self._ledger.lanes()]
            if there
            else []
        )
        workers = await self._workers() if there else {}
        migration = await self._migration() if there else None
        reachable = await self._limits.reachable()
        heard = await asyncio.to_thread(speech.look, self._settings)
        reasons = reasons_of(
            checks,
            queues=queues,
            lanes=[one.state for one in lanes],
            migration=(migration, migrations.newest()) if there else None,
            limits_reachable=reachable,
            disk=(usage.free, self._settings.min_free_bytes),
            rejected=self._processing.encoders.rejected.get(self._settings.rendition_encoder),
            at=now(),
        )
        return Report(
            standing=standing_of(reasons),
            reasons=reasons,
            checks=checks,
            version=_version(),
            started_at=self._started_at,
            database="PostgreSQL" if self._db.is_postgres else "SQLite",
            database_bytes=await self._db.size_bytes() if there else None,
            migration=migration,
            newest_migration=migrations.newest(),
            disk_free=usage.free,
            disk_total=usage.total,
            areas=found.areas,
            looked_at=self._found_on,
            lanes=lanes,
            workers=workers,
            queues=queues,
            limits_in="Redis" if self._settings.rate_limits_url else "memory",
            limits_reachable=reachable,
            encoders_wanted=self._settings.rendition_encoder,
            encoders_chosen=self._processing.encoders.chosen,
            encoders_rejected=dict(self._processing.encoders.rejected),
            speech=Finding(
                "speech",
                ok=heard.folder is not None,
                detail=str(heard.folder.name) if heard.folder else heard.reason,
                hint=heard.hint,
            ),
            errors=logging.RECENT.all(),
        )

    async def found(self, *, anew: bool = False) -> disk.Found:
        """What lies on the disk, as of the last minute."""
        async with self._walk:
            if self._found is None or anew or time.monotonic() - self._found_at > LOOK_APART_S:
                settings = self._settings
                self._found = await asyncio.to_thread(disk.look, settings.data, settings.media_root)
                self._found_at, self._found_on = time.monotonic(), now()
            return self._found

    async def examine(self) -> list[Finding]:
        """What `heddle-server doctor` says; it starts processes, so one at a time."""
        async with self._examining:
            return await asyncio.to_thread(doctor.examine, self._settings)

    async def _database(self) -> Finding:
        hint = "Look whether the disk is full, or the database server runs."
        try:
            async with asyncio.timeout(2):
                await self._migration()
        except Exception as problem:  # noqa: BLE001 (whatever it is, the answer is no)
            return Finding(
                "database", ok=False, detail=f"cannot be read: {type(problem).__name__}", hint=hint
            )
        return Finding("database", ok=True, detail="answers")

    async def _migration(self) -> str | None:
        async with self._db.read() as session:
            return (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar()

    def _storage(self) -> Finding:
        probe = self._settings.media_root / ".probe"
        try:
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as problem:
            hint = "Free space, or give the server's user the right to write there."
            return Finding("storage", ok=False, detail=f"cannot be written: {problem.strerror}", hint=hint)
        return Finding("storage", ok=True, detail="can be written")

    def _disk(self) -> Finding:
        free, wanted = shutil.disk_usage(self._settings.data).free, self._settings.min_free_bytes
        detail = f"{free // 2**20} MiB free, at least {wanted // 2**20} MiB wanted"
        return Finding("disk", ok=free >= wanted, detail=detail, hint="Free space, or move the data folder.")

    def _worker(self) -> Finding:
        if self._settings.workers == 0:
            return Finding("worker", ok=True, detail="none in this process")
        return _alive("worker", self._processing.alive)

    async def _queues(self) -> dict[str, Backlog]:
        async with self._db.read() as session:
            return {
                "jobs": await self._ledger.backlog(),
                "events": await outbox.backlog(session),
                "webhooks": await webhooks.backlog(session),
                "mail": await mail.backlog(session),
            }

    async def _workers(self) -> dict[str, int]:
        """This process, those beside it that hold the lock of their folder, and whoever holds a job."""
        held = await self._ledger.workers()
        here = {OWNER} if self._processing.lanes else set()
        beside = await asyncio.to_thread(self._beside)
        return {name: held.get(name, 0) for name in sorted({*here, *beside, *held})}

    def _beside(self) -> set[str]:
        folder = self._settings.data / "workers"
        return {one.name for one in folder.iterdir() if is_served(one)} if folder.is_dir() else set()


def _alive(what: str, alive: bool) -> Finding:
    detail = f"the {what} {'runs' if alive else 'has stopped'}"
    return Finding(what, ok=alive, detail=detail, hint="Start the server again; its log says why it stopped.")


def _version() -> str:
    try:
        return version("heddle")
    except PackageNotFoundError:
        return "0"


def uptime_s(started_at: datetime) -> float:
    return (datetime.now(UTC) - started_at).total_seconds()

"""The state of the server over HTTP."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field

from server.admin.access import PREFIX, Administrator, Wire, admin_of
from server.admin.disk import Area
from server.admin.health import Report, uptime_s
from server.admin.verdict import Standing
from server.backlogs import Backlog
from server.doctor import Finding
from server.processing.steps import Lane

router = APIRouter(prefix=PREFIX, tags=["Admin"])


class FindingOut(Wire):
    what: str
    ok: bool
    detail: str
    hint: str = Field(description="What to do where it is not well.")


class ReasonOut(Wire):
    standing: Standing
    what: str
    detail: str
    hint: str


class DatabaseOut(Wire):
    kind: str = Field(examples=["SQLite"])
    size_bytes: int | None
    migration: str | None
    newest_migration: str


class UsageOut(Wire):
    area: Area
    files: int
    bytes: int


class DiskOut(Wire):
    free_bytes: int
    total_bytes: int
    areas: list[UsageOut]
    looked_at: datetime = Field(description="When the files were counted.")


class LaneOut(Wire):
    lane: Lane
    queued: int
    processing: int
    oldest: datetime | None = Field(description="When the one that waits longest was made.")
    workers: int = Field(description="In this process.")


class WorkerOut(Wire):
    name: str
    jobs: int


class QueueOut(Wire):
    name: str
    waiting: int
    oldest: datetime | None
    dead: int


class RateLimitsOut(Wire):
    counted_in: str
    reachable: bool


class EncodersOut(Wire):
    wanted: str
    chosen: dict[str, str] = Field(description="By codec, as far as one was needed since the start.")
    rejected: dict[str, str] = Field(description="With the reason.")


class TroubleOut(Wire):
    at: str
    event: str
    detail: str


class HealthOut(Wire):
    standing: Standing
    reasons: list[ReasonOut]
    checks: list[FindingOut]
    version: str
    started_at: datetime
    uptime_seconds: float
    database: DatabaseOut
    disk: DiskOut
    lanes: list[LaneOut]
    workers: list[WorkerOut]
    queues: list[QueueOut]
    rate_limits: RateLimitsOut
    encoders: EncodersOut
    speech: FindingOut
    errors: list[TroubleOut] = Field(description="The last fifty of this process, the last first.")


class ExaminationOut(Wire):
    ok: bool
    findings: list[FindingOut]


@router.get("/health", operation_id="adminHealth", summary="How the server is")
async def health(request: Request, _user: Administrator) -> HealthOut:
    """A verdict with its reasons, and the figures behind it. Files are counted once a minute at most."""
    return _out(await admin_of(request).health.report())


@router.post("/health/examination", operation_id="adminExamine", summary="What heddle-server doctor says")
async def examine(request: Request, _user: Administrator) -> ExaminationOut:
    """Also tries the encoders, which takes some seconds."""
    findings = await admin_of(request).health.examine()
    return ExaminationOut(ok=all(one.ok for one in findings), findings=[finding_out(one) for one in findings])


def finding_out(one: Finding) -> FindingOut:
    return FindingOut(what=one.what, ok=one.ok, detail=one.detail, hint="" if one.ok else one.hint)


def _out(report: Report) -> HealthOut:
    return HealthOut(
        standing=report.standing,
        reasons=[
            ReasonOut(standing=one.standing, what=one.what, detail=one.detail, hint=one.hint)
            for one in report.reasons
        ],
        checks=[finding_out(one) for one in report.checks.values()],
        version=report.version,
        started_at=report.started_at,
        uptime_seconds=round(uptime_s(report.started_at), 1),
        database=DatabaseOut(
            kind=report.database,
            size_bytes=report.database_bytes,
            migration=report.migration,
            newest_migration=report.newest_migration,
        ),
        disk=disk_out(report),
        lanes=[
            LaneOut(
                lane=one.state.lane,
                queued=one.state.queued,
                processing=one.state.processing,
                oldest=one.state.oldest,
                workers=one.workers,
            )
            for one in report.lanes
        ],
        workers=[WorkerOut(name=name, jobs=jobs) for name, jobs in report.workers.items()],
        queues=[_queue(name, one) for name, one in report.queues.items()],
        rate_limits=RateLimitsOut(counted_in=report.limits_in, reachable=report.limits_reachable),
        encoders=EncodersOut(
            wanted=report.encoders_wanted, chosen=report.encoders_chosen, rejected=report.encoders_rejected
        ),
        speech=FindingOut(
            what="speech", ok=report.speech.ok, detail=report.speech.detail, hint=report.speech.hint
        ),
        errors=[TroubleOut(at=one.at, event=one.event, detail=one.detail) for one in report.errors],
    )


def disk_out(report: Report) -> DiskOut:
    areas = [UsageOut(area=area, files=one.files, bytes=one.bytes) for area, one in report.areas.items()]
    return DiskOut(
        free_bytes=report.disk_free,
        total_bytes=report.disk_total,
        areas=areas,
        looked_at=report.looked_at,
    )


def _queue(name: str, one: Backlog) -> QueueOut:
    return QueueOut(name=name, waiting=one.waiting, oldest=one.oldest, dead=one.dead)

"""Jobs of everybody, for whoever runs the server: in lists, by lane, one with what went wrong in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true

from server.backlogs import Backlog
from server.db import Database, is_id, now
from server.errors import NotFound
from server.processing import pieces, repository
from server.processing.models import JobRow
from server.processing.schemas import Job
from server.processing.states import JobStatus
from server.processing.steps import Lane, StepName


@dataclass(frozen=True, slots=True)
class Entry:
    """A job with what only whoever runs the server asks for. `log` is of its last failed tries."""

    job: Job
    lane: Lane
    worker: str | None
    started_at: datetime | None
    log: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LaneState:
    """`oldest` is when the first of the queued ones was made."""

    lane: Lane
    queued: int
    processing: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs a list is about; None leaves open. `dead`: those that failed for good, nobody cancelled."""

    status: JobStatus | None = None
    step: StepName | None = None
    recording_id: str | None = None
    dead: bool = False


class Ledger:
    """Reads alone; what is changed is changed by `Processing`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(self, wanted: Wanted, page: int, size: int) -> tuple[list[Entry], int]:
        """The newest first, and how many there are in all."""
        where = _where(wanted)
        query = select(JobRow).where(where).order_by(JobRow.created_at.desc(), JobRow.id)
        async with self._db.read() as session:
            total = await session.scalar(select(func.count()).select_from(JobRow).where(where))
            rows = (await session.scalars(query.offset(page * size).limit(size))).all()
        return [_entry(row) for row in rows], total or 0

    async def get(self, job_id: str) -> Entry:
        """Raises NotFound."""
        async with self._db.read() as session:
            row = await session.get(JobRow, job_id) if is_id(job_id) else None
        if row is None:
            raise NotFound(
                "There is no such job: one that is tried again gets a new id.", code="job_not_found"
            )
        return _entry(row)

    async def lanes(self) -> list[LaneState]:
        query = select(JobRow.lane, JobRow.status, func.count(), func.min(JobRow.created_at)).where(
            JobRow.status.in_((JobStatus.QUEUED, JobStatus.PROCESSING))
        )
        async with self._db.read() as session:
            rows = (await session.execute(query.group_by(JobRow.lane, JobRow.status))).all()
        found = {(lane, status): (count, oldest) for lane, status, count, oldest in rows}
        return [_lane(lane, found) for lane in Lane]

    async def workers(self) -> dict[str, int]:
        """Who holds how many jobs right now, as far as their leases last."""
        held = (JobRow.status == JobStatus.PROCESSING, JobRow.lease_until > now())
        query = select(JobRow.lease_owner, func.count()).where(*held).group_by(JobRow.lease_owner)
        async with self._db.read() as session:
            return {str(owner): count for owner, count in await session.execute(query)}

    async def backlog(self) -> Backlog:
        lanes = await self.lanes()
        async with self._db.read() as session:
            dead = await session.scalar(select(func.count()).select_from(JobRow).where(_dead()))
        oldest = min((one.oldest for one in lanes if one.oldest is not None), default=None)
        return Backlog(sum(one.queued for one in lanes), oldest, dead or 0)


def step_to_retry(job: Job) -> StepName:
    """A piece is no step of its own to people: what it is of is made anew."""
    return pieces.whole_of(job.step)


def _where(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [_dead()] if wanted.dead else []
    if wanted.status is not None:
        conditions.append(JobRow.status == wanted.status)
    if wanted.step is not None:
        conditions.append(_step() == wanted.step)
    if wanted.recording_id is not None:
        conditions.append(JobRow.session_id == wanted.recording_id)
    return and_(true(), *conditions)


def _step() -> ColumnElement[str]:
    step: ColumnElement[str] = JobRow.settings["step"].as_string()
    return step


def _dead() -> ColumnElement[bool]:
    """What somebody gave up is not what failed."""
    said = func.coalesce(JobRow.error_message, "")
    return and_(JobRow.status == JobStatus.FAILED, said != repository.CANCELLED)


def _lane(lane: Lane, found: Mapping[tuple[str, str], tuple[int, datetime | None]]) -> LaneState:
    queued, oldest = found.get((lane, JobStatus.QUEUED), (0, None))
    return LaneState(lane, queued, found.get((lane, JobStatus.PROCESSING), (0, None))[0], oldest)


def _entry(row: JobRow) -> Entry:
    log = row.settings.get(repository.LOG, ())
    return Entry(repository.to_job(row), Lane(row.lane), row.lease_owner, row.started_at, log)

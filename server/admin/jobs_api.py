"""Jobs of everybody over HTTP: looked at, tried again, given up."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from server.admin.access import PREFIX, SIZE, Administrator, Page, Size, Wire, admin_of, pages
from server.errors import Conflict
from server.processing.ledger import Entry, Wanted, step_to_retry
from server.processing.schemas import Job
from server.processing.states import JobStatus
from server.processing.steps import Lane, StepName
from server.recordings.schemas import Pagination

router = APIRouter(prefix=f"{PREFIX}/jobs", tags=["Admin"])


class JobOut(Wire):
    id: str
    recording_id: str
    user_id: str = Field(description="Whose recording it is.")
    step: StepName
    type: str
    lane: Lane
    status: JobStatus
    progress: float = Field(description="Percent.")
    attempt: int
    max_attempts: int
    error: str | None
    worker: str | None = Field(description="Who is at it.")
    cancel_requested: bool
    not_before: datetime | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None


class FailureOut(Wire):
    at: datetime
    attempt: int
    kind: str = Field(examples=["crashed"])
    error: str
    said: str = Field(description="The end of what the codec's process complained of.")


class JobDetails(JobOut):
    input: str
    output: str
    log: list[FailureOut] = Field(description="Its last failed tries, also those before it was tried again.")


class JobPage(Wire):
    data: list[JobOut]
    pagination: Pagination


@router.get("", operation_id="adminListJobs", summary="Jobs of everybody, the newest first")
async def list_jobs(
    request: Request,
    _user: Administrator,
    *,
    status: JobStatus | None = None,
    step: StepName | None = None,
    recording_id: Annotated[str | None, Query(alias="recordingId", max_length=36)] = None,
    page: Page = 0,
    size: Size = SIZE,
) -> JobPage:
    wanted = Wanted(status, step, recording_id)
    found, total = await admin_of(request).ledger.page(wanted, page, size)
    return JobPage(data=[JobOut(**_fields(one)) for one in found], pagination=pages(page, size, total))


@router.get("/{job_id}", operation_id="adminGetJob", summary="A job with what went wrong in it")
async def get_job(job_id: str, request: Request, _user: Administrator) -> JobDetails:
    return _details(await admin_of(request).ledger.get(job_id))


@router.post(
    "/{job_id}/retry", status_code=202, operation_id="adminRetryJob", summary="Try a failed job again"
)
async def retry(job_id: str, request: Request, user: Administrator) -> JobOut:
    """From its first attempt, under a new id. 409 for a job that did not fail."""
    admin = admin_of(request)
    entry = await admin.ledger.get(job_id)
    made = await admin.processing.retry(entry.job.recording_id, step_to_retry(entry.job), by=user.id)
    return JobOut(**_fields(await admin.ledger.get(made.id)))


@router.post("/{job_id}/cancel", status_code=202, operation_id="adminCancelJob", summary="Give a job up")
async def cancel(job_id: str, request: Request, user: Administrator) -> JobOut:
    """One that runs ends within seconds. 409 for a job that is over."""
    admin = admin_of(request)
    entry = await admin.ledger.get(job_id)
    if entry.job.status.over:
        raise Conflict(f"This job is {entry.job.status}: there is nothing to give up.", code="job_over")
    await admin.processing.cancel(entry.job.recording_id, entry.job.step, by=user.id)
    return JobOut(**_fields(await admin.ledger.get(job_id)))


def _details(entry: Entry) -> JobDetails:
    log = [FailureOut.model_validate(one) for one in entry.log]
    return JobDetails(**_fields(entry), input=entry.job.input, output=entry.job.output, log=log)


def _fields(entry: Entry) -> dict[str, object]:
    job: Job = entry.job
    return {
        "id": job.id,
        "recording_id": job.recording_id,
        "user_id": job.user_id,
        "step": job.step,
        "type": job.type,
        "lane": entry.lane,
        "status": job.status,
        "progress": job.progress,
        "attempt": job.attempt,
        "max_attempts": job.max_attempts,
        "error": job.error,
        "worker": entry.worker,
        "cancel_requested": job.cancel_requested,
        "not_before": job.not_before,
        "created_at": job.created_at,
        "started_at": entry.started_at,
        "completed_at": job.completed_at,
    }

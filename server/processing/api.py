"""Steps of processing over HTTP: a failed one is tried again."""

from typing import Annotated, cast

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, Field

from server.errors import NotFound
from server.given import given
from server.processing.service import Processing
from server.processing.steps import StepName
from server.scope import Scope, User, allows, require_recording

router = APIRouter(prefix="/api/v1/recordings/{recording_id}/steps", tags=["Processing"])


class StepState(BaseModel):
    """Where a step stands."""

    step: str
    status: str
    progress: float = Field(description="Percent.")
    error: str | None


def _processing(request: Request) -> Processing:
    return cast("Processing", request.app.state.services.processing)


Service = Annotated[Processing, given(_processing)]


@router.post(
    "/{step}/retry",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="retryStep",
    summary="Try a failed step again",
)
async def retry(
    request: Request,
    recording_id: str,
    step: str,
    user: Annotated[User, allows(Scope.RECORDINGS_WRITE)],
    service: Service,
) -> StepState:
    """Only for a step that failed (409 otherwise); the others stay as they are."""
    recording = await require_recording(request, user, recording_id)
    if step not in list(StepName):
        raise NotFound("There is no such step for this recording.")
    job = await service.retry(recording.id, StepName(step))
    return StepState(step=job.step, status=job.status, progress=job.progress, error=job.error)

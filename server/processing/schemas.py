"""What other modules see of the processing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.processing.plan import ESSENTIAL, JobType, StepName
from server.processing.states import JobStatus

# In the result of a rendition that came out as heavy as the source: it was thrown away.
NOT_WORTH_IT = "notWorthIt"


@dataclass(frozen=True, slots=True)
class Job:
    """One step of one recording. `progress` is percent; `error` is a sentence for the owner."""

    id: str
    recording_id: str
    step: StepName
    type: JobType
    status: JobStatus
    progress: float
    input: str
    output: str
    settings: dict[str, Any]
    error: str | None
    attempt: int
    max_attempts: int
    fence: int
    cancel_requested: bool
    not_before: datetime | None
    created_at: datetime
    completed_at: datetime | None

    @property
    def essential(self) -> bool:
        return self.step in ESSENTIAL

    @property
    def user_id(self) -> str:
        return str(self.settings["userId"])

    @property
    def kind(self) -> str:
        return str(self.settings["kind"])

    @property
    def made(self) -> bool:
        """Whether there is a file under `output` because of this job."""
        done = self.status is JobStatus.COMPLETED and bool(self.output)
        return done and NOT_WORTH_IT not in self.result

    @property
    def result(self) -> dict[str, Any]:
        """What the finished step found out; empty before."""
        return dict(self.settings.get("result", {}))


@dataclass(frozen=True, slots=True)
class Rendition:
    """A version of a video that can be streamed: blob key, pixels, mean bits per second."""

    name: str
    key: str
    width: int
    height: int
    bandwidth: int
    duration_s: float


@dataclass(frozen=True, slots=True)
class Outputs:
    """What has been made of a recording so far.

    `streamable` is None where the uploaded file itself streams (or nothing is known yet).
    """

    poster_key: str | None
    streamable: Rendition | None
    renditions: tuple[Rendition, ...]

"""What other modules see of the processing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.processing.states import JobStatus
from server.processing.steps import KINDS, WHOLES, JobType, StepName

# In the result of a rendition that came out as heavy as the source: it was thrown away.
NOT_WORTH_IT = "notWorthIt"
# In the result of a step that makes several files: their names.
FILES = "files"
# In the result of a step that makes videos: the facts of each, by its name.
VERSIONS = "versions"


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
        return KINDS[self.step].essential

    @property
    def is_piece(self) -> bool:
        """Whether it makes a piece of what another step joins."""
        return self.step in WHOLES

    @property
    def user_id(self) -> str:
        return str(self.settings["userId"])

    @property
    def kind(self) -> str:
        return str(self.settings["kind"])

    @property
    def main(self) -> str:
        """The name of the file at `output`."""
        return self.output.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The key under which the files lie."""
        return self.output.rpartition("/")[0]

    @property
    def files(self) -> tuple[str, ...]:
        """Keys of what this job has made; `output` first, if it is among them."""
        if self.status is not JobStatus.COMPLETED or not self.output or NOT_WORTH_IT in self.result:
            return ()
        return tuple(f"{self.folder}/{name}" for name in self.result.get(FILES, [self.main]))

    @property
    def made(self) -> bool:
        """Whether there is a file because of this job."""
        return bool(self.files)

    @property
    def result(self) -> dict[str, Any]:
        """What the finished step found out; empty before."""
        return dict(self.settings.get("result", {}))


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as people are told of it: its pieces are one. `progress` in percent."""

    step: str
    status: str
    progress: float
    error: str | None


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

"""The states of a job as a table. No I/O: an illegal event raises and changes nothing."""

from enum import StrEnum


class JobStatus(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in (JobStatus.COMPLETED, JobStatus.FAILED)


class JobEvent(StrEnum):
    CLAIM = "claim"
    COMPLETE = "complete"
    RETRY = "retry"  # failed, and worth another try
    RELEASE = "release"  # its worker is gone
    FAIL = "fail"
    CANCEL = "cancel"


class IllegalTransition(Exception):
    """The event has no meaning in this state."""


_S, _E = JobStatus, JobEvent

TRANSITIONS: dict[tuple[JobStatus, JobEvent], JobStatus] = {
    (_S.QUEUED, _E.CLAIM): _S.PROCESSING,
    (_S.QUEUED, _E.CANCEL): _S.FAILED,
    (_S.PROCESSING, _E.COMPLETE): _S.COMPLETED,
    (_S.PROCESSING, _E.RETRY): _S.QUEUED,
    (_S.PROCESSING, _E.RELEASE): _S.QUEUED,
    (_S.PROCESSING, _E.FAIL): _S.FAILED,
    (_S.PROCESSING, _E.CANCEL): _S.FAILED,
}


def advance(status: JobStatus, event: JobEvent) -> JobStatus:
    """The state after `event`. Raises IllegalTransition."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalTransition(f"{event} while {status}") from None

"""The states of a recording as a table. No I/O: an illegal event raises and changes nothing."""

from enum import StrEnum


class Status(StrEnum):
    PREPARING = "preparing"
    RECORDING = "recording"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class RecordingEvent(StrEnum):
    START = "start"
    BYTES_ARRIVED = "bytes_arrived"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    UPLOADED = "uploaded"
    PROCESSED = "processed"
    FAIL = "fail"


class IllegalTransition(Exception):
    """The event has no meaning in this state."""

    def __init__(self, status: Status, event: RecordingEvent) -> None:
        super().__init__(f"{event} while {status}")
        self.status = status
        self.event = event


_S, _E = Status, RecordingEvent

TRANSITIONS: dict[tuple[Status, RecordingEvent], Status] = {
    (_S.PREPARING, _E.START): _S.RECORDING,
    (_S.PREPARING, _E.BYTES_ARRIVED): _S.RECORDING,
    # The file may reach us late, or not while it is recorded: pausing and stopping do not wait for bytes.
    (_S.PREPARING, _E.PAUSE): _S.PREPARING,
    (_S.PREPARING, _E.RESUME): _S.PREPARING,
    (_S.PREPARING, _E.STOP): _S.PROCESSING,
    (_S.PREPARING, _E.UPLOADED): _S.PROCESSING,
    (_S.PREPARING, _E.FAIL): _S.FAILED,
    # A recorder that lost our answer says start again.
    (_S.RECORDING, _E.START): _S.RECORDING,
    (_S.RECORDING, _E.BYTES_ARRIVED): _S.RECORDING,
    (_S.RECORDING, _E.PAUSE): _S.RECORDING,
    (_S.RECORDING, _E.RESUME): _S.RECORDING,
    (_S.RECORDING, _E.STOP): _S.PROCESSING,
    (_S.RECORDING, _E.UPLOADED): _S.PROCESSING,
    (_S.RECORDING, _E.FAIL): _S.FAILED,
    (_S.PROCESSING, _E.BYTES_ARRIVED): _S.PROCESSING,
    (_S.PROCESSING, _E.STOP): _S.PROCESSING,
    (_S.PROCESSING, _E.UPLOADED): _S.PROCESSING,
    (_S.PROCESSING, _E.PROCESSED): _S.COMPLETED,
    (_S.PROCESSING, _E.FAIL): _S.FAILED,
    # A client that lost our answer says stop again; a finished job may be reported twice.
    (_S.COMPLETED, _E.STOP): _S.COMPLETED,
    (_S.COMPLETED, _E.PROCESSED): _S.COMPLETED,
    # A refused or broken upload can be sent again, a failed step retried.
    (_S.FAILED, _E.BYTES_ARRIVED): _S.RECORDING,
    (_S.FAILED, _E.UPLOADED): _S.PROCESSING,
    (_S.FAILED, _E.PROCESSED): _S.COMPLETED,
    (_S.FAILED, _E.FAIL): _S.FAILED,
}


def advance(status: Status, event: RecordingEvent) -> Status:
    """The state after `event`. Raises IllegalTransition."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalTransition(status, event) from None

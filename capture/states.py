"""The life of one take as a table: no I/O, nothing but what may follow what."""

from enum import StrEnum

from capture.errors import IllegalCommand


class State(StrEnum):
    IDLE = "idle"
    PREPARING = "preparing"
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPING = "stopping"  # sources are closed, what they gave is being finished
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Event(StrEnum):
    START = "start"
    READY = "ready"  # the first picture is there
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CANCEL = "cancel"
    DONE = "done"  # the file is finished and kept
    DROPPED = "dropped"  # the file is finished and put aside
    BROKE = "broke"


FINAL = frozenset({State.FINISHED, State.FAILED, State.CANCELLED})

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.IDLE, Event.START): State.PREPARING,
    (State.PREPARING, Event.READY): State.RECORDING,
    (State.PREPARING, Event.BROKE): State.FAILED,
    (State.RECORDING, Event.PAUSE): State.PAUSED,
    (State.RECORDING, Event.STOP): State.STOPPING,
    (State.RECORDING, Event.CANCEL): State.STOPPING,
    (State.RECORDING, Event.BROKE): State.STOPPING,
    (State.PAUSED, Event.RESUME): State.RECORDING,
    (State.PAUSED, Event.STOP): State.STOPPING,
    (State.PAUSED, Event.CANCEL): State.STOPPING,
    (State.PAUSED, Event.BROKE): State.STOPPING,
    (State.STOPPING, Event.DONE): State.FINISHED,
    (State.STOPPING, Event.DROPPED): State.CANCELLED,
    (State.STOPPING, Event.BROKE): State.FAILED,
}


def advance(state: State, event: Event) -> State:
    """The state after `event`; IllegalCommand when the table has no such way."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalCommand(f"Cannot {event} now", f"The recorder is {state}.", _hint(state)) from None


def _hint(state: State) -> str:
    allowed = sorted({str(e) for (s, e) in TRANSITIONS if s is state} & _COMMANDS)
    return f"What can be done now: {', '.join(allowed)}." if allowed else "This take is over; start another."


_COMMANDS = {str(event) for event in (Event.START, Event.PAUSE, Event.RESUME, Event.STOP, Event.CANCEL)}

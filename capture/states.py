"""The life of one take as a table: no I/O, nothing but what may follow what."""

from enum import StrEnum

from capture.errors import IllegalCommand


class State(StrEnum):
    IDLE = "idle"
    TESTING = "testing"  # two seconds are recorded and judged before the first take
    COUNTING = "counting"  # down to zero, while everything is opened
    PREPARING = "preparing"
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPING = "stopping"  # sources are closed, what they gave is being finished
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Event(StrEnum):
    TEST = "test"
    TESTED = "tested"
    START = "start"
    COUNT = "count"  # start, with a countdown
    ZERO = "zero"
    READY = "ready"  # the first picture is there
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"  # this take is put aside, the same is started again
    STOP = "stop"
    CANCEL = "cancel"
    DONE = "done"  # the file is finished and kept
    DROPPED = "dropped"  # the file is finished and put aside
    BROKE = "broke"


FINAL = frozenset({State.FINISHED, State.FAILED, State.CANCELLED})

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.IDLE, Event.START): State.PREPARING,
    (State.IDLE, Event.COUNT): State.COUNTING,
    (State.IDLE, Event.TEST): State.TESTING,
    (State.TESTING, Event.TESTED): State.IDLE,
    (State.TESTING, Event.START): State.PREPARING,
    (State.TESTING, Event.COUNT): State.COUNTING,
    (State.TESTING, Event.CANCEL): State.STOPPING,
    (State.TESTING, Event.BROKE): State.FAILED,
    (State.COUNTING, Event.ZERO): State.PREPARING,
    (State.COUNTING, Event.RESTART): State.COUNTING,
    (State.COUNTING, Event.CANCEL): State.STOPPING,
    (State.COUNTING, Event.BROKE): State.FAILED,
    (State.PREPARING, Event.READY): State.RECORDING,
    (State.PREPARING, Event.CANCEL): State.STOPPING,
    (State.PREPARING, Event.BROKE): State.FAILED,
    (State.RECORDING, Event.PAUSE): State.PAUSED,
    (State.RECORDING, Event.RESTART): State.STOPPING,
    (State.RECORDING, Event.STOP): State.STOPPING,
    (State.RECORDING, Event.CANCEL): State.STOPPING,
    (State.RECORDING, Event.BROKE): State.STOPPING,
    (State.PAUSED, Event.RESUME): State.RECORDING,
    (State.PAUSED, Event.RESTART): State.STOPPING,
    (State.PAUSED, Event.STOP): State.STOPPING,
    (State.PAUSED, Event.CANCEL): State.STOPPING,
    (State.PAUSED, Event.BROKE): State.STOPPING,
    (State.STOPPING, Event.START): State.PREPARING,  # after a restart
    (State.STOPPING, Event.COUNT): State.COUNTING,
    (State.STOPPING, Event.DONE): State.FINISHED,
    (State.STOPPING, Event.DROPPED): State.CANCELLED,
    (State.STOPPING, Event.BROKE): State.FAILED,
}


def advance(state: State, event: Event) -> State:
    """The state after `event`; IllegalCommand when the table has no such way."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalCommand(f"Cannot {event} now", f"The recorder is {state}.", hint(state)) from None


def hint(state: State) -> str:
    """What a person can ask for in this state, in words."""
    allowed = sorted({str(e) for (s, e) in TRANSITIONS if s is state} & _COMMANDS)
    return f"What can be done now: {', '.join(allowed)}." if allowed else "This take is over; start another."


_COMMANDS = {
    str(event)
    for event in (
        Event.START, Event.PAUSE, Event.RESUME, Event.RESTART, Event.STOP, Event.CANCEL,
    )
}  # fmt: skip

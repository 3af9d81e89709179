"""The table of a recording's states."""

import pytest

from server.recordings.states import TRANSITIONS, IllegalTransition, RecordingEvent, Status, advance

LIFE = [
    (RecordingEvent.BYTES_ARRIVED, Status.RECORDING),
    (RecordingEvent.PAUSE, Status.RECORDING),
    (RecordingEvent.RESUME, Status.RECORDING),
    (RecordingEvent.STOP, Status.PROCESSING),
    (RecordingEvent.BYTES_ARRIVED, Status.PROCESSING),
    (RecordingEvent.UPLOADED, Status.PROCESSING),
    (RecordingEvent.PROCESSED, Status.COMPLETED),
]


def test_a_recording_goes_from_preparing_to_completed() -> None:
    status = Status.PREPARING
    for event, expected in LIFE:
        status = advance(status, event)
        assert status is expected


def test_a_file_that_was_never_live_goes_straight_to_processing() -> None:
    assert advance(Status.PREPARING, RecordingEvent.UPLOADED) is Status.PROCESSING


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.COMPLETED])
def test_everything_unfinished_can_fail(status: Status) -> None:
    assert advance(status, RecordingEvent.FAIL) is Status.FAILED


def test_what_failed_can_be_sent_again() -> None:
    assert advance(Status.FAILED, RecordingEvent.BYTES_ARRIVED) is Status.RECORDING


@pytest.mark.parametrize("event", [RecordingEvent.STOP, RecordingEvent.PROCESSED])
def test_saying_the_last_thing_twice_changes_nothing(event: RecordingEvent) -> None:
    assert advance(Status.COMPLETED, event) is Status.COMPLETED


@pytest.mark.parametrize(
    ("status", "event"), [(s, e) for s in Status for e in RecordingEvent if (s, e) not in TRANSITIONS]
)
def test_whatever_the_table_does_not_name_is_illegal(status: Status, event: RecordingEvent) -> None:
    with pytest.raises(IllegalTransition) as caught:
        advance(status, event)
    assert (caught.value.status, caught.value.event) == (status, event)


def test_every_status_can_be_reached_and_left_except_the_last() -> None:
    assert set(TRANSITIONS.values()) == set(Status) - {Status.PREPARING} | {Status.PREPARING}
    left = {before for (before, _), after in TRANSITIONS.items() if after is not before}
    assert left == set(Status) - {Status.COMPLETED}

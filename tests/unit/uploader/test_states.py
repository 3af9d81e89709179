import pytest

from uploader.errors import IllegalTransitionError
from uploader.states import ENDED, TRANSITIONS, UploadEvent, UploadState, advance

S, E = UploadState, UploadEvent


@pytest.mark.parametrize(
    ("state", "event", "expected"), [(*key, value) for key, value in TRANSITIONS.items()]
)
def test_every_listed_event_leads_to_its_state(state: S, event: E, expected: S) -> None:
    assert advance(state, event) is expected


@pytest.mark.parametrize(
    ("state", "event"),
    [(state, event) for state in S for event in E if (state, event) not in TRANSITIONS],
)
def test_every_other_event_is_refused(state: S, event: E) -> None:
    with pytest.raises(IllegalTransitionError):
        advance(state, event)


def test_the_clean_way_up() -> None:
    state = S.QUEUED
    for event in (E.START, E.CREATED, E.ALL_ACKED, E.VERIFIED):
        state = advance(state, event)
    assert state is S.DONE


def test_sending_begins_again_only_after_the_server_was_asked() -> None:
    ways_into_sending = {event for (_, event), target in TRANSITIONS.items() if target is S.SENDING}
    assert ways_into_sending == {E.CREATED, E.OFFSET_KNOWN}


def test_nothing_done_or_cancelled_ever_moves() -> None:
    assert not [state for state, _ in TRANSITIONS if state in (S.DONE, S.CANCELLED)]


def test_every_state_under_way_can_be_cancelled() -> None:
    assert {state for state in S if (state, E.CANCEL) in TRANSITIONS} == set(S) - {S.DONE, S.CANCELLED}


def test_an_end_is_reached_from_everywhere() -> None:
    for start in S:
        reached, frontier = {start}, [start]
        while frontier:
            state = frontier.pop()
            nearby = {target for (source, _), target in TRANSITIONS.items() if source is state}
            frontier += nearby - reached
            reached |= nearby
        assert reached & ENDED

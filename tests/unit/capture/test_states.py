"""The life of a take as a table."""

import pytest

from capture.errors import IllegalCommand
from capture.states import FINAL, TRANSITIONS, Event, State, advance


@pytest.mark.parametrize(("state", "event"), list(TRANSITIONS))
def test_every_entry_of_the_table_leads_on(state: State, event: Event) -> None:
    assert advance(state, event) is TRANSITIONS[state, event]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_everything_else_is_refused_with_a_hint(state: State, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        return
    with pytest.raises(IllegalCommand) as caught:
        advance(state, event)
    assert caught.value.code == "illegal_command"
    assert caught.value.hint or state in {State.PREPARING, State.STOPPING}


def test_nothing_leads_out_of_a_final_state() -> None:
    assert not [entry for entry in TRANSITIONS if entry[0] in FINAL]


def test_every_state_can_be_reached_and_ends() -> None:
    reached, edge = set(), {State.IDLE}
    while edge:
        reached |= edge
        edge = {to for (state, _), to in TRANSITIONS.items() if state in edge} - reached
    assert reached == set(State)


def test_a_take_that_records_can_always_be_stopped() -> None:
    for state in (State.RECORDING, State.PAUSED):
        assert advance(state, Event.STOP) is State.STOPPING
        assert advance(state, Event.CANCEL) is State.STOPPING

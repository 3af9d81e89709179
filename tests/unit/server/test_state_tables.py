"""What holds of every way through the tables of states, however long and in whatever order things happen."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.plans.states import GRACE, in_force
from server.plans.states import Status as Subscribed
from server.processing import states as jobs
from server.recordings import states as recordings
from server.webhooks.schedule import Breaker, Schedule
from tests.support.fuzzing import fuzzed

Table = Mapping[tuple[StrEnum, StrEnum], StrEnum]
R, RE = recordings.Status, recordings.RecordingEvent
J, JE = jobs.JobStatus, jobs.JobEvent


def reached(table: Table, start: StrEnum) -> set[StrEnum]:
    """Every state that some events lead to, with the start."""
    found, left = {start}, [start]
    while left:
        here = left.pop()
        after = {target for (state, _), target in table.items() if state is here} - found
        found |= after
        left += after
    return found


@pytest.mark.parametrize("status", R)
def test_every_recording_can_still_become_a_finished_video(status: R) -> None:
    assert R.COMPLETED in reached(recordings.TRANSITIONS, status)
    assert (reached(recordings.TRANSITIONS, status) == {R.COMPLETED}) is (status is R.COMPLETED)


@pytest.mark.parametrize("status", J)
def test_every_job_can_still_end(status: J) -> None:
    assert any(J(one).over for one in reached(jobs.TRANSITIONS, status))


@fuzzed
@given(st.sampled_from(R), st.lists(st.sampled_from(RE), max_size=25))
def test_a_recording_goes_back_only_by_failing(status: R, events: list[RE]) -> None:
    order = [R.PREPARING, R.RECORDING, R.PROCESSING, R.COMPLETED]
    for event in events:
        try:
            after = recordings.advance(status, event)
        except recordings.IllegalTransition:
            continue  # and nothing has changed
        if status is not R.FAILED and after is not R.FAILED:
            assert order.index(after) >= order.index(status)
        assert status is not R.COMPLETED or after is R.COMPLETED
        assert after is not R.PREPARING or status is R.PREPARING
        status = after


@fuzzed
@given(st.sampled_from(R), st.sampled_from(RE))
def test_an_event_told_twice_means_what_it_meant_once(status: R, event: RE) -> None:
    try:
        once = recordings.advance(status, event)
    except recordings.IllegalTransition:
        return
    # Only bytes after a failure begin something; told again, they are part of it.
    assert recordings.advance(once, event) is once


@fuzzed
@given(st.lists(st.sampled_from(JE), max_size=25))
def test_a_job_is_claimed_before_it_ends_well_and_ends_once(events: list[JE]) -> None:
    status, claimed = J.QUEUED, False
    for event in events:
        try:
            after = jobs.advance(status, event)
        except jobs.IllegalTransition:
            continue
        assert not status.over
        assert after is not J.COMPLETED or claimed
        claimed = after is J.PROCESSING
        status = after


@fuzzed
@given(
    st.sampled_from(Subscribed), st.none() | st.integers(-40, 40), st.integers(-40, 40), st.integers(0, 40)
)
def test_a_plan_that_ran_out_does_not_come_back_by_waiting(
    status: Subscribed, since: int | None, at: int, later: int
) -> None:
    zero = datetime(2026, 1, 1, tzinfo=UTC)
    late = None if since is None else zero + timedelta(days=since)
    first, second = (in_force(status, late, zero + timedelta(days=day)) for day in (at, at + later))
    assert first or not second
    assert not (status is Subscribed.CANCELED and first)
    if status is Subscribed.PAST_DUE and late is not None:
        assert first is (zero + timedelta(days=at) < late + GRACE)


@fuzzed
@given(st.lists(st.tuples(st.floats(0, 3600), st.booleans()), max_size=40))
def test_a_delivery_is_tried_for_a_day_and_no_endpoint_is_left_alone_for_longer_than_an_hour(
    tries: list[tuple[float, bool]],
) -> None:
    schedule, breaker, at, failures = Schedule(), Breaker(), 0.0, 0
    for count, (took_s, works) in enumerate(tries, 1):
        at += took_s
        failures = 0 if works else failures + 1
        pause = breaker.open_for(failures)
        assert (pause is not None) is breaker.is_probing(failures)
        assert pause is None or 0 < pause <= breaker.longest_s
        wait = schedule.next_wait(count, at)
        if wait is None:
            assert at >= schedule.give_up_s
            return
        assert 0 < wait <= schedule.give_up_s - at
        at += wait

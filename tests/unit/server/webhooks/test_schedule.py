"""Three quick tries, a slow schedule to 24 hours; an endpoint that fails is left alone for a while."""

from itertools import pairwise

from server.webhooks.schedule import Breaker, Schedule


def test_the_tries_of_a_day() -> None:
    schedule, at, tries = Schedule(), 0.0, [0.0]
    while (wait := schedule.next_wait(len(tries), at)) is not None:
        at += wait
        tries.append(at)
    assert tries[:4] == [0, 1, 3, 63]
    assert len(tries) == 10
    assert tries[-1] == 24 * 3600
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits == sorted(waits)


def test_a_try_that_was_late_still_ends_with_the_day() -> None:
    schedule = Schedule()
    assert schedule.next_wait(4, 24 * 3600 - 10) == 10
    assert schedule.next_wait(4, 24 * 3600) is None


def test_the_circuit_opens_for_ever_longer_up_to_an_hour() -> None:
    breaker = Breaker()
    assert [breaker.open_for(failures) for failures in (1, 4)] == [None, None]
    assert [breaker.open_for(failures) for failures in (5, 6, 7)] == [30, 60, 120]
    assert breaker.open_for(50) == 3600
    assert breaker.open_for(10_000) == 3600
    assert not breaker.is_probing(4)
    assert breaker.is_probing(5)

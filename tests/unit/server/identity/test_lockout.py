"""Waiting after failed sign-ins: the arithmetic, and that it is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.db import Database
from server.errors import TooManyRequests
from server.identity.lockout.policy import RULES, Count, Rule, Subject, blocked_for, failed, taken_back
from server.identity.lockout.service import Lockout
from tests.support.moving_clock import Clock

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULE = Rule(3, timedelta(seconds=10), timedelta(minutes=1), timedelta(hours=1))


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (2, 0), (3, 10), (4, 20), (5, 40), (6, 60), (7, 60), (100_000, 60)]
)
def test_the_wait_doubles_to_a_ceiling(failures: int, seconds: int) -> None:
    assert RULE.wait(failures) == timedelta(seconds=seconds)


def test_failures_are_forgotten_when_nothing_failed_for_long() -> None:
    count = Count(50, NOW, None)
    assert failed(count, RULE, NOW + timedelta(minutes=59)).failures == 51
    assert failed(count, RULE, NOW + timedelta(minutes=61)).failures == 1


@given(st.lists(st.sampled_from(["fail", "back"]), max_size=40), st.sampled_from(list(RULES.values())))
def test_a_count_is_never_negative_and_a_wait_never_above_the_ceiling(steps: list[str], rule: Rule) -> None:
    count = Count()
    for step in steps:
        count = failed(count, rule, NOW) if step == "fail" else taken_back(count)
        assert count.failures >= 0
        assert timedelta() <= blocked_for(count, NOW) <= rule.most


async def guess(lockout: Lockout, times: int, account: str = "ann", address: str = "192.0.2.1") -> None:
    for _ in range(times):
        await lockout.attempt(account, address)


async def test_guessing_waits_and_a_restart_does_not_help(services_db: Database, clock: Clock) -> None:
    free = RULES[Subject.PAIR].free
    await guess(Lockout(services_db, clock=clock), free)
    restarted = Lockout(services_db, clock=clock)
    with pytest.raises(TooManyRequests) as refused:
        await restarted.attempt("ann", "192.0.2.1")
    assert refused.value.headers["Retry-After"] in ("29", "30")
    await restarted.attempt("ann", "192.0.2.2")
    await restarted.attempt("bob", "192.0.2.1")
    clock.move(seconds=31)
    await restarted.attempt("ann", "192.0.2.1")
    with pytest.raises(TooManyRequests) as refused:
        await restarted.attempt("ann", "192.0.2.1")
    assert refused.value.headers["Retry-After"] in ("59", "60")


async def test_a_success_forgives_this_address_and_no_other(services_db: Database, clock: Clock) -> None:
    lockout = Lockout(services_db, clock=clock)
    free = RULES[Subject.PAIR].free
    await guess(lockout, free, address="203.0.113.9")
    await guess(lockout, free - 1)
    await lockout.succeeded("ann", "192.0.2.1")
    await guess(lockout, free - 1)
    with pytest.raises(TooManyRequests):
        await lockout.attempt("ann", "203.0.113.9")


async def test_a_try_that_is_taken_back_forgives_nothing(services_db: Database, clock: Clock) -> None:
    lockout = Lockout(services_db, clock=clock)
    for _ in range(RULES[Subject.PAIR].free - 1):
        await lockout.attempt("ann", "192.0.2.1")
    await lockout.attempt("ann", "192.0.2.1")
    await lockout.undo("ann", "192.0.2.1")
    await lockout.attempt("ann", "192.0.2.1")
    with pytest.raises(TooManyRequests):
        await lockout.attempt("ann", "192.0.2.1")


async def test_many_addresses_for_one_account_wait_too(services_db: Database, clock: Clock) -> None:
    lockout = Lockout(services_db, clock=clock)
    for number in range(RULES[Subject.ACCOUNT].free):
        await lockout.attempt("ann", f"198.51.100.{number}")
    with pytest.raises(TooManyRequests):
        await lockout.attempt("ann", "192.0.2.77")
    await lockout.forget("ann")
    await lockout.attempt("ann", "192.0.2.77")


async def test_one_address_for_many_accounts_waits_too(services_db: Database, clock: Clock) -> None:
    lockout = Lockout(services_db, clock=clock)
    for number in range(RULES[Subject.ADDRESS].free):
        await lockout.attempt(f"account {number}", "192.0.2.1")
    with pytest.raises(TooManyRequests):
        await lockout.attempt("one more", "192.0.2.1")

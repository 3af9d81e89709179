"""Windows slide, bursts are bounded, and what is refused costs nothing: proven with a clock that is moved."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.errors import TooManyRequests
from server.limits.rules import DEFAULT, Rule, Whose
from server.limits.service import Exceeded, Limits
from server.limits.storage import Counters, forget
from tests.unit.server.limits.conftest import Clock

LIST = ("GET", "/api/v1/recordings")
START = ("POST", "/api/v1/recordings")
NO_BURST = Rule("GET /recordings", window_s=60, limit=5)


async def opened(*rules: Rule) -> Limits:
    return Limits(rules, Counters(""))


@pytest.fixture
async def limits(clock: Clock) -> AsyncIterator[Limits]:
    limits = await opened(*DEFAULT)
    yield limits
    await limits.close()


async def taken(limits: Limits, request: tuple[str, str], user: str = "ann", key: str | None = None) -> int:
    """How many are taken before one is refused."""
    for count in range(20_000):
        try:
            await limits.admit(*request, user_id=user, key_id=key)
        except Exceeded:
            return count
    raise AssertionError("none was refused")


async def test_at_once_there_are_burst_more_than_evenly_spread(limits: Limits, clock: Clock) -> None:
    assert await taken(limits, LIST) == 11
    assert await taken(limits, START) == 11
    clock.at += 1.01
    assert await taken(limits, LIST) == 11
    assert await taken(limits, START) == 0
    clock.at += 35
    assert await taken(limits, START) == 11


async def test_in_any_window_there_are_no_more_than_the_limit(limits: Limits, clock: Clock) -> None:
    total = 0
    for _ in range(59):
        total += await taken(limits, LIST)
        clock.at += 1.01
    assert total == 60
    clock.at += 0.5
    assert await taken(limits, LIST) == 11, "the first ones are forgotten"


async def test_evenly_spread_the_limit_is_never_met(limits: Limits, clock: Clock) -> None:
    for _ in range(300):
        await limits.admit(*LIST, user_id="ann")
        clock.at += 1.001


async def test_the_window_slides_and_does_not_jump(clock: Clock) -> None:
    limits = await opened(NO_BURST)
    for _ in range(5):
        await limits.admit(*LIST, user_id="ann")
        clock.at += 10
    assert await taken(limits, LIST) == 0
    clock.at += 10.01
    assert await taken(limits, LIST) == 1, "one is older than a minute, the others are not"
    await limits.close()


async def test_one_stands_where_the_window_says(clock: Clock) -> None:
    limits = await opened(NO_BURST)
    began = clock.at
    first = await limits.admit(*LIST, user_id="ann")
    assert first is not None
    assert (first.limit, first.remaining, first.reset_at) == (5, 4, began + 60)
    clock.at += 20
    for _ in range(4):
        last = await limits.admit(*LIST, user_id="ann")
    assert last is not None
    assert (last.remaining, last.reset_at) == (0, began + 60)
    with pytest.raises(Exceeded) as refused:
        await limits.admit(*LIST, user_id="ann")
    assert refused.value.wait_s == 40
    assert refused.value.answer.headers["Retry-After"] == "40"
    assert await limits.admit("GET", "/api/v1/me", user_id="ann") is None
    await limits.close()


async def test_who_goes_on_asking_waits_no_longer(clock: Clock) -> None:
    limits = await opened(NO_BURST)
    assert await taken(limits, LIST) == 5
    for _ in range(59):
        clock.at += 1
        assert await taken(limits, LIST) == 0
    clock.at += 1.01
    assert await taken(limits, LIST) == 5
    await limits.close()


async def test_a_burst_that_is_refused_uses_up_nothing(limits: Limits) -> None:
    assert await taken(limits, LIST) == 11
    for _ in range(100):
        assert await taken(limits, LIST) == 0
    with pytest.raises(Exceeded) as refused:
        await limits.admit(*LIST, user_id="ann")
    assert refused.value.standing is not None
    assert refused.value.standing.remaining == 60 - 11
    assert refused.value.wait_s == 1


async def test_people_are_counted_apart_and_all_together(clock: Clock) -> None:
    limits = await opened(
        Rule("POST /recordings", window_s=60, limit=3),
        Rule("POST /recordings", window_s=60, limit=5, whose=Whose.ALL),
    )
    assert await taken(limits, START, "ann") == 3
    assert await taken(limits, START, "bob") == 2
    with pytest.raises(Exceeded) as refused:
        await limits.admit(*START, user_id="eve")
    assert "all together" in refused.value.answer.sentence
    clock.at += 60.01
    assert await taken(limits, START, "eve") == 3
    await limits.close()


async def test_a_key_has_limits_of_its_own_for_everything(limits: Limits, clock: Clock) -> None:
    anything = ("GET", "/api/v1/me")
    assert await taken(limits, anything, key="one") == 102
    assert await taken(limits, anything, key="two") == 102
    assert await limits.admit(*anything, user_id="ann") is None, "without a key nothing limits this"
    total = 102
    while True:
        clock.at += 1.01
        if not (more := await taken(limits, anything, key="one")):
            break
        total += more
    assert total == 10_000


async def test_code_can_bring_a_rule_and_a_cost_of_its_own(limits: Limits, clock: Clock) -> None:
    rule = Rule("graphql", window_s=60, limit=100)
    standing = await limits.hit(rule, "ann", cost=70)
    assert standing is not None
    assert standing.remaining == 30
    with pytest.raises(TooManyRequests):
        await limits.hit(rule, "ann", cost=31)
    await limits.hit(rule, "ann", cost=30)
    await limits.hit(rule, "bob", cost=100)
    await limits.forgive(rule, "ann")
    await limits.hit(rule, "ann", cost=100)


async def test_what_no_window_reaches_is_forgotten(limits: Limits, clock: Clock) -> None:
    for number in range(50):
        await limits.admit(*LIST, user_id=f"user {number}")
    memory: Any = limits._counters.storage  # the one in memory
    assert len(memory.events) == 100
    forget(memory, clock.at + 2)
    assert len(memory.events) == 50
    forget(memory, clock.at + 61)
    assert not memory.events
    assert not memory.locks

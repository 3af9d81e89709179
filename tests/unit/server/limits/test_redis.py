"""Several servers count together in a real Redis; without it reading goes on and signing in does not."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from server.errors import ServerError, TooManyRequests
from server.limits import service
from server.limits.rules import Rule, WhenDown, Whose
from server.limits.service import Exceeded, Limits
from server.limits.storage import Counters
from tests.support.redis import Redis, open_redis

LIST = ("GET", "/api/v1/recordings")
READS = Rule("GET /recordings", window_s=60, limit=4)
KEYS = Rule("*", window_s=3600, limit=1000, burst=2, whose=Whose.KEY)
SIGN_IN = Rule("sign in", window_s=60, limit=2, when_down=WhenDown.CLOSED)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with open_redis(tmp_path / "r") as redis:
        yield redis


@pytest.fixture
async def servers(redis: Redis) -> AsyncIterator[tuple[Limits, Limits]]:
    both = (Limits((READS, KEYS), Counters(redis.url)), Limits((READS, KEYS), Counters(redis.url)))
    yield both
    for limits in both:
        await limits.close()


async def test_servers_count_together(servers: tuple[Limits, Limits]) -> None:
    one, other = servers
    left = [await limits.admit(*LIST, user_id="ann") for limits in (one, other, one, other)]
    assert [standing.remaining for standing in left if standing] == [3, 2, 1, 0]
    for limits in servers:
        with pytest.raises(Exceeded) as refused:
            await limits.admit(*LIST, user_id="ann")
        assert 55 <= refused.value.wait_s <= 60
    await one.hit(SIGN_IN, "ann")
    await other.hit(SIGN_IN, "ann")
    with pytest.raises(TooManyRequests):
        await one.hit(SIGN_IN, "ann")
    await one.forgive(SIGN_IN, "ann")
    await other.hit(SIGN_IN, "ann")


async def test_bursts_are_bounded_there_too(servers: tuple[Limits, Limits]) -> None:
    one, other = servers
    for limits in (one, other, one):
        await limits.admit("GET", "/api/v1/me", user_id="ann", key_id="k")
    with pytest.raises(Exceeded) as refused:
        await other.admit("GET", "/api/v1/me", user_id="ann", key_id="k")
    assert refused.value.wait_s <= 4


async def test_without_redis_reads_go_on_with_an_alarm_and_sign_ins_do_not(
    servers: tuple[Limits, Limits], redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = servers[0]
    assert await limits.admit(*LIST, user_id="ann") is not None
    redis.kill()
    with structlog.testing.capture_logs() as logged:
        for _ in range(20):
            assert await limits.admit(*LIST, user_id="ann") is None
        for _ in range(3):
            with pytest.raises(ServerError) as refused:
                await limits.hit(SIGN_IN, "ann")
            assert (refused.value.status, refused.value.code) == (503, "unavailable")
    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["rate_limits_down"]
    redis.start()
    monkeypatch.setattr(limits, "_down_until", 0.0)
    assert await limits.admit(*LIST, user_id="ann") is not None, "it counts again"
    await limits.hit(SIGN_IN, "ann")
    assert service.ASK_AGAIN_S < 60

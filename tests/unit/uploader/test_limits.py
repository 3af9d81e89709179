import asyncio
import time

import pytest

from uploader.errors import UploadError
from uploader.limits import RightOfWay, TokenBucket
from uploader.rates import parse_rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("", None),
        ("0", None),
        ("off", None),
        ("1000", 1000),
        ("500k", 500 * 1024),
        ("2M", 2 * 1024**2),
        ("1.5 MB/s", 1.5 * 1024**2),
        ("1GiB", 1024**3),
    ],
)
def test_rates_are_read_as_people_write_them(text: str, rate: float | None) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["fast", "-1", "2T", "M", "1 2"])
def test_what_is_no_rate_is_said_to_be_none(text: str) -> None:
    with pytest.raises(UploadError, match="limit"):
        parse_rate(text)


class SimulatedTime:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_a_bucket_lets_its_rate_pass_and_no_more() -> None:
    simulated = SimulatedTime()
    bucket = TokenBucket(1000.0, clock=simulated, sleep=simulated.sleep)
    for _ in range(50):
        await bucket.take(100)
    assert simulated.now - 100 == pytest.approx(5.0, rel=0.01)


async def test_time_spent_idle_is_saved_up_only_to_the_burst() -> None:
    simulated = SimulatedTime()
    bucket = TokenBucket(100_000.0, clock=simulated, sleep=simulated.sleep)
    simulated.now += 3600
    for _ in range(10):
        await bucket.take(10_000)
    assert simulated.now - 3700 == pytest.approx(0.9, rel=0.02)


async def test_uploads_that_share_a_bucket_share_its_rate() -> None:
    bucket = TokenBucket(1_000_000.0)
    started = time.monotonic()

    async def send() -> None:
        for _ in range(20):
            await bucket.take(5_000)

    await asyncio.gather(send(), send())
    assert 0.15 < time.monotonic() - started < 1.0


async def test_no_limit_costs_no_time() -> None:
    bucket = TokenBucket(None)
    assert bucket.burst is None
    await asyncio.wait_for(bucket.take(10**12), 0.1)


async def test_finished_files_wait_while_a_recording_sends() -> None:
    way = RightOfWay()
    passed = asyncio.Event()

    async def finished_file() -> None:
        await way.wait()
        passed.set()

    async with way.live(), way.live():
        waiting = asyncio.create_task(finished_file())
        await asyncio.sleep(0)
        assert not passed.is_set()
    await asyncio.wait_for(passed.wait(), 1)
    await waiting

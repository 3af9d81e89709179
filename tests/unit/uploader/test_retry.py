from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from uploader.retry import Backoff, parse_retry_after


def test_the_ceiling_doubles_and_then_stays() -> None:
    backoff = Backoff(base_s=0.5, cap_s=30.0, random=lambda: 1.0)
    assert [backoff.delay(attempt) for attempt in range(1, 10)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_the_jitter_is_full() -> None:
    backoff = Backoff(base_s=0.5, cap_s=30.0, random=lambda: 0.0)
    assert backoff.delay(7) == 0.0


def test_after_months_offline_it_still_tries() -> None:
    assert Backoff(random=lambda: 1.0).delay(10**9) == 30.0


def test_somebody_waiting_is_not_kept_for_long() -> None:
    assert Backoff(random=lambda: 1.0).delay(20, live=True) == 5.0


def test_the_servers_word_comes_before_ours() -> None:
    backoff = Backoff(base_s=0.5, random=lambda: 0.5)
    assert backoff.delay(1, 12.0) == 12.25
    assert backoff.delay(1, 1e9) == 3600.25


@pytest.mark.parametrize(
    ("value", "seconds"), [(None, None), ("", None), ("soon", None), ("0", 0.0), ("120", 120.0)]
)
def test_retry_after_in_seconds(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert parse_retry_after(format_datetime(now + timedelta(seconds=90), usegmt=True), now) == 90.0
    assert parse_retry_after(format_datetime(now - timedelta(hours=1), usegmt=True), now) == 0.0

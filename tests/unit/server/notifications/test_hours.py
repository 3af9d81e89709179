"""When a letter may go, by the clock on somebody's wall."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from server.notifications.hours import Hours, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "digest"),
    [
        ("2026-07-01 05:59", "2026-07-01 06:00"),
        ("2026-07-01 06:00", "2026-07-02 06:00"),
        ("2026-01-01 06:59", "2026-01-01 07:00"),
        # The nights in which the clocks are changed.
        ("2026-03-28 08:00", "2026-03-29 06:00"),
        ("2026-10-24 08:00", "2026-10-25 07:00"),
    ],
)
def test_the_digest_comes_at_its_hour_summer_and_winter(moment: str, digest: str) -> None:
    assert Hours(BERLIN, 8).next_digest(at(moment)) == at(digest)


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-07-01 12:00", "2026-07-01 12:00"),
        ("2026-07-01 20:00", "2026-07-02 05:00"),  # 22:00 there
        ("2026-07-01 02:00", "2026-07-01 05:00"),
        ("2026-07-01 05:00", "2026-07-01 05:00"),
        ("2026-07-01 19:59", "2026-07-01 19:59"),
    ],
)
def test_at_night_nothing_goes_until_morning(moment: str, goes: str) -> None:
    hours = Hours(BERLIN, 8, time(22), time(7))
    assert hours.after_quiet(at(moment)) == at(goes)


def test_quiet_hours_may_lie_in_the_day() -> None:
    hours = Hours(UTC, 8, time(9), time(12))
    assert hours.after_quiet(at("2026-07-01 10:00")) == at("2026-07-01 12:00")
    assert hours.after_quiet(at("2026-07-01 13:00")) == at("2026-07-01 13:00")
    assert Hours(UTC).after_quiet(at("2026-07-01 03:00")) == at("2026-07-01 03:00")


def test_a_zone_that_nobody_knows_is_utc() -> None:
    assert zone_of(None) is zone_of("Mars/Olympus") is UTC
    assert zone_of("Europe/Berlin") == BERLIN

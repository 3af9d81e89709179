"""One word for the server, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.admin.verdict import Standing, reasons_of, standing_of
from server.backlogs import Backlog
from server.doctor import Finding
from server.processing.ledger import LaneState
from server.processing.steps import Lane

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
LONG_AGO = AT - timedelta(hours=3)
MIB = 1 << 20
WELL: dict[str, Any] = {
    "checks": {"disk": Finding("disk", ok=True, detail="")},
    "queues": {name: Backlog(1, AT, 0) for name in ("jobs", "events", "webhooks", "mail")},
    "lanes": [LaneState(lane, 1, 0, AT) for lane in Lane],
    "migration": ("0014", "0014"),
    "limits_reachable": True,
    "disk": (100 * MIB, MIB),
    "rejected": None,
    "at": AT,
}
CASES: list[tuple[dict[str, Any], Standing, str]] = [
    ({}, Standing.OK, ""),
    ({"checks": {"disk": Finding("disk", ok=False, detail="full")}}, Standing.FAILING, "disk"),
    ({"queues": {"events": Backlog(3, LONG_AGO, 0)}}, Standing.DEGRADED, "events"),
    ({"queues": {"events": Backlog(0, None, 1)}}, Standing.DEGRADED, "events"),
    ({"queues": {"mail": Backlog(2, LONG_AGO, 0)}}, Standing.DEGRADED, "mail"),
    ({"queues": {"mail": Backlog(0, None, 4)}}, Standing.DEGRADED, "mail"),
    # A webhook that does not answer is its owner's business, a broken file its sender's.
    ({"queues": {"webhooks": Backlog(9, LONG_AGO, 9), "jobs": Backlog(0, None, 9)}}, Standing.OK, ""),
    ({"lanes": [LaneState(Lane.SHORT, 2, 0, LONG_AGO)]}, Standing.DEGRADED, "workers"),
    ({"lanes": [LaneState(Lane.SHORT, 2, 1, LONG_AGO)]}, Standing.OK, ""),
    ({"lanes": [LaneState(Lane.SPARE, 2, 0, LONG_AGO)]}, Standing.OK, ""),
    ({"migration": ("0013", "0014")}, Standing.DEGRADED, "database"),
    ({"migration": None}, Standing.OK, ""),
    ({"limits_reachable": False}, Standing.DEGRADED, "rate limits"),
    ({"disk": (2 * MIB, MIB)}, Standing.DEGRADED, "disk"),
    ({"rejected": "no device"}, Standing.DEGRADED, "encoder"),
]


@pytest.mark.parametrize(("change", "standing", "what"), CASES)
def test_a_verdict_names_its_reason_and_what_to_do(change: Any, standing: Standing, what: str) -> None:
    reasons = reasons_of(**{**WELL, **change})
    assert standing_of(reasons) is standing
    assert [one.what for one in reasons] == ([what] if what else [])
    assert all(one.detail and (one.hint or standing is Standing.FAILING) for one in reasons)


def test_the_worst_reason_decides() -> None:
    broken = {"disk": Finding("disk", ok=False, detail="full", hint="Free space.")}
    reasons = reasons_of(**{**WELL, "checks": broken, "limits_reachable": False})
    assert [one.standing for one in reasons] == [Standing.FAILING, Standing.DEGRADED]
    assert standing_of(reasons) is Standing.FAILING

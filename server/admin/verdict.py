"""One word for how the server is, with the reasons for it and what to do about each. No I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.backlogs import Backlog
from server.doctor import Finding
from server.processing.ledger import LaneState
from server.processing.steps import Lane

# What waits longer than this, waits for somebody who is not there.
EVENTS_WAIT = timedelta(minutes=1)
MAIL_WAITS = timedelta(minutes=15)
JOBS_WAIT = timedelta(minutes=15)
# How much more than the least free space is still little.
LITTLE = 4


class Standing(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"  # it serves, and something needs to be looked at
    FAILING = "failing"  # `/health/ready` says no


@dataclass(frozen=True, slots=True)
class Reason:
    standing: Standing
    what: str
    detail: str
    hint: str


def standing_of(reasons: Sequence[Reason]) -> Standing:
    found = {one.standing for one in reasons}
    return next((one for one in (Standing.FAILING, Standing.DEGRADED) if one in found), Standing.OK)


def reasons_of(
    checks: Mapping[str, Finding],
    *,
    queues: Mapping[str, Backlog],
    lanes: Sequence[LaneState],
    migration: tuple[str | None, str] | None,
    limits_reachable: bool,
    disk: tuple[int, int],
    rejected: str | None,
    at: datetime,
) -> list[Reason]:
    """The worst first. `migration` is the present one and the newest, None where nobody could ask; `disk` is
    free and least free bytes; `rejected` is why the encoder that was asked for is not used."""
    broken = [
        Reason(Standing.FAILING, one.what, one.detail, one.hint) for one in checks.values() if not one.ok
    ]
    found = [*_of_queues(queues, at), *_of_lanes(lanes, at)]
    if migration is not None and migration[0] != migration[1]:
        detail = f"its tables are of revision {migration[0]}, this version knows {migration[1]}"
        found.append(_worth("database", detail, "Run the newest version alone, or heddle-server migrate."))
    if not limits_reachable:
        hint = "Look whether Redis runs at HEDDLE_RATE_LIMITS_URL. Sign-in is refused meanwhile."
        found.append(_worth("rate limits", "requests cannot be counted", hint))
    if checks.get("disk", Finding("", ok=True, detail="")).ok and disk[0] < LITTLE * disk[1]:
        detail = f"{disk[0] // 2**20} MiB are free, near the least of {disk[1] // 2**20} MiB"
        found.append(_worth("disk", detail, "Free space: see the largest recordings and the trash."))
    if rejected is not None:
        hint = "Set HEDDLE_RENDITION_ENCODER to auto, or mend it; software encodes meanwhile."
        found.append(_worth("encoder", rejected, hint))
    return [*broken, *found]


def _of_queues(queues: Mapping[str, Backlog], at: datetime) -> Iterator[Reason]:
    again = "Look at the dead letters: what is to blame may be mended by now, then try them again."
    events, mail = queues.get("events"), queues.get("mail")
    if events is not None and _waits(events.oldest, EVENTS_WAIT, at):
        detail = f"{events.waiting} wait, the first since {_ago(events.oldest, at)}"
        yield _worth("events", detail, "The server's log says which handler fails.")
    if events is not None and events.dead:
        yield _worth("events", f"{events.dead} were given up", again)
    if mail is not None and _waits(mail.oldest, MAIL_WAITS, at):
        detail = f"{mail.waiting} letters wait, the first since {_ago(mail.oldest, at)}"
        yield _worth("mail", detail, "Look whether the mail server at HEDDLE_MAIL_URL takes letters.")
    if mail is not None and mail.dead:
        yield _worth("mail", f"{mail.dead} letters could not be sent", "See them among the dead letters.")


def _of_lanes(lanes: Sequence[LaneState], at: datetime) -> Iterator[Reason]:
    """Work for which nobody is there; the spare lane may wait for days."""
    for one in lanes:
        if one.lane is not Lane.SPARE and not one.processing and _waits(one.oldest, JOBS_WAIT, at):
            detail = f"{one.queued} jobs of the lane {one.lane} wait, the first since {_ago(one.oldest, at)}"
            hint = "Set HEDDLE_WORKERS to 1 or more, or start heddle-server worker."
            yield _worth("workers", detail, hint)


def _worth(what: str, detail: str, hint: str) -> Reason:
    return Reason(Standing.DEGRADED, what, detail, hint)


def _waits(oldest: datetime | None, longest: timedelta, at: datetime) -> bool:
    return oldest is not None and at - oldest > longest


def _ago(oldest: datetime | None, at: datetime) -> str:
    minutes = 0 if oldest is None else int((at - oldest).total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"

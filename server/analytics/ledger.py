"""Where events go: into sessions of watching, and what these change into the figures of their days.

Everything that comes from an event is done in the transaction that stores it, so figures are never behind and
an event that is known already changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from server.analytics import events, repository
from server.analytics.figures import Figures
from server.analytics.models import EventRow, WatchingRow
from server.analytics.schemas import Beacon
from server.analytics.watching import Stretch, Watching, figures_of, fold
from server.db import new_id

DIRECT = "direct"
UNKNOWN = "unknown"

_Key = tuple[str, str]
_Day = tuple[str, date]


async def store(session: AsyncSession, beacons: Iterable[Beacon], threshold_ms: int) -> int:
    """How many events were new. `threshold_ms` is what must be watched for a view."""
    by_id = {beacon.id: beacon for beacon in beacons}
    for known in await repository.known_events(session, by_id):
        del by_id[known]
    book = _Book(session, threshold_ms)
    by_session: defaultdict[_Key, list[Beacon]] = defaultdict(list)
    for beacon in by_id.values():
        if beacon.session_id is None:
            book.note(beacon)
        else:
            by_session[beacon.subject.recording_id, beacon.session_id].append(beacon)
    held = await repository.sessions(session, by_session.keys())
    for key, told in by_session.items():
        await book.tell(held.get(key), told)
    await book.close()
    return len(book.rows)


@dataclass(slots=True)
class _Book:
    """What one transaction changes."""

    session: AsyncSession
    threshold_ms: int
    rows: list[dict[str, object]] = field(default_factory=list)
    changes: defaultdict[_Day, Figures] = field(default_factory=lambda: defaultdict(Figures))
    views: defaultdict[_Day, list[tuple[WatchingRow, Beacon]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(self, beacon: Beacon) -> None:
        """An event without a session."""
        day = beacon.received_at.date()
        self.changes[beacon.subject.recording_id, day].numbers["streams"] += 1
        self.rows.append(_event(beacon, None, day))

    async def tell(self, row: WatchingRow | None, beacons: Sequence[Beacon]) -> None:
        """What happened in one session, which may be new."""
        last = beacons[-1]
        before = Figures() if row is None else contribution(row)
        if row is None:
            row = _new_session(beacons[0])
            self.session.add(row)
            watching = Watching(duration_ms=last.subject.duration_ms)
        else:
            watching = watching_of(row)
            if watching.duration_ms != last.subject.duration_ms:
                told = await repository.played(self.session, [row.id])
                watching = fold(last.subject.duration_ms, map(stretch_of, told))
        for beacon in beacons:
            if not watching.full:
                watching = watching.add(beacon.stretch)
                self.rows.append(_event(beacon, row.id, row.day))
        write(row, watching)
        row.last_at = max(row.last_at, last.received_at)
        if row.viewed_at is None and watching.is_view(self.threshold_ms):
            row.viewed_at = last.received_at
            self.views[row.recording_id, row.day].append((row, last))
        self.changes[row.recording_id, row.day].add(contribution(row)).add(before, sign=-1)

    async def close(self) -> None:
        for key, viewed in self.views.items():
            await self._count(key, viewed)
        await self.session.flush()  # events name their sessions
        await repository.add_events(self.session, self.rows)
        for (recording_id, day), more in sorted(self.changes.items()):
            await repository.add_to_day(self.session, recording_id, day, more)
        for recording_id, views in sorted(self._views_by_recording().items()):
            await repository.add_to_total(self.session, recording_id, views)

    async def _count(self, key: _Day, viewed: Sequence[tuple[WatchingRow, Beacon]]) -> None:
        recording_id, day = key
        viewers = {row.viewer for row, _ in viewed}
        fresh = {row.id for row, _ in viewed}
        known = await repository.viewed_before(self.session, recording_id, day, viewers, fresh)
        self.changes[key].numbers["viewers"] += len(viewers - known)
        for row, beacon in viewed:
            events.viewed(
                self.session,
                view_id=row.id,
                recording_id=recording_id,
                owner_id=beacon.subject.owner_id,
                by_owner=beacon.user_id == beacon.subject.owner_id,
                at=beacon.received_at,
            )

    def _views_by_recording(self) -> dict[str, int]:
        counts: defaultdict[str, int] = defaultdict(int)
        for (recording_id, _), viewed in self.views.items():
            counts[recording_id] += len(viewed)
        return counts


def contribution(row: WatchingRow) -> Figures:
    """What a session adds to its day."""
    names = {
        "referrers": row.referrer or DIRECT,
        "devices": row.device,
        "browsers": row.browser,
        "systems": row.system,
        "countries": row.country or UNKNOWN,
    }
    return figures_of(watching_of(row), names, viewed=row.viewed_at is not None)


def watching_of(row: WatchingRow) -> Watching:
    return Watching(
        duration_ms=row.duration_ms,
        seen=_pairs(row.seen),
        plays=tuple(row.plays),
        watch_ms=row.watch_ms,
        qualities=row.qualities,
        quality_switches=row.quality_switches,
        rebuffers=row.rebuffers,
        rebuffer_ms=row.rebuffer_ms,
    )


def stretch_of(event: EventRow) -> Stretch:
    return Stretch(
        played=_pairs(event.played),
        quality=event.quality,
        quality_switches=event.quality_switches,
        rebuffers=event.rebuffers,
        rebuffer_ms=event.rebuffer_ms,
    )


def write(row: WatchingRow, watching: Watching) -> None:
    row.duration_ms = watching.duration_ms
    row.seen = [list(one) for one in watching.seen]
    row.plays = list(watching.plays)
    row.watch_ms = watching.watch_ms
    row.qualities = dict(watching.qualities)
    row.quality_switches = watching.quality_switches
    row.rebuffers = watching.rebuffers
    row.rebuffer_ms = watching.rebuffer_ms


def _new_session(beacon: Beacon) -> WatchingRow:
    return WatchingRow(
        id=new_id(),
        recording_id=beacon.subject.recording_id,
        session_id=beacon.session_id,
        day=beacon.received_at.date(),
        viewer=beacon.viewer,
        device=beacon.client.device,
        browser=beacon.client.browser,
        system=beacon.client.system,
        country=beacon.country,
        referrer=beacon.referrer,
        first_at=beacon.received_at,
        last_at=beacon.received_at,
        seen=[],
        plays=[],
        qualities={},
    )


def _event(beacon: Beacon, watching_id: str | None, day: date) -> dict[str, object]:
    noted = beacon.session_id is None
    client = {
        "device": beacon.client.device,
        "browser": beacon.client.browser,
        "system": beacon.client.system,
        "country": beacon.country,
    }
    return {
        "id": beacon.id,
        "recording_id": beacon.subject.recording_id,
        "watching_id": watching_id,
        "user_id": beacon.user_id if noted else None,
        "type": beacon.type,
        "day": day,
        "at": beacon.at,
        "received_at": beacon.received_at,
        "position": beacon.position,
        "quality": beacon.stretch.quality,
        "quality_switches": beacon.stretch.quality_switches,
        "rebuffers": beacon.stretch.rebuffers,
        "rebuffer_ms": beacon.stretch.rebuffer_ms,
        "played": [list(one) for one in beacon.stretch.played],
        "client": client if noted else None,
    }


def _pairs(listed: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((one[0], one[1]) for one in listed)

"""The figures anew, from the events that are still kept; days whose events are gone stay as they are."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from server.adapters.blobs_local import LocalBlobs
from server.analytics import repository
from server.analytics.figures import Figures
from server.analytics.ledger import contribution, stretch_of, write
from server.analytics.models import EventRow, WatchingRow
from server.analytics.watching import fold
from server.config import Settings
from server.db import Database
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.setup import prepare

# Sessions that are in memory together, with their events.
PAGE = 200


async def rebuild(settings: Settings) -> int:
    """`heddle-server analytics rebuild`: how many recordings anything is known of."""
    await asyncio.to_thread(prepare, settings)
    db = Database(settings.sqlalchemy_url)
    try:
        recordings = Recordings(db, LocalBlobs(settings.media_root))
        async with db.read() as session:
            known = await repository.watched_recordings(session)
        count = 0
        for recording_id in known:
            recording = await recordings.find(recording_id)
            if recording is not None:
                async with db.write(recording_id) as session:
                    await rebuild_one(session, recording, threshold_ms(settings))
                count += 1
        return count
    finally:
        await db.close()


def threshold_ms(settings: Settings) -> int:
    return round(settings.analytics_view_s * 1000)


def duration_ms(recording: Recording) -> int | None:
    return round(recording.duration_s * 1000) if recording.duration_s else None


async def rebuild_one(session: AsyncSession, recording: Recording, threshold: int) -> None:
    """Also for a recording whose length is another now. Views that were told stay told, and no others are."""
    fresh: defaultdict[date, Figures] = defaultdict(Figures)
    viewers: defaultdict[date, set[str]] = defaultdict(set)
    after: str | None = None
    await repository.hold_days(session, recording.id)
    while rows := await repository.sessions_after(session, recording.id, after, PAGE):
        told = _by_session(await repository.played(session, [row.id for row in rows]))
        for row in rows:
            _recount(row, told[row.id], duration_ms(recording), threshold)
            fresh[row.day].add(contribution(row))
            if row.viewed_at is not None:
                viewers[row.day].add(row.viewer)
        await session.flush()
        session.expunge_all()
        after = rows[-1].id
    for day, count in (await repository.streams_by_day(session, recording.id)).items():
        fresh[day].numbers["streams"] = count
    for day, names in viewers.items():
        fresh[day].numbers["viewers"] = len(names)
    await repository.replace_days(session, recording.id, fresh)


def _recount(row: WatchingRow, told: list[EventRow], duration: int | None, threshold: int) -> None:
    watching = fold(duration, map(stretch_of, told))
    write(row, watching)
    if not watching.is_view(threshold):
        row.viewed_at = None
    elif row.viewed_at is None:
        row.viewed_at = row.last_at


def _by_session(events: Sequence[EventRow]) -> defaultdict[str | None, list[EventRow]]:
    grouped: defaultdict[str | None, list[EventRow]] = defaultdict(list)
    for event in events:
        grouped[event.watching_id].append(event)
    return grouped

"""Analytics: takes what players and the server tell, and says what it comes to."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from server.analytics import reports, repository
from server.analytics.clients import client_of
from server.analytics.countries import Countries
from server.analytics.intake import Intake
from server.analytics.intervals import Interval
from server.analytics.rebuilding import duration_ms, rebuild_one
from server.analytics.reports import Overview, Report
from server.analytics.schemas import Beacon, EventIn, EventType, Subject
from server.analytics.viewers import Asker, Viewers
from server.analytics.watching import Stretch
from server.bus import Event
from server.db import Database, now
from server.identity.workspaces.schemas import Reachable
from server.recordings.schemas import Recording
from server.recordings.service import Recordings

# A player's clock further off than this is not believed.
CLOCK_OFF = timedelta(days=1)
# Players tell the end a little late.
BEYOND_MS = 1_000
# A request for a stream is one event an hour for each person and recording: pages ask again and again.
STREAM_HOUR = "%Y-%m-%dT%H"
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's for addresses

_QUALITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,19}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of analytics."""

    on: bool
    threshold_ms: int
    owner_views: bool
    keep_days: int


class Analytics:
    """Whoever calls has checked that the one who asks may see the recording."""

    def __init__(
        self,
        db: Database,
        recordings: Recordings,
        *,
        rules: Rules,
        intake: Intake,
        viewers: Viewers,
        countries: Countries,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.rules = rules
        self._db = db
        self._recordings = recordings
        self._intake = intake
        self._viewers = viewers
        self._countries = countries
        self._clock = clock
        self._noted: set[str] = set()

    async def counted_as(self, asker: Asker) -> str:
        """Whose events are limited together: an address, under a name that nobody can read tomorrow."""
        return await self._viewers.address(asker)

    async def take(self, told: Sequence[tuple[EventIn, Recording]], asker: Asker, host: str) -> int:
        """Stores what a player tells, once; how many events were taken. `host` is this server's own.

        Raises TooManyRequests when too much waits already.
        """
        wanted = [one for one in told if self.rules.owner_views or one[1].user_id != asker.user_id]
        if not self.rules.on or not wanted:
            return 0
        received = self._clock()
        client, country = client_of(asker.agent), self._countries.of(asker.address)
        beacons = []
        for event, recording in wanted:
            viewer_id = None if event.viewer_id is None else str(event.viewer_id)
            beacons.append(
                Beacon(
                    id=str(event.id),
                    type=event.type,
                    subject=_subject(recording),
                    session_id=str(event.session_id),
                    user_id=asker.user_id,
                    viewer=await self._viewers.name(recording.id, asker, viewer_id),
                    client=client,
                    country=country,
                    referrer=_host(event.referrer, host),
                    at=event.at if abs(event.at - received) <= CLOCK_OFF else received,
                    received_at=received,
                    position=event.position,
                    stretch=_stretch(event, duration_ms(recording)),
                )
            )
        await self._intake.put(beacons)
        return len(beacons)

    def note_stream(self, recording: Recording, asker: Asker) -> None:
        """Somebody signed in asks where to play a recording (spec/08 §3, step 12). Costs next to nothing."""
        if not self.rules.on or asker.user_id is None or asker.private:
            return
        at = self._clock()
        hour = at.strftime(STREAM_HOUR)
        event_id = str(uuid.uuid5(_NAMESPACE, f"heddle:{recording.id}/{asker.user_id}/{hour}"))
        if event_id in self._noted:
            return
        if len(self._noted) >= 10_000:
            self._noted.clear()  # the database knows them too
        self._noted.add(event_id)
        self._intake.note(
            Beacon(
                id=event_id,
                type=EventType.START,
                subject=_subject(recording),
                session_id=None,
                user_id=asker.user_id,
                viewer="",
                client=client_of(asker.agent),
                country=self._countries.of(asker.address),
                referrer=None,
                at=at,
                received_at=at,
                position=None,
                stretch=Stretch(),
            )
        )

    async def report(self, recording: Recording, since: date, until: date) -> Report:
        async with self._db.read() as session:
            return await reports.of_one(session, recording, since, until)

    async def overview(
        self, user_id: str, within: Reachable, since: date, until: date, *, page: int, size: int
    ) -> Overview:
        """Of all that a person recorded, where they may see such figures, and not in a trash."""
        ids = await self._recordings.made_by(user_id, within)
        async with self._db.read() as session:
            return await reports.of_many(session, ids, since, until, page=page, size=size)

    async def views(self, recording_ids: Sequence[str]) -> Mapping[str, int]:
        """Counted views since ever; those without any are left out."""
        return await self._db.fetch(lambda session: repository.totals(session, recording_ids))

    async def on_measured(self, event: Event) -> None:
        """A recording that was watched live has its length now: what was seen of it gets its places."""
        recording = await self._recordings.find(event.recording_id or "")
        length = None if recording is None else duration_ms(recording)
        if recording is None or length is None:
            return
        async with self._db.read() as session:
            if not await repository.measured_otherwise(session, recording.id, length):
                return
        async with self._db.write(recording.id) as session:
            await rebuild_one(session, recording, self.rules.threshold_ms)

    async def sweep(self) -> None:
        """Forgets raw events that are too old, and yesterday's salt."""
        await self._viewers.salt()
        before = self._clock().date() - timedelta(days=self.rules.keep_days)
        async with self._db.write("old analytics") as session:
            await repository.forget(session, before)


def _subject(recording: Recording) -> Subject:
    return Subject(recording.id, recording.user_id, duration_ms(recording))


def _stretch(event: EventIn, duration: int | None) -> Stretch:
    quality = (event.quality or "").strip()
    return Stretch(
        played=tuple(_played(event, duration)),
        quality=quality if _QUALITY.fullmatch(quality) else None,
        quality_switches=event.quality_switches,
        rebuffers=event.rebuffers,
        rebuffer_ms=event.rebuffer_ms,
    )


def _played(event: EventIn, duration: int | None) -> list[Interval]:
    """In milliseconds; what cannot have been played is left out."""
    pairs = ((round(begin * 1000), round(end * 1000)) for begin, end in event.watched)
    if duration is not None:
        pairs = ((begin, min(end, duration)) for begin, end in pairs if end <= duration + BEYOND_MS)
    return [(begin, end) for begin, end in pairs if begin < end]


def _host(referrer: str | None, own: str) -> str | None:
    """The host alone, whatever was sent; None for none, for this server itself, and for nonsense."""
    text = (referrer or "").strip().lower()
    try:
        found = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return None
    return found if _HOST.fullmatch(found) and found != own.lower() else None

"""What the figures of days come to over a range of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from server.analytics import repository
from server.analytics.figures import NUMBERS, Figures, total
from server.analytics.intervals import BUCKETS, edge_of
from server.recordings.schemas import Recording

DROPS = 3


@dataclass(frozen=True, slots=True)
class Report:
    """`days` are those with anything, in order; `viewers` are different people, as far as can be known."""

    recording: Recording
    since: date
    until: date
    viewers: int
    days: Mapping[date, Figures]
    whole: Figures

    @property
    def duration_ms(self) -> int:
        return round((self.recording.duration_s or 0) * 1000)

    @property
    def retention(self) -> list[float]:
        views = self.whole.numbers["views"]
        return [round(count / views, 4) if views else 0.0 for count in self.curve("retention")]

    @property
    def rewatches(self) -> list[float]:
        found = []
        for bucket, again in enumerate(self.curve("rewatched_ms")):
            size = edge_of(bucket + 1, self.duration_ms) - edge_of(bucket, self.duration_ms)
            found.append(round(again / size, 3) if size else 0.0)
        return found

    @property
    def drops(self) -> list[tuple[float, int]]:
        """Where most views end before the last hundredth: seconds, and how many."""
        stops = self.curve("stops")[:-1]
        most = sorted(range(len(stops)), key=lambda bucket: (-stops[bucket], bucket))[:DROPS]
        return [(edge_of(one, self.duration_ms) / 1000, stops[one]) for one in most if stops[one]]

    def curve(self, name: str) -> list[int]:
        return self.whole.curves.get(name) or [0] * BUCKETS

    def names(self, split: str) -> list[tuple[str, int]]:
        """The most frequent first."""
        counts: Mapping[str, int] = self.whole.splits.get(split, {})
        return sorted(((name, n) for name, n in counts.items() if n), key=lambda one: (-one[1], one[0]))


@dataclass(frozen=True, slots=True)
class Overview:
    """Of many recordings: numbers (see `figures`) of a page of them, of all together, and by day."""

    since: date
    until: date
    recordings: Sequence[tuple[str, Mapping[str, int]]]
    count: int
    whole: Mapping[str, int]
    days: Mapping[date, Mapping[str, int]]


async def of_one(session: AsyncSession, recording: Recording, since: date, until: date) -> Report:
    rows = await repository.days(session, recording.id, since, until)
    days = {row.day: Figures.of(row) for row in rows}
    viewers = await repository.viewers(session, [recording.id], since, until)
    return Report(recording, since, until, viewers.get(recording.id, 0), days, total(days.values()))


async def of_many(
    session: AsyncSession, ids: Sequence[str], since: date, until: date, *, page: int, size: int
) -> Overview:
    """The most watched first; those nobody has watched in that time are left out."""
    sums = await repository.sums_by_recording(session, ids, since, until)
    viewers = await repository.viewers(session, ids, since, until)
    numbers = {one: {**found, "viewers": viewers.get(one, 0)} for one, found in sums.items()}
    ordered = sorted(numbers, key=lambda one: (-numbers[one]["views"], -numbers[one]["watch_ms"], one))
    shown = ordered[page * size : (page + 1) * size]
    return Overview(
        since,
        until,
        recordings=[(one, numbers[one]) for one in shown],
        count=len(ordered),
        whole={name: sum(found[name] for found in numbers.values()) for name in NUMBERS},
        days=await repository.sums_by_day(session, ids, since, until),
    )


def days_between(since: date, until: date) -> list[date]:
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]

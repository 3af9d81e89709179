"""Reports as they go over the wire."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil

from server.analytics import schemas as wire
from server.analytics.reports import Overview, Report, days_between
from server.recordings.schemas import Pagination, Recording

_NOTHING: Mapping[str, int] = {}


def report(found: Report) -> wire.AnalyticsOut:
    numbers, duration = found.whole.numbers, found.recording.duration_s
    views, watch_s = numbers["views"], numbers["watch_ms"] / 1000
    return wire.AnalyticsOut(
        **dict(_summary({**numbers, "viewers": found.viewers}, duration)),
        recording_id=found.recording.id,
        since=found.since,
        until=found.until,
        duration=duration,
        completion_rate=round(numbers["completions"] / views, 4) if views else None,
        average_watch_seconds=round(watch_s / views, 3) if views else None,
        stream_starts=numbers["streams"],
        retention=found.retention,
        rewatches=found.rewatches,
        drop_off=found.curve("stops"),
        drops=[wire.DropOut(at=at, views=count) for at, count in found.drops],
        referrers=_named(found, "referrers"),
        devices=_named(found, "devices"),
        browsers=_named(found, "browsers"),
        systems=_named(found, "systems"),
        countries=_named(found, "countries"),
        qualities=[
            wire.QualityTimeOut(name=name, seconds=count / 1000) for name, count in found.names("qualities")
        ],
        quality_switches=numbers["quality_switches"],
        rebuffers=numbers["rebuffers"],
        rebuffer_seconds=numbers["rebuffer_ms"] / 1000,
        days=[
            _day(day, found.days[day].numbers if day in found.days else _NOTHING)
            for day in days_between(found.since, found.until)
        ],
    )


def overview(
    found: Overview, recordings: Sequence[Recording | None], *, page: int, size: int
) -> wire.OverviewOut:
    """`recordings` are those of `found.recordings`, None for what has been deleted meanwhile."""
    return wire.OverviewOut(
        since=found.since,
        until=found.until,
        total=_summary(found.whole, None),
        days=[_day(day, found.days.get(day, _NOTHING)) for day in days_between(found.since, found.until)],
        data=[
            wire.RecordingFiguresOut(
                **dict(_summary(numbers, recording.duration_s)),
                id=recording.id,
                title=recording.title,
                duration=recording.duration_s,
            )
            for recording, (_, numbers) in zip(recordings, found.recordings, strict=True)
            if recording is not None
        ],
        pagination=Pagination(
            page=page, size=size, total_pages=ceil(found.count / size), total_elements=found.count
        ),
    )


def _named(found: Report, split: str) -> list[wire.NamedOut]:
    return [wire.NamedOut(name=name, views=count) for name, count in found.names(split)]


def _summary(numbers: Mapping[str, int], duration_s: float | None) -> wire.SummaryOut:
    views = numbers.get("views", 0)
    watched = numbers.get("seen_ms", 0) / (views * duration_s * 1000) if views and duration_s else None
    return wire.SummaryOut(
        views=views,
        unique_viewers=numbers.get("viewers", 0),
        starts=numbers.get("starts", 0),
        watch_seconds=numbers.get("watch_ms", 0) / 1000,
        completions=numbers.get("completions", 0),
        average_watched=None if watched is None else round(min(1.0, watched), 4),
    )


def _day(day: date, numbers: Mapping[str, int]) -> wire.DayOut:
    return wire.DayOut(
        date=day,
        views=numbers.get("views", 0),
        unique_viewers=numbers.get("viewers", 0),
        starts=numbers.get("starts", 0),
        watch_seconds=numbers.get("watch_ms", 0) / 1000,
        completions=numbers.get("completions", 0),
    )

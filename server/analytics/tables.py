"""Figures as CSV (RFC 4180), for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum

from server.analytics.figures import SPLITS, Figures
from server.analytics.intervals import BUCKETS, edge_of
from server.analytics.reports import Report, days_between

# A spreadsheet takes what begins so for a formula, and a formula can do what it likes (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Table(StrEnum):
    DAYS = "days"
    NAMES = "names"
    CURVES = "curves"


def as_csv(report: Report, table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in _ROWS[table](report))
    return text.getvalue()


def safe(cell: object) -> object:
    """Text that a spreadsheet would run gets an apostrophe before it, which spreadsheets do not show."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell


def _days(report: Report) -> Iterable[Sequence[object]]:
    yield (
        "date", "views", "uniqueViewers", "starts", "watchSeconds", "completions", "qualitySwitches",
        "rebuffers", "rebufferSeconds",
    )  # fmt: skip
    for day in days_between(report.since, report.until):
        numbers = report.days.get(day, Figures()).numbers
        yield (
            day.isoformat(), numbers["views"], numbers["viewers"], numbers["starts"],
            numbers["watch_ms"] / 1000, numbers["completions"], numbers["quality_switches"],
            numbers["rebuffers"], numbers["rebuffer_ms"] / 1000,
        )  # fmt: skip


def _names(report: Report) -> Iterable[Sequence[object]]:
    yield ("kind", "name", "views", "seconds")
    for split in SPLITS:
        for name, count in report.names(split):
            yield (split, name, "", count / 1000) if split == "qualities" else (split, name, count, "")


def _curves(report: Report) -> Iterable[Sequence[object]]:
    yield ("second", "retention", "rewatches", "dropOff")
    rows = zip(report.retention, report.rewatches, report.curve("stops"), strict=True)
    for bucket, row in zip(range(BUCKETS), rows, strict=True):
        yield (edge_of(bucket, report.duration_ms) / 1000, *row)


_ROWS = {Table.DAYS: _days, Table.NAMES: _names, Table.CURVES: _curves}

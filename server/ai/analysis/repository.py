"""Queries on analyses, in the transaction of the caller."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.ai.analysis.models import AnalysisRow
from server.ai.analysis.schemas import Pending, Status
from server.db import now


async def of_recording(session: AsyncSession, recording_id: str) -> AnalysisRow | None:
    query = select(AnalysisRow).where(AnalysisRow.session_id == recording_id)
    return (await session.scalars(query)).one_or_none()


async def of_recordings(session: AsyncSession, recording_ids: Collection[str]) -> Sequence[AnalysisRow]:
    query = select(AnalysisRow).where(AnalysisRow.session_id.in_(recording_ids))
    return (await session.scalars(query)).all()


async def chapters(session: AsyncSession, recording_id: str) -> list[dict[str, Any]] | None:
    """Alone, for they are asked for often; None where nothing was analysed."""
    query = select(AnalysisRow.id, AnalysisRow.chapters).where(AnalysisRow.session_id == recording_id)
    found = (await session.execute(query)).one_or_none()
    return None if found is None else list(found[1] or ())


async def want(session: AsyncSession, recording_id: str, pending: Pending, wait: timedelta) -> AnalysisRow:
    """A new analysis is wanted, not before `wait`. One that waits already does not wait longer for it."""
    row = await of_recording(session, recording_id)
    if row is None:
        row = AnalysisRow(session_id=recording_id, wanted=0, status=Status.COMPLETED)
        session.add(row)
    waiting = row.status == Status.QUEUED
    row.pending = Pending.ALL if waiting and row.pending == Pending.ALL else pending
    row.not_before = row.not_before if waiting else now() + wait
    row.wanted += 1
    row.status, row.attempt, row.error = Status.QUEUED, 0, None
    return row


async def next_due(session: AsyncSession) -> AnalysisRow | None:
    """The oldest of those whose time has come."""
    due = or_(AnalysisRow.not_before.is_(None), AnalysisRow.not_before <= now())
    query = (
        select(AnalysisRow)
        .where(AnalysisRow.status == Status.QUEUED, due)
        .order_by(AnalysisRow.not_before.nulls_first(), AnalysisRow.id)
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def first_due(session: AsyncSession) -> datetime | None:
    """When the next of the waiting ones may be made."""
    query = (
        select(AnalysisRow.not_before)
        .where(AnalysisRow.status == Status.QUEUED, AnalysisRow.not_before.is_not(None))
        .order_by(AnalysisRow.not_before)
        .limit(1)
    )
    return await session.scalar(query)

"""Queries on transcripts and their history, in the transaction of the caller."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.ai.models import ResultRow, RevisionRow, TranscriptionRow
from server.ai.schemas import State

# Changes that can be looked at and undone; older ones are forgotten.
MOST_REVISIONS = 200


async def transcription(session: AsyncSession, recording_id: str) -> TranscriptionRow | None:
    query = select(TranscriptionRow).where(TranscriptionRow.session_id == recording_id)
    return (await session.scalars(query)).one_or_none()


async def transcriptions(session: AsyncSession, recording_ids: Collection[str]) -> Sequence[TranscriptionRow]:
    query = select(TranscriptionRow).where(TranscriptionRow.session_id.in_(recording_ids))
    return (await session.scalars(query)).all()


async def status(session: AsyncSession, recording_id: str) -> str | None:
    """Of the transcript; None where there is none."""
    query = select(TranscriptionRow.status).where(TranscriptionRow.session_id == recording_id)
    return await session.scalar(query)


async def version(session: AsyncSession, recording_id: str) -> str | None:
    """Another text with each change of the transcript; None where there is none."""
    query = select(TranscriptionRow.revision, TranscriptionRow.updated_at)
    found = (await session.execute(query.where(TranscriptionRow.session_id == recording_id))).one_or_none()
    return None if found is None else f"{found[0]} {found[1].isoformat()}"


async def remove_partial(session: AsyncSession, recording_id: str) -> None:
    partial = (TranscriptionRow.session_id == recording_id, TranscriptionRow.status == State.PARTIAL)
    await session.execute(delete(TranscriptionRow).where(*partial))


async def revisions(
    session: AsyncSession, recording_id: str, *, after: int = -1, page: int = 0, size: int = MOST_REVISIONS
) -> tuple[Sequence[RevisionRow], int]:
    """Newest first, those after revision `after`; and how many there are in all."""
    mine = (RevisionRow.session_id == recording_id, RevisionRow.revision > after)
    total = await session.scalar(select(func.count()).select_from(RevisionRow).where(*mine))
    query = select(RevisionRow).where(*mine).order_by(RevisionRow.revision.desc())
    rows = (await session.scalars(query.offset(page * size).limit(size))).all()
    return rows, total or 0


async def forget_old_revisions(session: AsyncSession, recording_id: str, newest: int) -> None:
    old = RevisionRow.revision <= newest - MOST_REVISIONS
    await session.execute(delete(RevisionRow).where(RevisionRow.session_id == recording_id, old))


async def newest_result(session: AsyncSession, recording_id: str, processing_type: str) -> ResultRow | None:
    """The last run of a kind."""
    query = (
        select(ResultRow)
        .where(ResultRow.session_id == recording_id, ResultRow.processing_type == processing_type)
        .order_by(ResultRow.created_at.desc(), ResultRow.id)
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()

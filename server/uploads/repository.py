"""Queries on the table of uploads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from media.sniff import Container
from server.recordings.repository import recordings_in
from server.uploads.models import UploadRow
from server.uploads.schemas import Upload


async def by_id(session: AsyncSession, upload_id: str) -> Upload | None:
    row = await session.get(UploadRow, upload_id)
    return None if row is None else to_upload(row)


async def of_recording(session: AsyncSession, recording_id: str) -> Upload | None:
    """The newest one: an older one was given up for it."""
    query = select(UploadRow).where(UploadRow.recording_id == recording_id)
    row = (await session.scalars(query.order_by(UploadRow.created_at.desc()).limit(1))).one_or_none()
    return None if row is None else to_upload(row)


async def growing(session: AsyncSession) -> list[tuple[str, str]]:
    query = select(UploadRow.recording_id, UploadRow.user_id)
    query = query.where(UploadRow.length.is_(None), UploadRow.finished_at.is_(None))
    return [(recording_id, user_id) for recording_id, user_id in await session.execute(query)]


async def count_open(session: AsyncSession, user_id: str) -> int:
    query = select(func.count()).select_from(UploadRow)
    query = query.where(UploadRow.user_id == user_id, UploadRow.finished_at.is_(None))
    return await session.scalar(query) or 0


async def announced_in(session: AsyncSession, workspace_id: str) -> int:
    """Bytes of what is being uploaded into a workspace, as far as anybody has said how many."""
    query = select(func.coalesce(func.sum(func.coalesce(UploadRow.length, UploadRow.offset)), 0))
    query = query.where(
        UploadRow.finished_at.is_(None), UploadRow.recording_id.in_(recordings_in([workspace_id]))
    )
    return int(await session.scalar(query) or 0)


async def expired(session: AsyncSession, moment: datetime) -> Sequence[Upload]:
    query = select(UploadRow).where(UploadRow.finished_at.is_(None), UploadRow.expires_at < moment)
    return [to_upload(row) for row in (await session.scalars(query)).all()]


async def unfinished_but_complete(session: AsyncSession) -> Sequence[Upload]:
    """All bytes were here when the server died."""
    query = select(UploadRow).where(UploadRow.finished_at.is_(None), UploadRow.offset == UploadRow.length)
    return [to_upload(row) for row in (await session.scalars(query)).all()]


async def open_ids(session: AsyncSession) -> set[str]:
    query = select(UploadRow.id).where(UploadRow.finished_at.is_(None))
    return set((await session.scalars(query)).all())


async def move(session: AsyncSession, upload: Upload, **values: Any) -> bool:
    """Change the row if its offset still is the one that the caller saw."""
    query = update(UploadRow).where(UploadRow.id == upload.id, UploadRow.offset == upload.offset)
    result = await session.execute(query.values(**values).returning(UploadRow.id))
    return result.first() is not None


async def remove(session: AsyncSession, upload_id: str) -> None:
    await session.execute(delete(UploadRow).where(UploadRow.id == upload_id))


async def remove_of_recording(session: AsyncSession, recording_id: str) -> None:
    await session.execute(delete(UploadRow).where(UploadRow.recording_id == recording_id))


def to_upload(row: UploadRow) -> Upload:
    return Upload(
        id=row.id,
        recording_id=row.recording_id,
        user_id=row.user_id,
        offset=row.offset,
        length=row.length,
        metadata=dict(row.upload_metadata),
        container=None if row.content_kind is None else Container(row.content_kind),
        expires_at=row.expires_at,
        finished_at=row.finished_at,
    )

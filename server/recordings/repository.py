"""Queries on the tables of recordings."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import now
from server.identity.workspaces.schemas import Reachable
from server.recordings.link import Link, Visibility
from server.recordings.models import RecordingRow, SegmentRow, TemplateRow
from server.recordings.schemas import Marker, Place, Recording, RecordingType, Template
from server.recordings.states import Status


async def by_id(session: AsyncSession, recording_id: str) -> RecordingRow | None:
    return await session.get(RecordingRow, recording_id)


async def by_slug(session: AsyncSession, slug: str) -> RecordingRow | None:
    return (await session.scalars(select(RecordingRow).where(RecordingRow.slug == slug))).one_or_none()


def reached(user_id: str, within: Reachable) -> ColumnElement[bool]:
    """What lies in some workspaces, and what the person made in others."""
    lying = RecordingRow.workspace_id.in_(within.everything)
    made = and_(RecordingRow.user_id == user_id, RecordingRow.workspace_id.in_(within.own))
    if not within.everything:
        return made
    return or_(lying, made) if within.own else lying


def watchable(user_id: str, within: Reachable) -> Select[str]:
    """Ids of what this person may watch now: what they reach, and what anybody with its link may."""
    row = RecordingRow
    lasting = or_(row.share_expires_at.is_(None), row.share_expires_at > now())
    open_to_all = and_(row.visibility == Visibility.PUBLIC, row.share_password_hash.is_(None), lasting)
    seen = or_(open_to_all, reached(user_id, within))
    return select(RecordingRow.id).where(RecordingRow.deleted_at.is_(None), seen)


async def by_ids(session: AsyncSession, recording_ids: Collection[str]) -> Sequence[RecordingRow]:
    return (await session.scalars(select(RecordingRow).where(RecordingRow.id.in_(recording_ids)))).all()


def recordings_in(workspaces: Collection[str]) -> Select[str]:
    """Their ids, for a query of another table."""
    return select(RecordingRow.id).where(RecordingRow.workspace_id.in_(workspaces))


async def places(session: AsyncSession, ids: Collection[str]) -> dict[str, Place]:
    row = RecordingRow
    query = select(row.id, row.workspace_id, row.user_id, row.deleted_at.is_not(None)).where(row.id.in_(ids))
    return {id_: Place(where, whose, bool(gone)) for id_, where, whose, gone in await session.execute(query)}


async def count_in(session: AsyncSession, workspace_id: str) -> int:
    query = select(func.count()).select_from(RecordingRow)
    return await session.scalar(query.where(RecordingRow.workspace_id == workspace_id)) or 0


async def stored_in(session: AsyncSession, workspace_id: str) -> int:
    """Bytes of the files as they were uploaded, the trash included."""
    query = select(func.coalesce(func.sum(RecordingRow.file_size_bytes), 0))
    return int(await session.scalar(query.where(RecordingRow.workspace_id == workspace_id)) or 0)


async def ids_in(session: AsyncSession, workspace_id: str, most: int) -> Sequence[str]:
    query = select(RecordingRow.id).where(RecordingRow.workspace_id == workspace_id)
    return (await session.scalars(query.order_by(RecordingRow.id).limit(most))).all()


async def older(session: AsyncSession, workspace_id: str, than: datetime, most: int) -> Sequence[str]:
    query = select(RecordingRow.id).where(
        RecordingRow.workspace_id == workspace_id,
        RecordingRow.deleted_at.is_(None),
        RecordingRow.created_at < than,
    )
    return (await session.scalars(query.order_by(RecordingRow.created_at).limit(most))).all()


async def trashed_before(session: AsyncSession, moment: datetime, most: int) -> Sequence[str]:
    query = select(RecordingRow.id).where(RecordingRow.deleted_at < moment)
    return (await session.scalars(query.order_by(RecordingRow.deleted_at).limit(most))).all()


async def uploaded_ids(session: AsyncSession) -> Sequence[str]:
    query = select(RecordingRow.id).where(RecordingRow.sha256.is_not(None))
    return (await session.scalars(query.order_by(RecordingRow.created_at, RecordingRow.id))).all()


async def ids(session: AsyncSession) -> Sequence[str]:
    query = select(RecordingRow.id).order_by(RecordingRow.created_at, RecordingRow.id)
    return (await session.scalars(query)).all()


async def made_by(session: AsyncSession, user_id: str, within: Reachable) -> Sequence[str]:
    query = select(RecordingRow.id).where(
        RecordingRow.user_id == user_id, RecordingRow.deleted_at.is_(None), reached(user_id, within)
    )
    return (await session.scalars(query.order_by(RecordingRow.created_at, RecordingRow.id))).all()


async def remove(session: AsyncSession, recording_id: str) -> None:
    """Also what other modules keep of it: their rows name it with ON DELETE CASCADE."""
    await session.execute(delete(RecordingRow).where(RecordingRow.id == recording_id))


async def open_segment(session: AsyncSession, recording_id: str) -> SegmentRow | None:
    query = select(SegmentRow).where(SegmentRow.session_id == recording_id, SegmentRow.ended_at.is_(None))
    return (await session.scalars(query)).one_or_none()


async def segments(session: AsyncSession, recording_id: str) -> Sequence[SegmentRow]:
    query = select(SegmentRow).where(SegmentRow.session_id == recording_id)
    return (await session.scalars(query.order_by(SegmentRow.segment_number))).all()


async def begin_segment(session: AsyncSession, recording_id: str, at: datetime) -> SegmentRow:
    count = select(func.count()).select_from(SegmentRow).where(SegmentRow.session_id == recording_id)
    number = (await session.scalar(count) or 0) + 1
    row = SegmentRow(session_id=recording_id, segment_number=number, started_at=at)
    session.add(row)
    return row


def end_segment(row: SegmentRow, at: datetime) -> None:
    row.ended_at = at
    row.duration_seconds = round((at - row.started_at).total_seconds())


async def templates(session: AsyncSession, user_id: str) -> Sequence[TemplateRow]:
    query = select(TemplateRow).where(TemplateRow.user_id == user_id)
    return (await session.scalars(query.order_by(TemplateRow.created_at, TemplateRow.id))).all()


async def template(session: AsyncSession, user_id: str, template_id: str) -> TemplateRow | None:
    row = await session.get(TemplateRow, template_id)
    return row if row is not None and row.user_id == user_id else None


async def clear_default(session: AsyncSession, user_id: str) -> None:
    await session.execute(update(TemplateRow).where(TemplateRow.user_id == user_id).values(is_default=False))


def to_recording(row: RecordingRow) -> Recording:
    return Recording(
        id=row.id,
        user_id=row.user_id,
        workspace_id=row.workspace_id,
        title=row.title or "",
        description=row.description or "",
        status=Status(row.status),
        recording_type=RecordingType(row.recording_type),
        settings=row.settings,
        duration_s=None if row.duration_ms is None else row.duration_ms / 1000,
        file_size_bytes=row.file_size_bytes,
        sha256=row.sha256,
        slug=row.slug,
        link=to_link(row),
        error=row.error,
        created_at=row.created_at,
        updated_at=row.updated_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        markers=tuple(Marker(one["time"], one["title"]) for one in row.markers or ()),
        deleted_at=row.deleted_at,
        folder_id=row.folder_id,
    )


def to_link(row: RecordingRow) -> Link:
    return Link(
        visibility=Visibility(row.visibility),
        password_hash=row.share_password_hash,
        expires_at=row.share_expires_at,
        allow_download=row.allow_download,
        allow_comments=row.allow_comments,
    )


def to_template(row: TemplateRow) -> Template:
    return Template(row.id, row.name, row.description or "", row.settings, row.is_default, row.created_at)

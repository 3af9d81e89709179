"""Queries on folders and tags, in the transaction of the caller."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import is_id
from server.errors import Conflict, NotFound
from server.recordings.library.models import FolderRow, RecordingTagRow, TagRow
from server.recordings.library.schemas import Tag
from server.recordings.models import RecordingRow

MOST_TAGS = 500  # of a workspace


def no_folder() -> NotFound:
    return NotFound("There is no such folder.", code="folder_not_found")


def no_tag() -> NotFound:
    return NotFound("There is no such tag.", code="tag_not_found")


async def folder(session: AsyncSession, folder_id: str) -> FolderRow:
    """Raises NotFound."""
    row = await session.get(FolderRow, folder_id) if is_id(folder_id) else None
    if row is None:
        raise no_folder()
    return row


async def folders(session: AsyncSession, folder_ids: Collection[str]) -> Sequence[FolderRow]:
    return (await session.scalars(select(FolderRow).where(FolderRow.id.in_(folder_ids)))).all()


async def tree(session: AsyncSession, workspace_id: str, *, change: bool = False) -> dict[str, FolderRow]:
    """All folders of a workspace. To `change` it, it is held: two moves at once could make a circle."""
    query = select(FolderRow).where(FolderRow.workspace_id == workspace_id).order_by(FolderRow.id)
    if change:
        query = query.with_for_update()
    return {row.id: row for row in await session.scalars(query)}


async def count_recordings(session: AsyncSession, workspace_id: str) -> dict[str, int]:
    """How many lie in each folder; the trash does not count."""
    query = (
        select(RecordingRow.folder_id, func.count())
        .where(RecordingRow.workspace_id == workspace_id, RecordingRow.deleted_at.is_(None))
        .group_by(RecordingRow.folder_id)
    )
    return {row[0]: row[1] for row in await session.execute(query) if row[0] is not None}


async def empty_into(session: AsyncSession, folder_id: str, parent_id: str | None) -> None:
    """What lies in a folder lies in another one from now on, or at the top."""
    moves = (
        update(RecordingRow).where(RecordingRow.folder_id == folder_id).values(folder_id=parent_id),
        update(FolderRow).where(FolderRow.parent_id == folder_id).values(parent_id=parent_id),
    )
    for move in moves:
        await session.execute(move)


async def tags(session: AsyncSession, workspace_id: str) -> Sequence[TagRow]:
    query = select(TagRow).where(TagRow.workspace_id == workspace_id)
    return (await session.scalars(query.order_by(TagRow.key))).all()


async def tag(session: AsyncSession, tag_id: str) -> TagRow:
    """Raises NotFound."""
    row = await session.get(TagRow, tag_id) if is_id(tag_id) else None
    if row is None:
        raise no_tag()
    return row


async def make_room(session: AsyncSession, workspace_id: str, more: int = 1) -> None:
    """Raises Conflict where a workspace would have too many tags."""
    query = select(func.count()).select_from(TagRow).where(TagRow.workspace_id == workspace_id)
    if (await session.scalar(query) or 0) + more > MOST_TAGS:
        raise Conflict(f"A workspace can have {MOST_TAGS} tags: delete some first.", code="too_many_tags")


async def tag_named(session: AsyncSession, workspace_id: str, name: str) -> TagRow | None:
    query = select(TagRow).where(TagRow.workspace_id == workspace_id, TagRow.key == key_of(name))
    return (await session.scalars(query)).one_or_none()


async def set_tags(session: AsyncSession, row: RecordingRow, names: Collection[str]) -> None:
    """A recording has these tags from now on; those that are new to its workspace are made."""
    wanted = {key_of(name): name for name in names}
    known = {one.key: one for one in await tags(session, row.workspace_id or "")} if wanted else {}
    missing = [(key, name) for key, name in wanted.items() if key not in known]
    if missing:
        await make_room(session, row.workspace_id or "", len(missing))
    for key, name in missing:
        known[key] = TagRow(workspace_id=row.workspace_id, name=name, key=key)
        session.add(known[key])
    await session.flush()
    await clear_tags(session, row.id)
    session.add_all(RecordingTagRow(recording_id=row.id, tag_id=known[key].id) for key in wanted)
    await session.flush()


async def clear_tags(session: AsyncSession, recording_id: str) -> None:
    await session.execute(delete(RecordingTagRow).where(RecordingTagRow.recording_id == recording_id))


async def tags_of(session: AsyncSession, recording_ids: Collection[str]) -> dict[str, list[Tag]]:
    """Of several recordings, by name."""
    query = (
        select(RecordingTagRow.recording_id, TagRow)
        .join(TagRow, TagRow.id == RecordingTagRow.tag_id)
        .where(RecordingTagRow.recording_id.in_(recording_ids))
        .order_by(TagRow.key)
    )
    found: dict[str, list[Tag]] = {one: [] for one in recording_ids}
    for recording_id, row in await session.execute(query):
        found[recording_id].append(to_tag(row))
    return found


async def tagged(session: AsyncSession, tag_id: str) -> Sequence[RecordingRow]:
    """Recordings that have it."""
    query = select(RecordingRow).join(RecordingTagRow, RecordingTagRow.recording_id == RecordingRow.id)
    return (await session.scalars(query.where(RecordingTagRow.tag_id == tag_id))).all()


def key_of(name: str) -> str:
    return name.casefold()[:100]


def to_tag(row: TagRow) -> Tag:
    return Tag(row.id, row.workspace_id, row.name, row.color)

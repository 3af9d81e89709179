"""Queries on comments, reactions and guests, in the transaction of the caller."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.comments.models import CommentRevisionRow, CommentRow, GuestRow, ReactionRow
from server.comments.schemas import Sort

# Versions of a comment that are kept.
MOST_REVISIONS = 50

_ORDERS: dict[Sort, tuple[tuple[Any, bool], ...]] = {
    Sort.OLDEST: ((CommentRow.created_at, False), (CommentRow.id, False)),
    Sort.NEWEST: ((CommentRow.created_at, True), (CommentRow.id, True)),
    Sort.MOMENT: ((CommentRow.time_ms, False), (CommentRow.created_at, False), (CommentRow.id, False)),
}


async def comment(session: AsyncSession, comment_id: str) -> CommentRow | None:
    return await session.get(CommentRow, comment_id)


async def threads(
    session: AsyncSession,
    recording_id: str,
    *,
    sort: Sort,
    after: cursors.Place | None,
    resolved: bool | None,
    limit: int,
) -> tuple[Sequence[CommentRow], int]:
    """Comments that are no replies, and how many there are in all."""
    wanted: list[ColumnElement[bool]] = [
        CommentRow.recording_id == recording_id,
        CommentRow.parent_id.is_(None),
    ]
    if resolved is not None:
        wanted.append(CommentRow.resolved_at.is_not(None) if resolved else CommentRow.resolved_at.is_(None))
    total = await session.scalar(select(func.count()).select_from(CommentRow).where(*wanted))
    order = _ORDERS[sort]
    if after is not None:
        wanted.append(cursors.behind(order, after))
    query = select(CommentRow).where(*wanted).order_by(*(_by(*one) for one in order)).limit(limit)
    return (await session.scalars(query)).all(), total or 0


async def said(session: AsyncSession, recording_id: str) -> Sequence[CommentRow]:
    """Comments and replies that are still there, oldest first."""
    query = select(CommentRow).where(CommentRow.recording_id == recording_id)
    query = query.where(CommentRow.deleted_at.is_(None))
    return (await session.scalars(query.order_by(CommentRow.created_at, CommentRow.id))).all()


def _by(column: Any, descending: bool) -> Any:
    return column.desc() if descending else column


async def replies(session: AsyncSession, parents: Collection[str]) -> Sequence[CommentRow]:
    """Of several threads, oldest first."""
    query = select(CommentRow).where(CommentRow.parent_id.in_(parents))
    return (await session.scalars(query.order_by(CommentRow.created_at, CommentRow.id))).all()


async def count_replies(session: AsyncSession, parent_id: str) -> int:
    query = select(func.count()).select_from(CommentRow).where(CommentRow.parent_id == parent_id)
    return await session.scalar(query) or 0


async def count_comments(session: AsyncSession, recording_id: str) -> int:
    query = select(func.count()).select_from(CommentRow).where(CommentRow.recording_id == recording_id)
    return await session.scalar(query) or 0


async def of_recordings(
    session: AsyncSession, recording_ids: Collection[str], most: int, after: cursors.Place | None
) -> Sequence[CommentRow]:
    """The first comments of several recordings, replies among them; at most `most` of each."""
    wanted: list[ColumnElement[bool]] = [
        CommentRow.recording_id.in_(recording_ids),
        CommentRow.deleted_at.is_(None),
    ]
    if after is not None:
        wanted.append(cursors.behind(_ORDERS[Sort.OLDEST], after))
    number = (
        func.row_number()
        .over(partition_by=CommentRow.recording_id, order_by=(CommentRow.created_at, CommentRow.id))
        .label("number")
    )
    ranked = select(CommentRow.id, number).where(*wanted).subquery()
    query = select(CommentRow).join(ranked, ranked.c.id == CommentRow.id).where(ranked.c.number <= most)
    return (await session.scalars(query.order_by(CommentRow.created_at, CommentRow.id))).all()


async def by_user(session: AsyncSession, user_id: str) -> Sequence[CommentRow]:
    query = select(CommentRow).where(CommentRow.user_id == user_id)
    # Replies first, so that a thread of this person alone goes as a whole.
    return (await session.scalars(query.order_by(CommentRow.parent_id.is_(None), CommentRow.id))).all()


async def authors_of(session: AsyncSession, recording_id: str) -> set[str]:
    """Accounts that have commented."""
    query = select(CommentRow.user_id).where(
        CommentRow.recording_id == recording_id, CommentRow.user_id.is_not(None)
    )
    return {str(one) for one in await session.scalars(query.distinct())}


async def authors_of_thread(session: AsyncSession, comment_id: str) -> set[str]:
    """Accounts that have said something in the thread that this comment began."""
    query = select(CommentRow.user_id).where(
        or_(CommentRow.id == comment_id, CommentRow.parent_id == comment_id), CommentRow.user_id.is_not(None)
    )
    return {str(one) for one in await session.scalars(query.distinct())}


async def revisions(session: AsyncSession, comment_id: str) -> Sequence[CommentRevisionRow]:
    """Newest first."""
    query = select(CommentRevisionRow).where(CommentRevisionRow.comment_id == comment_id)
    return (await session.scalars(query.order_by(CommentRevisionRow.version.desc()))).all()


async def forget_revisions(session: AsyncSession, comment_id: str, *, up_to: int) -> None:
    old = CommentRevisionRow.version <= up_to
    await session.execute(delete(CommentRevisionRow).where(CommentRevisionRow.comment_id == comment_id, old))


async def guest(session: AsyncSession, guest_id: str) -> GuestRow | None:
    return await session.get(GuestRow, guest_id)


async def guest_names(session: AsyncSession, guest_ids: Collection[str]) -> dict[str, str]:
    if not guest_ids:
        return {}
    rows = await session.execute(select(GuestRow.id, GuestRow.name).where(GuestRow.id.in_(guest_ids)))
    return {row.id: row.name for row in rows}


async def reaction(session: AsyncSession, reaction_id: str) -> ReactionRow | None:
    return await session.get(ReactionRow, reaction_id)


async def reactions(
    session: AsyncSession, recording_id: str, *, after: cursors.Place | None, limit: int
) -> Sequence[ReactionRow]:
    """In the order of the video."""
    query = select(ReactionRow).where(ReactionRow.recording_id == recording_id)
    if after is not None:
        order = ((ReactionRow.time_ms, False), (ReactionRow.id, False))
        query = query.where(cursors.behind(order, after))
    return (await session.scalars(query.order_by(ReactionRow.time_ms, ReactionRow.id).limit(limit))).all()


async def count_reactions(session: AsyncSession, recording_id: str) -> dict[str, int]:
    query = select(ReactionRow.emoji, func.count()).where(ReactionRow.recording_id == recording_id)
    rows = await session.execute(query.group_by(ReactionRow.emoji))
    return {row[0]: row[1] for row in rows}


async def same_reaction(session: AsyncSession, row: ReactionRow, *, within_ms: int) -> ReactionRow | None:
    """One of the same person, with the same emoji, at nearly the same time."""
    query = select(ReactionRow).where(
        ReactionRow.recording_id == row.recording_id,
        ReactionRow.emoji == row.emoji,
        ReactionRow.time_ms.between(row.time_ms - within_ms, row.time_ms + within_ms),
        ReactionRow.user_id == row.user_id if row.user_id else ReactionRow.guest_id == row.guest_id,
    )
    return (await session.scalars(query.limit(1))).first()


async def forget_reactions(session: AsyncSession, user_id: str) -> None:
    await session.execute(delete(ReactionRow).where(ReactionRow.user_id == user_id))

"""Comments: written, read, corrected, resolved, deleted. Whoever calls has checked that they may be seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.bus import Event
from server.comments import errors, events, people, repository, rows
from server.comments.events import CommentEventType
from server.comments.models import CommentRow
from server.comments.people import Actor
from server.comments.schemas import (
    CommentOut,
    CommentRequest,
    CommentRevisionOut,
    CursorPagination,
    EditCommentRequest,
    MentionOut,
    Sort,
    ThreadOut,
    ThreadPage,
)
from server.comments.text import mentioned
from server.db import Database, new_id, now
from server.identity.service import Identity
from server.preconditions import Expectation
from server.recordings.schemas import Recording
from server.recordings.service import Recordings


@dataclass(frozen=True, slots=True)
class Threads:
    """One page. `cursor` leads to the next, None on the last."""

    threads: list[ThreadOut]
    total: int
    cursor: str | None

    def page(self, size: int) -> ThreadPage:
        pagination = CursorPagination(size=size, total_elements=self.total, next_cursor=self.cursor)
        return ThreadPage(data=self.threads, pagination=pagination)


@dataclass(frozen=True, slots=True)
class Said:
    """A new comment, and the guest who wrote it where it was one."""

    comment: CommentOut
    guest_id: str | None


class Comments:
    """Opened by subscribing `on_user_deleted` to the end of accounts."""

    def __init__(self, db: Database, identity: Identity, recordings: Recordings) -> None:
        self._db = db
        self._identity = identity
        self._recordings = recordings

    async def threads(
        self,
        recording: Recording,
        actor: Actor,
        *,
        sort: Sort = Sort.OLDEST,
        cursor: str | None = None,
        size: int = 20,
        resolved: bool | None = None,
    ) -> Threads:
        """Raises InvalidRequest for a cursor of another list."""
        after = rows.after(sort, cursor)
        async with self._db.read() as session:
            roots, total = await repository.threads(
                session, recording.id, sort=sort, after=after, resolved=resolved, limit=size + 1
            )
            shown = roots[:size]
            replies = await repository.replies(session, [row.id for row in shown])
        outs = {one.id: one for one in await self._outs([*shown, *replies], actor)}
        under: dict[str, list[CommentOut]] = {}
        for row in replies:
            under.setdefault(row.parent_id or "", []).append(outs[row.id])
        threads = [ThreadOut(**dict(outs[row.id]), replies=under.get(row.id, [])) for row in shown]
        return Threads(threads, total, rows.place(sort, shown[-1]) if len(roots) > size else None)

    async def get(self, recording: Recording, comment_id: str, actor: Actor) -> CommentOut:
        """Raises NotFound."""
        async with self._db.read() as session:
            row = await rows.find(session, recording.id, comment_id)
        return (await self._outs([row], actor))[0]

    async def of_recordings(
        self, recording_ids: Collection[str], most: int, *, after: cursors.Place | None = None
    ) -> dict[str, list[CommentOut]]:
        """The first comments of several recordings, oldest first, for one who may see them all.

        `after` is a place in that order: when a comment was written, and its id.
        """
        async with self._db.read() as session:
            first = await repository.of_recordings(session, recording_ids, most, after)
        found: dict[str, list[CommentOut]] = {one: [] for one in recording_ids}
        for out in await self._outs(first, Actor()):
            found[out.recording_id].append(out)
        return found

    async def place_of(self, comment_id: str) -> tuple[str, str | None]:
        """The recording that a comment belongs to, and the account that wrote it. Raises NotFound."""
        async with self._db.read() as session:
            row = await rows.find(session, None, comment_id)
            return row.recording_id, row.user_id

    async def authors_of_thread(self, comment_id: str) -> set[str]:
        """Accounts that take part in the thread that this comment began."""
        async with self._db.read() as session:
            return await repository.authors_of_thread(session, comment_id)

    async def history(self, recording: Recording, comment_id: str, actor: Actor) -> list[CommentRevisionOut]:
        """What it said before, newest first; for its author and the owner. Raises NotFound, Forbidden."""
        async with self._db.read() as session:
            row = await rows.find(session, recording.id, comment_id)
            if not (actor.owner or actor.wrote(row.user_id, row.guest_id)):
                raise errors.not_yours("comment")
            return [rows.revision(one) for one in await repository.revisions(session, comment_id)]

    async def create(
        self,
        recording: Recording,
        actor: Actor,
        request: CommentRequest,
        *,
        name: str | None = None,
    ) -> Said:
        """A guest needs a `name` to begin with. Raises NotFound, Conflict, InvalidRequest."""
        rows.check_length(recording, request.time, request.end_time)
        mentions = await self._mentions(recording, actor, request.body)
        async with self._db.write(recording.id) as session:
            row = await rows.new(session, new_id(), recording, actor, request, name=name)
            row.mentions = rows.mentions(mentions)
            await session.flush()
            author = (await self._outs([row], actor, session))[0].author
            events.said(session, CommentEventType.CREATED, recording, row, author)
        writer = Actor(actor.user, row.guest_id if actor.user is None else None, actor.owner)
        return Said((await self._outs([row], writer))[0], row.guest_id)

    async def edit(
        self,
        recording: Recording,
        comment_id: str,
        actor: Actor,
        request: EditCommentRequest,
        expected: Expectation,
    ) -> CommentOut:
        """Raises NotFound, Forbidden, CommentChanged, InvalidRequest."""
        mentions = await self._mentions(recording, actor, request.body or "")
        async with self._db.write(recording.id) as session:
            row = await rows.present(session, recording.id, comment_id)
            if not actor.wrote(row.user_id, row.guest_id):
                raise errors.not_yours("comment")
            expected(rows.etag(row))
            before = rows.remembered(row)
            rows.apply(row, request, recording)
            if request.body is not None:
                row.mentions = rows.mentions(mentions)
            if rows.differs(before, row):
                session.add(before)
                row.version += 1
                row.edited_at = now()
                await repository.forget_revisions(
                    session, row.id, up_to=row.version - 1 - repository.MOST_REVISIONS
                )
            out = (await self._outs([row], actor, session))[0]
            if row.version != before.version:
                events.said(session, CommentEventType.UPDATED, recording, row, out.author)
        return out

    async def resolve(
        self, recording: Recording, comment_id: str, actor: Actor, expected: Expectation, *, resolved: bool
    ) -> CommentOut:
        """A thread is settled, or open again; twice is fine. Raises NotFound, Forbidden, Conflict."""
        async with self._db.write(recording.id) as session:
            row = await rows.present(session, recording.id, comment_id)
            if row.parent_id is not None:
                raise errors.not_a_thread()
            if not (actor.owner or actor.wrote(row.user_id, row.guest_id)):
                raise errors.not_yours_to_resolve()
            expected(rows.etag(row))
            if (row.resolved_at is not None) != resolved:
                row.resolved_at = now() if resolved else None
                row.resolved_by = actor.user.id if resolved and actor.user else None
                row.version += 1
                events.resolved(session, recording, row)
        return (await self._outs([row], actor))[0]

    async def delete(
        self, recording: Recording, comment_id: str, actor: Actor, expected: Expectation
    ) -> None:
        """For good; where replies are left, its place stays. Raises NotFound, Forbidden, CommentChanged."""
        async with self._db.write(recording.id) as session:
            row = await rows.present(session, recording.id, comment_id)
            if not (actor.owner or actor.wrote(row.user_id, row.guest_id)):
                raise errors.not_yours_to_delete("comment")
            expected(rows.etag(row))
            await rows.remove(session, recording, row)

    async def on_user_deleted(self, event: Event) -> None:
        """What an account wrote goes with it; the replies of others stay."""
        if event.user_id is None:
            return
        async with self._db.write() as session:
            await repository.forget_reactions(session, event.user_id)
            for row in await repository.by_user(session, event.user_id):
                recording = await self._recordings.find(row.recording_id)
                if recording is not None:
                    await rows.remove(session, recording, row)

    async def _mentions(self, recording: Recording, actor: Actor, body: str) -> list[MentionOut]:
        """Members reach each other, the maker, and who takes part already; others only these, and a guest no
        address. So nobody finds out by this who has an account here."""
        names = mentioned(body)
        if not names:
            return []
        async with self._db.read() as session:
            here = {recording.user_id, *await repository.authors_of(session, recording.id)}
        within = recording.workspace_id if actor.inside else None
        candidates = await self._identity.named(names, workspace_id=within, others=here)
        return people.mentions_of(body, candidates, strangers=actor.user is not None)

    async def _outs(
        self, found: Sequence[CommentRow], actor: Actor, session: AsyncSession | None = None
    ) -> list[CommentOut]:
        """`session` is a transaction that has not ended, whose guests only it sees."""
        users = await self._identity.find_all({row.user_id for row in found if row.user_id})
        guest_ids = {row.guest_id for row in found if row.guest_id}
        if session is not None:
            guests = await repository.guest_names(session, guest_ids)
        else:
            async with self._db.read() as reader:
                guests = await repository.guest_names(reader, guest_ids)
        return [
            rows.out(row, actor, people.author(row.user_id, row.guest_id, users, guests)) for row in found
        ]

"""Reactions: an emoji at a moment. Whoever calls has checked who may see the recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server import cursors
from server.comments import errors, events, people, repository, rows
from server.comments.events import CommentEventType
from server.comments.models import ReactionRow
from server.comments.people import Actor
from server.comments.schemas import (
    AuthorOut,
    CursorPagination,
    Emoji,
    ReactionOut,
    ReactionPage,
    ReactionRequest,
)
from server.db import Database, new_id
from server.identity.service import Identity
from server.recordings.schemas import Recording

MOST_REACTIONS = 20_000  # of a recording
# A second click of the same person on the same emoji is the first one.
_SAME_MS = 1000


@dataclass(frozen=True, slots=True)
class Reacted:
    reaction: ReactionOut
    guest_id: str | None


class Reactions:
    def __init__(self, db: Database, identity: Identity) -> None:
        self._db = db
        self._identity = identity

    async def page(
        self, recording: Recording, actor: Actor, *, cursor: str | None, size: int
    ) -> ReactionPage:
        """In the order of the video. Raises InvalidRequest for a cursor of another list."""
        after = None if cursor is None else cursors.decode(cursor, int, UUID)
        async with self._db.read() as session:
            found = await repository.reactions(session, recording.id, after=after, limit=size + 1)
            counts = await repository.count_reactions(session, recording.id)
        shown = found[:size]
        last = cursors.encode(shown[-1].time_ms, shown[-1].id) if len(found) > size else None
        by_emoji = {Emoji(emoji): count for emoji, count in counts.items()}
        return ReactionPage(
            data=await self._outs(shown, actor),
            counts=by_emoji,
            pagination=CursorPagination(size=size, total_elements=sum(counts.values()), next_cursor=last),
        )

    async def add(
        self,
        recording: Recording,
        actor: Actor,
        request: ReactionRequest,
        *,
        name: str | None = None,
    ) -> Reacted:
        """`name` is that of a guest, who needs one to begin with. Raises Conflict, InvalidRequest."""
        rows.check_length(recording, request.time)
        async with self._db.write(recording.id) as session:
            guest = await rows.guest_for(session, recording.id, actor, name)
            new = ReactionRow(
                id=new_id(),
                recording_id=recording.id,
                user_id=actor.user.id if actor.user else None,
                guest_id=guest.id if guest else None,
                emoji=request.emoji,
                time_ms=rows.moment(request.time),
            )
            row = await repository.same_reaction(session, new, within_ms=_SAME_MS)
            if row is None:
                counts = await repository.count_reactions(session, recording.id)
                if sum(counts.values()) >= MOST_REACTIONS:
                    raise errors.too_many("reactions", MOST_REACTIONS)
                row = new
                session.add(row)
                await session.flush()
                author = await self._author(session, row)
                events.reaction(session, CommentEventType.REACTED, recording, row, author)
        writer = Actor(actor.user, row.guest_id if actor.user is None else None, actor.owner)
        return Reacted((await self._outs([row], writer))[0], row.guest_id)

    async def place_of(self, reaction_id: str) -> tuple[str, str | None]:
        """The recording that a reaction belongs to, and the account whose it is. Raises NotFound."""
        async with self._db.read() as session:
            row = await repository.reaction(session, reaction_id) if rows.is_id(reaction_id) else None
        if row is None:
            raise errors.no_reaction()
        return row.recording_id, row.user_id

    async def remove(self, recording: Recording, reaction_id: str, actor: Actor) -> None:
        """Raises NotFound, Forbidden."""
        async with self._db.write(recording.id) as session:
            row = await repository.reaction(session, reaction_id) if rows.is_id(reaction_id) else None
            if row is None or row.recording_id != recording.id:
                raise errors.no_reaction()
            if not (actor.owner or actor.wrote(row.user_id, row.guest_id)):
                raise errors.not_yours_to_delete("reaction")
            author = await self._author(session, row)
            events.reaction(session, CommentEventType.UNREACTED, recording, row, author)
            await session.delete(row)

    async def _author(self, session: AsyncSession, row: ReactionRow) -> AuthorOut | None:
        """In a transaction that has not ended, whose guests only it sees."""
        users = await self._identity.find_all([row.user_id] if row.user_id else [])
        guests = await repository.guest_names(session, [row.guest_id] if row.guest_id else [])
        return people.author(row.user_id, row.guest_id, users, guests)

    async def _outs(self, found: Sequence[ReactionRow], actor: Actor) -> list[ReactionOut]:
        users = await self._identity.find_all({row.user_id for row in found if row.user_id})
        async with self._db.read() as session:
            guests = await repository.guest_names(session, {row.guest_id for row in found if row.guest_id})
        return [
            ReactionOut(
                id=row.id,
                recording_id=row.recording_id,
                author=people.author(row.user_id, row.guest_id, users, guests),
                emoji=Emoji(row.emoji),
                time=row.time_ms / 1000,
                mine=actor.wrote(row.user_id, row.guest_id),
                created_at=row.created_at,
            )
            for row in found
        ]

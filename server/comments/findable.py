"""Comments as search finds them: each with its moment, in the order in which they were said."""

from server.comments import repository
from server.comments.events import CommentEventType
from server.comments.schemas import to_seconds
from server.db import Database
from server.ports.search import Piece
from server.search.service import Source


def comments_of(db: Database) -> Source:
    async def pieces_of(recording_id: str) -> list[Piece]:
        async with db.read() as session:
            rows = await repository.said(session, recording_id)
        return [Piece("comment", row.body, to_seconds(row.time_ms), to_seconds(row.end_ms)) for row in rows]

    changes = {CommentEventType.CREATED, CommentEventType.UPDATED, CommentEventType.DELETED}
    return Source(pieces_of, changes)

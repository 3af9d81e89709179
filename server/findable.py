"""What is found of a recording beside its title, its description and what was said: the one list.

The server and `heddle-server reindex` use it alike. A module of a higher tier than search adds its own here.
"""

from collections.abc import Sequence

from server.comments.findable import comments_of
from server.db import Database
from server.ports.search import Piece
from server.recordings.library import repository as library
from server.search.service import Source


def sources(db: Database) -> Sequence[Source]:
    return (_tags_of(db), comments_of(db))


def _tags_of(db: Database) -> Source:
    async def pieces_of(recording_id: str) -> list[Piece]:
        async with db.read() as session:
            found = await library.tags_of(session, [recording_id])
        return [Piece("tag", tag.name) for tag in found[recording_id]]

    return Source(pieces_of, ())  # a change of tags is one of the recording, which search hears of anyway

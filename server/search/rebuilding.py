"""`heddle-server reindex`: the search index anew, from what it was made of."""

import asyncio

from server.adapters.blobs_local import LocalBlobs
from server.adapters.search_sqlite import SqliteSearch
from server.ai.service import Transcripts
from server.config import Settings
from server.db import Database
from server.recordings.service import Recordings
from server.search.service import Search
from server.setup import prepare


async def rebuild(settings: Settings) -> int:
    """How many recordings are in it now."""
    await asyncio.to_thread(prepare, settings)
    db = Database(settings.sqlalchemy_url)
    try:
        recordings = Recordings(db, LocalBlobs(settings.media_root))
        return await Search(SqliteSearch(db), recordings, Transcripts(db)).rebuild()
    finally:
        await db.close()

"""`heddle-server reindex`: the search index anew, from what it was made of."""

import asyncio
from collections.abc import Callable, Sequence

from server.adapters.blobs_local import LocalBlobs
from server.ai.service import Transcripts
from server.config import Settings
from server.db import Database
from server.recordings.service import Recordings
from server.search.adapters import open_index
from server.search.service import Search, Source
from server.setup import open_database, prepare


async def rebuild(settings: Settings, sources: Callable[[Database], Sequence[Source]]) -> int:
    """How many recordings are in it now."""
    await asyncio.to_thread(prepare, settings)
    db = open_database(settings)
    try:
        recordings = Recordings(db, LocalBlobs(settings.media_root))
        return await Search(open_index(db), recordings, Transcripts(db), sources(db)).rebuild()
    finally:
        await db.close()

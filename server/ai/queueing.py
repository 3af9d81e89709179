"""`heddle-server transcribe`: puts recordings into the queue, also while the server runs."""

import asyncio

from server.adapters.blobs_local import LocalBlobs
from server.ai.service import Transcripts
from server.ai.transcription import Transcription
from server.bus import Bus
from server.config import Settings
from server.errors import NotFound
from server.processing.service import Processing
from server.recordings.service import Recordings
from server.setup import open_database, open_flags, prepare


async def queue(settings: Settings, recording_id: str | None) -> int:
    """One recording, whatever it has; or all that have no transcript. How many. Raises ServerError."""
    await asyncio.to_thread(prepare, settings)
    db, bus, blobs = open_database(settings), Bus(), LocalBlobs(settings.media_root)
    try:
        recordings = Recordings(db, blobs)
        processing = Processing(db, bus, blobs, recordings, settings=settings, flags=open_flags(settings, db))
        transcripts = Transcripts(db)
        transcription = Transcription(
            db, bus, blobs, recordings, processing=processing, transcripts=transcripts, settings=settings
        )
        ids = [recording_id] if recording_id is not None else await recordings.uploaded_ids()
        count = 0
        for id_ in ids:
            recording = await recordings.find(id_)
            if recording is None:
                raise NotFound(f"There is no recording {id_}.")
            if recording_id is not None or await transcripts.state(id_) is None:
                await transcription.rerun(recording, {})
                count += 1
        return count
    finally:
        await db.close()

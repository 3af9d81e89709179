"""What was written down here on its way to the server: as the captions of the recording that is there."""

import asyncio
from pathlib import Path

from desktop.models import transcripts
from uploader import paths, web
from uploader.api import ApiClient
from uploader.journal import Journal
from uploader.model import Upload
from uploader.states import UploadState


async def send(video: Path) -> bool:
    """Sends what is kept beside a recording, so that its server need not listen to it. False while the
    recording itself is not there yet.

    Raises UploadError: a Transient one is worth another try.
    """
    kept = await asyncio.to_thread(transcripts.read, video)
    upload = await asyncio.to_thread(_upload_of, video)
    if kept is None or upload is None or upload.recording_id is None:
        return False
    async with web.open_client(upload.server) as http:
        await ApiClient(http).put_transcript(upload.recording_id, kept.as_dict())
    return True


def _upload_of(video: Path) -> Upload | None:
    """The newest one that has arrived; before, the server does not know which sound the words belong to."""
    if not paths.default_journal().exists():
        return None
    with Journal() as journal:
        return next(
            (one for one in journal.all() if one.path == video.absolute() and one.state is UploadState.DONE),
            None,
        )

"""What goes to the server beside the bytes: that the recorder paused, went on or stopped, and where it set
markers; and what comes back of use.

None of it is worth failing an upload for: the end of the bytes says more than any message.
"""

import asyncio
import contextlib
import logging
from pathlib import Path

from media import manifest
from media.manifest import ManifestError
from uploader.errors import Transient, UploadError
from uploader.journal import Journal
from uploader.model import Wanted
from uploader.retry import Backoff
from uploader.server import Server
from uploader.states import UploadState

log = logging.getLogger(__name__)

ACTIONS = {Wanted.RECORDING: "resume", Wanted.PAUSED: "pause", Wanted.STOPPED: "stop"}
# The last bytes usually say it sooner; a stop is told for recordings that still have a long way to go.
STOP_AFTER_S = 0.5
MOST_MARKERS = 500  # that the server takes
FIRST_PLAYLIST_S, LONGEST_PLAYLIST_S = 0.25, 8.0
DONE_SENDING = frozenset({UploadState.FINISHING, UploadState.DONE, UploadState.FAILED, UploadState.CANCELLED})


async def tell(journal: Journal, server: Server, upload_id: str, backoff: Backoff) -> None:
    """Brings the server's idea of the recorder up to what the journal says; runs until they agree."""
    attempt = 0
    while True:
        upload = journal.get(upload_id)
        if upload.told == upload.wanted or upload.recording_id is None or upload.ended:
            return
        if upload.wanted is Wanted.STOPPED:
            await asyncio.sleep(STOP_AFTER_S)
            if journal.get(upload_id).state in DONE_SENDING:
                return
        try:
            await server.api.control(upload.recording_id, ACTIONS[upload.wanted])
        except Transient as error:
            attempt += 1
            await asyncio.sleep(backoff.delay(attempt, error.retry_after_s, live=True))
            continue
        except UploadError as error:
            log.info("%s: the server does not take %s: %s", upload_id, upload.wanted, error.detail)
        journal.note(upload_id, told=upload.wanted)


async def tell_markers(server: Server, path: Path, recording_id: str) -> None:
    """Tells the server what the recorder's manifest, beside the file, knows at the end of a take."""
    with contextlib.suppress(ManifestError):  # a file that somebody else made has none
        said = await asyncio.to_thread(manifest.read, path)
        markers = manifest.within(said.markers[:MOST_MARKERS], said.duration_s)
        if markers:
            try:
                await server.api.put_markers(recording_id, markers)
            except UploadError as error:
                log.info("%s: the server does not take markers: %s", recording_id, error.detail)


async def learn_playlist(journal: Journal, server: Server, upload_id: str, recording_id: str) -> None:
    """Notes where the recording plays for its owner, as soon as the server knows."""
    wait_s = FIRST_PLAYLIST_S
    while not journal.get(upload_id).ended:
        with contextlib.suppress(UploadError):  # nothing to play yet, most likely
            stream = await server.api.stream(recording_id)
            if stream.playlist_url:
                journal.note(upload_id, playlist_url=stream.playlist_url)
                return
        await asyncio.sleep(wait_s)
        wait_s = min(LONGEST_PLAYLIST_S, 2 * wait_s)

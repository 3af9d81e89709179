"""One recording's way to the server, as the upload journal tells it.

The upload itself is the work of a process of its own that outlives this one; the journal is all they share.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.recorder.engine import Event
from uploader.journal import Journal
from uploader.model import Upload


class UploadFollower:
    """Puts one recording on the journal and reports each change of it as an `upload` event."""

    def __init__(self, journal: Journal, server: str, wake_worker: Callable[[], object]) -> None:
        """`wake_worker` starts the process that uploads, unless it runs already."""
        self._journal = journal
        self._server = server
        self._wake_worker = wake_worker
        self._id: str | None = None
        self._started_at = 0.0
        self._ended = False
        self._last: Event | None = None

    def ensure_worker(self) -> None:
        """Has the worker running: before there is anything to do, so that the link comes at once, and now and
        then after that, in case it died.
        """
        self._wake_worker()

    def begin(self, path: Path, title: str, started_at: float, settings: dict[str, Any]) -> None:
        """Enters the growing file, which may not exist yet. linkReadyS counts from `started_at` (Unix)."""
        self._started_at = started_at
        self._id = self._journal.add(path, title=title, server=self._server, growing=True, settings=settings)
        self._wake_worker()

    @property
    def active(self) -> bool:
        """Whether a recording was entered and its upload is not over."""
        return self._id is not None and not self._ended

    def want(self, state: str) -> None:
        """Tells the server's viewers that the recording is `paused` or `recording`."""
        if self._id:
            self._journal.want(self._id, state)

    def finish(self) -> None:
        """The file has its last byte."""
        if self._id:
            self._journal.finish(self._id)
            self._wake_worker()

    def cancel(self) -> None:
        """The recording is not wanted; the server forgets it."""
        if self._id:
            self._journal.cancel(self._id)
            self._wake_worker()

    def poll(self) -> Event | None:
        """The upload's `upload` event if it changed since the last one."""
        if self._id is None or not self._journal.changed():
            return None
        upload = self._journal.get(self._id)
        self._ended = upload.ended
        event = upload_event(upload, self._started_at)
        if event == self._last:
            return None
        self._last = event
        return event


def upload_event(upload: Upload, started_at: float) -> Event:
    """What the journal says about an upload, as an event. linkReadyS counts from `started_at` (Unix)."""
    ready = upload.link_at - started_at if upload.link_at else None
    return {
        "event": "upload",
        "id": upload.id,
        "state": upload.state.value,
        "offset": upload.offset,
        "size": upload.size,
        "sentBytes": upload.sent_bytes,
        "recordingId": upload.recording_id,
        "shareUrl": upload.share_url,
        "playlistUrl": upload.playlist_url,
        "linkReadyS": round(ready, 4) if ready is not None else None,
        "sha256": upload.sha256,
        "serverSha256": upload.server_sha256,
        "error": upload.error,
    }

"""What the server does about old recordings by itself: into the trash, and out of it for good."""

from datetime import timedelta

from server.db import now
from server.errors import NotFound
from server.identity.workspaces.service import Workspaces
from server.recordings.service import Recordings

AT_A_TIME = 100  # of each kind, so that a start with much to do is not held up by it


class Janitor:
    """`trash_days` is how long a recording can still be restored; 0 erases at the next round."""

    def __init__(self, recordings: Recordings, workspaces: Workspaces, *, trash_days: int) -> None:
        self._recordings = recordings
        self._workspaces = workspaces
        self._kept = timedelta(days=trash_days)

    async def clean(self) -> None:
        """One round. Done twice, it is done once."""
        for workspace_id, days in await self._workspaces.retention():
            before = now() - timedelta(days=days)
            for recording_id in await self._recordings.older(workspace_id, before, AT_A_TIME):
                await self._recordings.trash(recording_id, by=None)
        for recording_id in await self._recordings.trashed_before(now() - self._kept, AT_A_TIME):
            try:
                await self._recordings.erase(recording_id)
            except NotFound:
                continue  # somebody was quicker

"""The meter: notes what was recorded and transcribed as events tell of it, heard twice as once."""

from server.billing.usage import warn
from server.bus import Bus, Event
from server.db import Database
from server.plans.service import Plans, lengthen, spend
from server.plans.table import Quota
from server.processing.events import ProcessingEventType
from server.processing.states import JobStatus
from server.processing.steps import StepName
from server.recordings.events import RecordingEventType
from server.recordings.schemas import Recording
from server.recordings.service import Recordings

_HEARD = (StepName.TRANSCRIPT, StepName.LIVE_TRANSCRIPT)


class Meter:
    """Counts where nothing is sold too: whoever looks wants to know, and a plan may come later.

    A recording is counted once, with the best length that is known, in the workspace where it was made; a
    transcription each time that the server did one.
    """

    def __init__(self, db: Database, recordings: Recordings, plans: Plans) -> None:
        self._db = db
        self._recordings = recordings
        self._plans = plans

    def start(self, bus: Bus) -> None:
        here = [RecordingEventType.RAW_VIDEO_UPLOADED, ProcessingEventType.VIDEO_READY]
        bus.subscribe(self.on_measured, here)
        bus.subscribe(self.on_progress, [ProcessingEventType.PROGRESS])
        bus.subscribe(self.on_deleted, [RecordingEventType.DELETED])

    async def on_measured(self, event: Event) -> None:
        recording = await self._recordings.find(event.recording_id or "")
        if recording is not None:
            seconds = max(recording.duration_s or 0.0, float(event.data.get("durationSeconds", 0.0)))
            await self._note(f"recording:{recording.id}", recording, Quota.RECORDING, seconds)

    async def on_progress(self, event: Event) -> None:
        """Those without an id only tell of the way."""
        done = event.id and event.data["status"] == JobStatus.COMPLETED
        if not done or event.data["step"] not in _HEARD:
            return
        recording = await self._recordings.find(event.recording_id or "")
        if recording is not None:
            key, seconds = f"transcription:{event.data['jobId']}", recording.duration_s or 0.0
            await self._note(key, recording, Quota.TRANSCRIPTION, seconds)

    async def on_deleted(self, event: Event) -> None:
        """There is room again."""
        await self.look(event.data.get("workspaceId"))

    async def _note(self, key: str, recording: Recording, quota: Quota, seconds: float) -> None:
        if recording.workspace_id is None:
            return
        place, about = recording.workspace_id, recording.id
        async with self._db.write(about) as session:
            await spend(session, key, place, quota, recording_id=about, seconds=seconds)
            await lengthen(session, about, seconds)
        await self.look(recording.workspace_id)

    async def look(self, workspace_id: str | None) -> None:
        """Warns where that is due."""
        if self._plans.sells and workspace_id is not None:
            async with self._db.write(workspace_id) as session:
                await warn(session, self._plans, workspace_id)

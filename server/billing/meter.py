"""The meter: notes what was recorded and transcribed as events tell of it, heard twice as once."""

from collections.abc import Callable, Mapping

from server.billing.usage import warn
from server.bus import Bus, Event
from server.db import Database
from server.plans.service import Plans, lengthen, spend, take_back
from server.plans.table import Quota
from server.processing.events import ProcessingEventType
from server.processing.states import JobStatus
from server.processing.steps import StepName
from server.recordings.events import Change, RecordingEventType
from server.recordings.models import RecordingRow
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.recordings.states import Status

_HEARD = (StepName.TRANSCRIPT, StepName.LIVE_TRANSCRIPT)

# Seconds that have arrived of what is being recorded, by the id of the recording.
UnderWay = Callable[[], Mapping[str, float]]


class Meter:
    """Counts where nothing is sold too: whoever looks wants to know, and a plan may come later.

    A recording is counted once, with the best length that is known, in the workspace where it was made; a
    transcription each time that the server did one. What is under way counts as far as it has come, so that
    the next recording is refused while a long one is still being made; where it comes to nothing, it is
    taken back.
    """

    def __init__(self, db: Database, recordings: Recordings, plans: Plans, under_way: UnderWay) -> None:
        self._db = db
        self._recordings = recordings
        self._plans = plans
        self._under_way = under_way

    def start(self, bus: Bus) -> None:
        here = [RecordingEventType.RAW_VIDEO_UPLOADED, ProcessingEventType.VIDEO_READY]
        bus.subscribe(self.on_measured, here)
        bus.subscribe(self.on_progress, [ProcessingEventType.PROGRESS])
        bus.subscribe(self.on_failed, [RecordingEventType.STATUS_UPDATE])
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

    async def on_failed(self, event: Event) -> None:
        """Its bytes were given up."""
        if event.data.get("change") == Change.FAILED:
            await self._take_back(event.recording_id)

    async def on_deleted(self, event: Event) -> None:
        """There is room again."""
        await self._take_back(event.recording_id)
        await self.look(event.data.get("workspaceId"))

    async def follow(self) -> None:
        """Notes how far what is under way has come. Where nothing is sold nobody is refused, so there it is
        enough to count what is complete."""
        places = set()
        for recording_id, seconds in (self._under_way() if self._plans.sells else {}).items():
            async with self._db.write(recording_id) as session:
                # In the transaction: what is complete by now is counted as that.
                row = await session.get(RecordingRow, recording_id)
                if row is None or row.workspace_id is None or row.sha256 or row.status == Status.FAILED:
                    continue
                key, place = _growing(recording_id), row.workspace_id
                await spend(session, key, place, Quota.RECORDING, recording_id=recording_id, seconds=seconds)
                places.add(place)
        for place in sorted(places):
            await self.look(place)

    async def _take_back(self, recording_id: str | None) -> None:
        if self._plans.sells and recording_id is not None:
            async with self._db.write(recording_id) as session:
                await take_back(session, _growing(recording_id))

    async def _note(self, key: str, recording: Recording, quota: Quota, seconds: float) -> None:
        if recording.workspace_id is None:
            return
        place, about = recording.workspace_id, recording.id
        async with self._db.write(about) as session:
            await take_back(session, _growing(about))
            await spend(session, key, place, quota, recording_id=about, seconds=seconds)
            await lengthen(session, about, seconds)
        await self.look(recording.workspace_id)

    async def look(self, workspace_id: str | None) -> None:
        """Warns where that is due."""
        if self._plans.sells and workspace_id is not None:
            async with self._db.write(workspace_id) as session:
                await warn(session, self._plans, workspace_id)


def _growing(recording_id: str) -> str:
    """The key of what has arrived so far: gone when all is here, or nothing will be."""
    return f"growing:{recording_id}"

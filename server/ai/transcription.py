"""Has recordings transcribed: asks for it at the right moment and takes in what comes.

While a recording grows, a child listens along (`live-transcript`); its segments are kept as they settle, so
that a killed server goes on from the last one. What nobody listened to is transcribed at the end.
"""

import asyncio
from dataclasses import replace
from typing import Any

import structlog

from media.errors import MediaError
from media.transcript import Segment, Transcript
from server.ai import events, runs, speech
from server.ai.errors import transcription_off
from server.ai.events import TranscriptionEventType
from server.ai.schemas import Source, State, Stored
from server.ai.service import Transcripts
from server.bus import Bus, Event
from server.config import Settings
from server.db import Database, now
from server.errors import Conflict, InvalidRequest
from server.plans.errors import PaymentRequired
from server.plans.service import spent
from server.plans.table import Quota
from server.ports.blobs import BlobStore
from server.processing.events import ProcessingEventType
from server.processing.protocol import Failure
from server.processing.repository import CANCELLED
from server.processing.sandbox import ChildFailed
from server.processing.schemas import Job
from server.processing.service import Processing
from server.processing.states import JobStatus
from server.processing.steps import StepName
from server.recordings.events import RecordingEventType
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.recordings.states import Status
from server.streaming.schemas import Speech

_log = structlog.get_logger(__name__)

STEPS = (StepName.TRANSCRIPT, StepName.LIVE_TRANSCRIPT)
TYPE = "transcription"
# In a recording's settings: `desktop`, its recorder sends the transcript; `off`, there shall be none.
WISH = "transcription"
_MOST_AT_ONCE = 1000  # segments that settle together


class Transcription:
    """Subscribes with `start`. The helper of processing for its two steps."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        blobs: BlobStore,
        recordings: Recordings,
        *,
        processing: Processing,
        transcripts: Transcripts,
        settings: Settings,
    ) -> None:
        self._db = db
        self._bus = bus
        self._blobs = blobs
        self._recordings = recordings
        self._processing = processing
        self._transcripts = transcripts
        self._settings = settings
        self._heard: dict[str, list[Segment]] = {}

    def start(self) -> None:
        for step in STEPS:
            self._processing.assist(step, self)
        self._bus.subscribe(self.on_progress, [ProcessingEventType.PROGRESS])
        self._bus.subscribe(self.on_ready, [ProcessingEventType.VIDEO_READY])
        self._bus.subscribe(self.on_transcript, [TranscriptionEventType.COMPLETED])
        self._bus.subscribe(self.on_status, [RecordingEventType.STATUS_UPDATE])

    async def look(self) -> speech.Speech:
        return await asyncio.to_thread(speech.look, self._settings)

    async def rerun(self, recording: Recording, asked: dict[str, Any]) -> Job:
        """The server listens (again). Raises Conflict where it cannot."""
        able = await self.look()
        if able.folder is None:
            raise transcription_off(able.reason, able.hint)
        if not recording.uploaded:
            raise Conflict("The recording is not complete yet: it is transcribed as it comes.")
        await self._require_minutes(recording)
        try:
            speech.options_of(self._settings, asked)
        except MediaError as error:
            raise InvalidRequest(f"{error.title}. {error.detail}".strip()) from error
        return await self._processing.request(
            recording.id, StepName.TRANSCRIPT, settings={"asked": asked}, force=True
        )

    async def state_of(self, recording: Recording) -> Speech:
        """How far it is, for the page of the recording."""
        state = await self._transcripts.state(recording.id)
        if state is State.COMPLETED:
            return Speech(state)
        jobs = [job for job in await self._processing.jobs_of(recording.id) if job.step in STEPS]
        if jobs and not jobs[-1].status.over:
            return Speech(state or jobs[-1].status)
        if jobs and jobs[-1].status is JobStatus.FAILED:
            return Speech(JobStatus.FAILED, jobs[-1].error or "")
        able = await self.look()
        if able.folder is None:
            return Speech("off", able.reason, able.hint)
        refused = await self._spent(recording)
        return Speech("none") if refused is None else Speech("off", refused.sentence)

    # Events

    async def on_ready(self, event: Event) -> None:
        """All of it is here: what nobody listened to live is transcribed now."""
        recording = await self._recordings.find(event.recording_id or "")
        if recording is not None:
            await self._transcribe(recording)

    async def on_progress(self, event: Event) -> None:
        step, status = event.data["step"], event.data["status"]
        if step == StepName.FIRST_POSTER and status == JobStatus.QUEUED and event.recording_id:
            await self._listen_along(event.recording_id)
        elif step in STEPS and event.id:  # those without an id only tell of the way
            await self._on_job(event)

    async def on_transcript(self, event: Event) -> None:
        """One that somebody sent is used as it is: nobody needs to listen any more."""
        if event.data["source"] != Source.SERVER and event.recording_id:
            for step in STEPS:
                await self._processing.cancel(event.recording_id, step)

    async def on_status(self, event: Event) -> None:
        """An upload that was given up: what was heard of it belongs to nothing."""
        if event.data["status"] == Status.FAILED and event.recording_id:
            await self._processing.cancel(event.recording_id, StepName.LIVE_TRANSCRIPT)
            await self._transcripts.forget_partial(event.recording_id)

    async def _listen_along(self, recording_id: str) -> None:
        recording = await self._recordings.find(recording_id)
        if recording is not None and self._settings.transcribe_live and await self._wanted(recording):
            await self._processing.request(recording_id, StepName.LIVE_TRANSCRIPT)

    async def _transcribe(self, recording: Recording) -> None:
        jobs = await self._processing.jobs_of(recording.id)
        live = next((job for job in jobs if job.step is StepName.LIVE_TRANSCRIPT), None)
        if live is not None and live.status in (JobStatus.PROCESSING, JobStatus.COMPLETED):
            return
        probed = next((job.result for job in jobs if job.step is StepName.PROBE), {})
        if probed.get("audio_codec") and await self._wanted(recording):
            if live is not None:
                await self._processing.cancel(recording.id, StepName.LIVE_TRANSCRIPT)
            await self._processing.request(recording.id, StepName.TRANSCRIPT)

    async def _wanted(self, recording: Recording) -> bool:
        if recording.settings.get(WISH) in ("desktop", "off") or (await self.look()).folder is None:
            return False
        if await self._spent(recording) is not None:
            return False
        return await self._transcripts.state(recording.id) is not State.COMPLETED

    async def _require_minutes(self, recording: Recording) -> None:
        """Raises PaymentRequired where the plan's minutes of this month are used."""
        plans, minutes = self._recordings.plans, Quota.TRANSCRIPTION
        if plans.sells:
            async with self._db.read() as session:
                await plans.require(session, recording.workspace_id, minutes, spent(minutes))

    async def _spent(self, recording: Recording) -> PaymentRequired | None:
        try:
            await self._require_minutes(recording)
        except PaymentRequired as refused:
            return refused
        return None

    async def _on_job(self, event: Event) -> None:
        recording = await self._recordings.find(event.recording_id or "")
        if recording is None:
            return
        match event.data["status"]:
            case JobStatus.PROCESSING:
                await self._began(recording, event.data["jobId"])
            case JobStatus.COMPLETED:
                await self._take_in(recording, event.data["jobId"])
            case JobStatus.FAILED:
                error = event.data["error"] or "The recording could not be transcribed."
                await self._failed(recording, event.data["jobId"], event.data["step"], error)

    async def _began(self, recording: Recording, job_id: str) -> None:
        async with self._db.write(recording.id) as session:
            if await runs.begin(session, job_id, recording.id, TYPE):
                type_ = TranscriptionEventType.STARTED
                events.record(session, type_, recording_id=recording.id, user_id=recording.user_id)

    async def _take_in(self, recording: Recording, job_id: str) -> None:
        """Heard twice, done once: the run ends in the transaction that keeps the text."""
        self._heard.pop(job_id, None)
        jobs = await self._processing.jobs_of(recording.id)
        job = next((job for job in jobs if job.id == job_id), None)
        if job is None or not job.made:
            return
        path = self._blobs.local_path(job.output)
        try:
            transcript = Transcript.from_json(await asyncio.to_thread(path.read_bytes))
        except MediaError as nonsense:
            await self._failed(recording, job_id, job.step, f"{nonsense.title}.")
            return
        await self._transcripts.finish(
            recording, transcript, recording.sha256, run_id=job_id, asked_for="asked" in job.settings
        )

    async def _failed(self, recording: Recording, job_id: str, step: str, error: str) -> None:
        """What could not be heard live is tried again when all of it is here."""
        self._heard.pop(job_id, None)
        async with self._db.write(recording.id) as session:
            if not await runs.end(session, job_id, results={"error": error}, failed=True):
                return
            if step == StepName.TRANSCRIPT and error != CANCELLED:
                type_, who = TranscriptionEventType.FAILED, recording.user_id
                events.record(session, type_, recording_id=recording.id, user_id=who, error=error)
        if step == StepName.LIVE_TRANSCRIPT and recording.uploaded:
            await self._transcribe(recording)
        elif recording.status is Status.FAILED:
            await self._transcripts.forget_partial(recording.id)  # it may have said something in between

    # The helper of a job

    async def prepare(self, job: Job) -> dict[str, Any]:
        """What the child needs beside the sound. Raises ChildFailed where it cannot be done any more."""
        able = await self.look()
        if able.folder is None:
            raise ChildFailed(Failure.UNREADABLE, able.reason, hint=able.hint)
        asked = job.settings.get("asked")
        options = speech.options_of(self._settings, asked)
        earlier = None if asked is not None else await self._earlier(job.recording_id)
        if earlier is not None and earlier.entries and not options.language:
            options = replace(options, language=earlier.language)
        self._heard[job.id] = []
        return {
            "model": str(able.folder),
            "options": options.as_dict(),
            "earlier": None if earlier is None else earlier.transcript.as_dict(),
            "reads": [str(able.folder)],
        }

    async def told(self, job: Job, message: dict[str, Any]) -> None:
        """Segments as they settle, and after each window up to where the sound is done."""
        try:
            await self._told(job, message)
        except (MediaError, KeyError, TypeError) as nonsense:
            raise ChildFailed(Failure.CRASHED, "The recording could not be transcribed") from nonsense

    async def _told(self, job: Job, message: dict[str, Any]) -> None:
        heard = self._heard.setdefault(job.id, [])
        if message["event"] == "segment":
            if len(heard) >= _MOST_AT_ONCE:
                raise TypeError("more segments than half a minute has")
            heard.append(Segment.from_dict(message["segment"]))
            return
        self._heard[job.id] = []
        part = Transcript.from_dict({**message["transcript"], "segments": []})
        if await self._recordings.find(job.recording_id) is None:
            return  # deleted a moment ago; the child ends too
        if "asked" not in job.settings:
            await self._transcripts.settle(job.recording_id, replace(part, segments=tuple(heard)))
        data = {
            "sessionId": job.recording_id,
            "recordingId": job.recording_id,
            "seconds": part.duration_s,
            "segments": [segment.as_dict() for segment in heard],
        }
        type_ = TranscriptionEventType.PROGRESS
        await self._bus.publish(Event(0, type_, job.recording_id, job.user_id, data, now()))

    async def _earlier(self, recording_id: str) -> Stored | None:
        """What a run that was killed had settled."""
        stored = await self._transcripts.find(recording_id)
        return stored if stored is not None and stored.state is State.PARTIAL else None

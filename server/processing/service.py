"""Processing of recordings: what is done with the bytes once they are here, and while they come."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from media.sniff import Container
from server.bus import Bus, Event
from server.config import Settings
from server.db import Database, Waiting
from server.errors import Conflict, NotFound
from server.flags import FlagName, Flags
from server.identity.acts import Act
from server.identity.audit import audit
from server.ports.blobs import BlobStore
from server.processing import events, outcomes, pieces, plan, repository
from server.processing.dispatcher import LOOK_EVERY_S, Workers
from server.processing.early import Early, Growing
from server.processing.encoders import Encoders
from server.processing.events import ProcessingEventType
from server.processing.growth import GrowthOf
from server.processing.helper import Helper
from server.processing.plan import Step
from server.processing.prober import Prober, kind_of
from server.processing.requests import Builder, facts_of
from server.processing.runner import Runner
from server.processing.schemas import VERSIONS, Job, Outputs, Rendition, Shown
from server.processing.states import JobStatus
from server.processing.steps import KINDS, Lane, Reads, StepName
from server.recordings.events import RecordingEventType, source_key
from server.recordings.service import Recordings

# The one server of a data folder. Whoever else works on the same database needs another name.
OWNER = "serve"
LOOK_APART_S = 1.0  # a process of its own hears of no commit


def backoff(job: Job) -> timedelta:
    """2 s, 8 s, 32 s; a first poster is worth nothing later."""
    first_s = 0.3 if job.step is StepName.FIRST_POSTER else 2.0
    return timedelta(seconds=min(60.0, first_s * 4 ** (job.attempt - 1)))


class Processing:
    """Opened with `start`, closed with `stop`. Jobs survive both."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        blobs: BlobStore,
        recordings: Recordings,
        *,
        settings: Settings,
        flags: Flags,
        owner: str = OWNER,
        backoff: Callable[[Job], timedelta] = backoff,
    ) -> None:
        self._db = db
        self._bus = bus
        self._blobs = blobs
        self._recordings = recordings
        self._flags = flags
        self._skipped = settings.skipped_steps
        # A worker beside the server has a folder, and a name, of its own, and cannot know how a file grows.
        apart = owner != OWNER
        self._folder = settings.data.joinpath(*(("workers", owner) if apart else ()), "work")
        builder = Builder(settings.max_pixels, settings.workers)
        self.prober = Prober(builder, self._folder)
        self._runner = runner = Runner(
            db,
            bus,
            blobs,
            folder=self._folder,
            builder=builder,
            encoders=Encoders(settings.rendition_encoder, self._folder),
            backoff=backoff,
            without=self._without,
        )
        self._workers = Workers(
            db,
            runner,
            owner=owner,
            long=settings.workers,
            live=0 if apart else settings.transcribe_live,
            look_every_s=LOOK_APART_S if apart else LOOK_EVERY_S,
        )
        self._growing: Growing | None = None
        self._early: Early | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    @property
    def alive(self) -> bool:
        return self._workers.alive

    @property
    def lanes(self) -> Counter[Lane]:
        """How many workers this process has in each lane."""
        return self._workers.lanes

    @property
    def encoders(self) -> Encoders:
        return self._runner.encoders

    def assist(self, name: StepName, helper: Helper) -> None:
        """Has a higher module add to a step; before `start`."""
        self._runner.helpers[name] = helper

    async def start(self, growing: Growing | None = None, growth: GrowthOf | None = None) -> None:
        """`growing` tells of recordings that still arrive; without it nothing is done before they are all
        here. `growth` tells how one grows, for the steps that follow it."""
        self._runner.growth = growth
        await asyncio.to_thread(_clean, self._folder)
        if growing is not None:
            self._growing = growing
            self._early = Early(self._db, growing, self._left_out)
        hear = self._bus.subscribe
        self._unsubscribe = [
            hear(self.on_uploaded, [RecordingEventType.RAW_VIDEO_UPLOADED]),
            hear(self.on_status, [RecordingEventType.STATUS_UPDATE]),
            hear(self.on_deleted, [RecordingEventType.DELETED]),
            hear(self.on_ready, [ProcessingEventType.VIDEO_READY]),
            hear(self.on_failed, [ProcessingEventType.VIDEO_FAILED]),
            hear(self.on_progress, [ProcessingEventType.PROGRESS, ProcessingEventType.VIDEO_PROCESSED]),
        ]
        self._db.on_commit(Waiting.EVENTS, self._workers.wake)
        await self._workers.start()
        if self._early is not None:
            await self._early.start()

    async def stop(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        if self._early is not None:
            await self._early.stop()
        await self._workers.stop()
        await self._runner.spare.close()

    def expect(self) -> None:
        """A recording will arrive while it is made: its first poster will be wanted within seconds."""
        if self._workers.any:
            self._runner.spare.prepare()

    async def jobs_of(self, recording_id: str) -> list[Job]:
        """Oldest first."""
        async with self._db.read() as session:
            return await repository.of_recording(session, recording_id)

    async def steps_of(self, recording_id: str) -> list[Shown]:
        """What is being done and what is missing, as people are told of it."""
        return pieces.shown(await self.jobs_of(recording_id))

    async def outputs_of(self, recording_id: str) -> Outputs:
        jobs = [job for job in await self.jobs_of(recording_id) if job.made]
        posters = [job.output for job in jobs if plan.poster_key(recording_id) in job.files]
        streamable = [one for job in jobs if job.step is StepName.NORMALISE for one in _videos(job)]
        renditions = [one for job in jobs if job.step is StepName.RENDITION for one in _videos(job)]
        return Outputs(
            posters[-1] if posters else None, streamable[-1] if streamable else None, tuple(renditions)
        )

    async def request(
        self,
        recording_id: str,
        name: StepName,
        *,
        settings: dict[str, Any] | None = None,
        force: bool = False,
    ) -> Job:
        """Has a step done for a recording; the job that there is for it already, whatever became of it.

        `settings` are for the child and must be JSON; `reads` among them lists paths that it may read.
        With `force` what is there is done again. Its end is heard of as `processing.progress`.
        Raises NotFound, and Conflict for a step on a file that is not there yet.
        """
        recording = await self._recordings.find(recording_id)
        if recording is None:
            raise NotFound("There is no such recording.")
        async with self._db.write(recording_id) as session:
            jobs = await repository.of_recording(session, recording_id)
            held = [job for job in jobs if job.step is name]
            if held and not (force and held[-1].status.over):
                return held[-1]
            step = _step(recording_id, name, jobs, settings or {})
            for job in held:
                await repository.remove(session, job)
            (job,) = await outcomes.enqueue(session, recording_id, recording.user_id, (step,))
        return job

    async def retry(self, recording_id: str, name: StepName, *, by: str | None = None) -> Job:
        """Another try for a step that failed, from its first attempt. Raises NotFound or Conflict.

        `by` is who runs the server, where it is not the recording's owner who asks.
        """
        async with self._db.write(recording_id) as session:
            if by is not None:
                audit(session, Act.JOB_RETRIED, actor_id=by, recording_id=recording_id, step=name)
            jobs = await repository.of_recording(session, recording_id)
            held = [job for job in jobs if job.step is name]
            if not held:
                held = [job for job in pieces.of(name, jobs) if job.status is JobStatus.FAILED]
            if not held:
                raise NotFound("There is no such step for this recording.")
            if held[-1].status is not JobStatus.FAILED:
                raise Conflict(f"The step {name} is {held[-1].status}; only a failed one is tried again.")
            if held[-1].step is not name:  # its pieces were given up
                for piece in held:
                    await repository.remove(session, piece)
                whole = _step(recording_id, name, jobs, {})
                return (await outcomes.enqueue(session, recording_id, held[-1].user_id, (whole,)))[0]
            job = await repository.again(session, held[-1])
            events.status_changed(session, job)
        return job

    async def cancel(self, recording_id: str, name: StepName | None = None, *, by: str | None = None) -> None:
        """Gives up what is still to do for a recording; one step of it, if named. `by` as in `retry`."""
        ladders = [whole for whole in pieces.LADDERS if name in (None, whole)]
        async with self._db.write(recording_id) as session:
            if by is not None:
                audit(session, Act.JOB_CANCELLED, actor_id=by, recording_id=recording_id, step=name)
            for row in await repository.unfinished(session, recording_id):
                step = StepName(row.settings["step"])
                if name not in (None, step, pieces.whole_of(step)):
                    continue
                if row.status == JobStatus.QUEUED:
                    events.status_changed(session, repository.cancel(row))
                else:
                    row.cancel_requested = True
            for job in await repository.of_recording(session, recording_id):
                if (
                    pieces.whole_of(job.step) in ladders
                    and job.is_piece
                    and job.status is JobStatus.COMPLETED
                ):
                    await repository.remove(session, job)
        self._runner.drop(recording_id, name)
        for whole in ladders:
            await self._blobs.delete(pieces.folder_of(recording_id, whole))

    async def on_uploaded(self, event: Event) -> None:
        """All bytes of a recording are here. Heard twice, done once; a new upload starts from nothing."""
        recording_id, user_id = event.recording_id, event.user_id
        if recording_id is None or user_id is None:
            return
        path = self._blobs.local_path(source_key(recording_id))
        kind = await asyncio.to_thread(kind_of, path)
        upload = await self._growing.upload_of(recording_id) if self._growing is not None else ""
        if await self._recordings.find(recording_id) is None:
            return
        async with self._db.write(recording_id) as session:
            jobs = await repository.of_recording(session, recording_id)
            if any(job.settings.get("eventId") == event.id for job in jobs):
                return
            if not all(KINDS[job.step].early for job in jobs):
                await self._forget(session, recording_id, jobs)
            for job in jobs:
                # An upload that was given up for this one had other bytes.
                if job.is_piece and job.settings["upload"] != upload:
                    await repository.remove(session, job)
            step = plan.when_uploaded(recording_id, kind or Container.MP4)
            (job,) = await outcomes.enqueue(session, recording_id, user_id, (step,), eventId=event.id)
            events.started(session, job)

    async def _without(self, job: Job) -> frozenset[str]:
        """Steps that this server leaves out for the recording of a job."""
        return await self._left_out(job.recording_id, job.user_id)

    async def _left_out(self, recording_id: str, user_id: str) -> frozenset[str]:
        recording = await self._recordings.find(recording_id)
        place = None if recording is None else recording.workspace_id
        if await self._flags.on(FlagName.AV1, user_id=user_id, workspace_id=place):
            return self._skipped
        return self._skipped | {StepName.AV1}

    async def _forget(self, session: AsyncSession, recording_id: str, jobs: list[Job]) -> None:
        """An earlier upload of the recording: what was made of it is worth nothing now."""
        await repository.remove_of_recording(session, recording_id)
        self._runner.drop(recording_id)
        folders = [pieces.folder_of(recording_id, whole) for whole in pieces.LADDERS]
        for key in (*folders, *(key for job in jobs for key in job.files)):
            await self._blobs.delete(key)

    async def on_status(self, event: Event) -> None:
        recording_id, user_id = event.recording_id, event.user_id
        begun = event.data.get("status") == "recording" and recording_id is not None and user_id is not None
        if self._early is not None and begun:
            self._early.watch(str(recording_id), str(user_id))

    async def on_progress(self, event: Event) -> None:
        """Versions that are joined, or were given up, need no pieces any more."""
        step = event.data.get("step")
        wholes = [whole for whole in pieces.LADDERS if step in (None, whole)]
        if event.recording_id is None or not wholes:
            return
        if event.id == 0 or event.data.get("status") in (JobStatus.QUEUED, JobStatus.PROCESSING):
            return
        async with self._db.write(event.recording_id) as session:
            jobs = await repository.of_recording(session, event.recording_id)
            for whole in wholes:
                held = pieces.of(whole, jobs)
                joined = [job for job in jobs if job.step is whole]
                if not all(job.status.over for job in joined):
                    continue
                # All is processed, and of these nothing came: nobody planned them. AV1 may still be at work.
                if joined or (step is None and all(job.status.over for job in held)):
                    await self._blobs.delete(pieces.folder_of(event.recording_id, whole))
                for job in held if joined else ():
                    await repository.remove(session, job)

    async def on_deleted(self, event: Event) -> None:
        """The rows went with the recording; what runs for it ends now, and leaves nothing."""
        if event.recording_id is not None:
            self._runner.drop(event.recording_id)

    async def on_ready(self, event: Event) -> None:
        if event.recording_id is None or await self._recordings.find(event.recording_id) is None:
            return
        if event.data["durationSeconds"] > 0:
            await self._recordings.measured(event.recording_id, event.data["durationSeconds"])
        await self._recordings.completed(event.recording_id)

    async def on_failed(self, event: Event) -> None:
        if event.recording_id is not None:
            await self._recordings.failed(event.recording_id, event.data["error"])


def _step(recording_id: str, name: StepName, jobs: list[Job], settings: dict[str, Any]) -> Step:
    """The step on the file that it reads, with what is known of that file."""
    looks = {job.step: job for job in jobs if job.status is JobStatus.COMPLETED}
    probed, normalised = looks.get(StepName.PROBE), looks.get(StepName.NORMALISE)
    if KINDS[name].reads is Reads.SOURCE:
        if probed is None:
            return plan.step_of(name, recording_id, Container.MP4, more=settings)
        return plan.step_of(name, recording_id, probed.kind, facts=facts_of(probed.result), more=settings)
    if normalised is not None:
        facts, file = facts_of(normalised.result["facts"]), normalised.output
        return plan.step_of(name, recording_id, Container.MP4, facts=facts, file=file, more=settings)
    if probed is None or not (facts := facts_of(probed.result)).streams_as_it_is:
        raise Conflict("The recording is not ready for this step yet.")
    return plan.step_of(name, recording_id, probed.kind, facts=facts, more=settings)


def _videos(job: Job) -> list[Rendition]:
    return [
        Rendition(
            name=name.removesuffix(".mp4"),
            key=f"{job.folder}/{name}",
            width=facts["width"],
            height=facts["height"],
            bandwidth=facts["bitrate"],
            duration_s=facts["duration_s"],
        )
        for name, facts in job.result.get(VERSIONS, {}).items()
    ]


def _clean(folder: Path) -> None:
    """What children of a former life left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)

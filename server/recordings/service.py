"""The life of a recording, from the press of start to the finished video."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.bus import Event
from server.db import Database, is_id, now
from server.errors import Conflict, NotFound
from server.identity.acts import Act
from server.identity.workspaces.repository import personal
from server.plans.service import NOTHING_SOLD, Plans, spent
from server.plans.table import UNLIMITED, Entitlements, Feature, Quota
from server.ports.blobs import BlobStore
from server.preconditions import Expectation
from server.recordings import changes, events, repository
from server.recordings.events import Change
from server.recordings.library import repository as library
from server.recordings.link import LinkChange
from server.recordings.models import RecordingRow, SegmentRow
from server.recordings.repository import to_recording
from server.recordings.schemas import (
    Action,
    Recording,
    StartRecordingRequest,
    UpdateRecordingRequest,
)
from server.recordings.shelf import Shelf
from server.recordings.states import IllegalTransition, RecordingEvent, Status, advance


class Recordings(Shelf):
    """Whoever calls has checked who asks (`server.recordings.access`)."""

    def __init__(self, db: Database, blobs: BlobStore, plans: Plans = NOTHING_SOLD) -> None:
        super().__init__(db)
        self._blobs = blobs
        self.plans = plans

    async def create(self, user_id: str, request: StartRecordingRequest) -> Recording:
        """In the workspace that the request names, or in the person's own. Raises PaymentRequired."""
        async with self._db.write(user_id) as session:
            place = request.workspace_id or (await personal(session, user_id)).id
            await self.require_plan(session, place)
            row = RecordingRow(
                user_id=user_id,
                workspace_id=place,
                title=request.title,
                description=request.description,
                recording_type=request.recording_type,
                status=Status.PREPARING,
                settings=request.settings,
                visibility=request.visibility or changes.switched(on=request.shared),
                allow_comments=request.allow_comments,
                slug=secrets.token_urlsafe(12),
            )
            session.add(row)
            await session.flush()
            events.status_update(session, row, Change.CREATED)
            return to_recording(row)

    async def require_plan(self, session: AsyncSession, workspace_id: str) -> None:
        """Raises PaymentRequired where the plan of a workspace takes no new recording."""
        await self.plans.require(session, workspace_id, Quota.RECORDING, spent(Quota.RECORDING))
        await self.plans.require(session, workspace_id, Quota.STORAGE, repository.stored_in)

    async def entitlements_of(self, recording: Recording) -> Entitlements:
        """Those of the workspace that it lies in."""
        if not self.plans.sells:
            return UNLIMITED.entitlements
        place = recording.workspace_id
        return await self._db.fetch(lambda session: self.plans.entitlements_of(session, place))

    async def require_feature(self, recording: Recording, feature: Feature) -> None:
        """Raises PaymentRequired where the plan of its workspace does not have it."""
        if self.plans.sells:
            async with self._db.read() as session:
                await self.plans.require_feature(session, recording.workspace_id, feature)

    async def home(self, user_id: str) -> str:
        """The id of the workspace that a person records into where they name none."""
        async with self._db.write(user_id) as session:
            return (await personal(session, user_id)).id

    async def update(
        self,
        recording_id: str,
        request: UpdateRecordingRequest,
        expected: Expectation = lambda _: None,
        *,
        by: str | None = None,
    ) -> Recording:
        """Raises NotFound for a folder that its workspace has not, InvalidRequest, Changed, Conflict."""
        given = request.model_dump(exclude_unset=True, exclude_none=True, exclude={"folder_id", "tags"})
        placed = "folder_id" in request.model_fields_set
        asked = bool(given) or placed or request.tags is not None
        shared = given.pop("shared", None)
        async with self._known(recording_id) as (session, row):
            expected(to_recording(row).etag)
            changes.check_markers(row, request.markers or ())
            if shared is not None and shared is not row.shared:
                given["visibility"] = changes.switched(on=shared)
            changed = changes.apply(session, row, given, by)
            if placed:
                changed.append("folder_id")
                row.folder_id = await _folder_for(session, row, request.folder_id)
            if request.tags is not None:
                changed.append("tags")
                await library.set_tags(session, row, request.tags)
            if asked:
                row.updated_at = now()
                events.updated(session, row, changed)
            return to_recording(row)

    async def change_link(
        self, recording_id: str, change: LinkChange, expected: Expectation = lambda _: None, *, by: str
    ) -> Recording:
        """Whom its link lets in, and what they may do there. Raises Changed."""
        async with self._known(recording_id) as (session, row):
            expected(to_recording(row).etag)
            if changed := changes.apply(session, row, change, by):
                row.updated_at = now()
                events.updated(session, row, changed)
            return to_recording(row)

    async def move(self, recording_id: str, workspace_id: str, *, by: str) -> Recording:
        """Into another workspace: who may see it is decided there from now on. Raises PaymentRequired."""
        async with self._known(recording_id) as (session, row):
            if row.workspace_id != workspace_id:
                size = row.file_size_bytes or 0
                await self.plans.require(session, workspace_id, Quota.STORAGE, repository.stored_in, size)
                before, row.workspace_id, row.updated_at = row.workspace_id, workspace_id, now()
                # Folders and tags are those of a workspace.
                row.folder_id = None
                await library.clear_tags(session, row.id)
                events.updated(session, row, ["workspace_id"])
                events.removed(session, row, before)
                changes.noted(session, Act.RECORDING_MOVED, row, by, before=before)
            return to_recording(row)

    async def trash(self, recording_id: str, *, by: str | None) -> None:
        """From now on nobody sees it, until it is restored or its time in the trash is over."""
        async with self._known(recording_id) as (session, row):
            if row.deleted_at is None:
                row.deleted_at = now()
                events.trashed(session, row)
                changes.noted(session, Act.RECORDING_TRASHED, row, by)

    async def restore(self, recording_id: str, *, by: str) -> Recording:
        async with self._known(recording_id) as (session, row):
            if row.deleted_at is not None:
                row.deleted_at = None
                events.restored(session, row)
                changes.noted(session, Act.RECORDING_RESTORED, row, by)
            return to_recording(row)

    async def erase(self, recording_id: str, *, by: str | None = None) -> None:
        """For good. Rows go in one transaction, bytes after it; the event finishes what a crash leaves."""
        async with self._known(recording_id) as (session, row):
            events.deleted(session, row)
            changes.noted(session, Act.RECORDING_ERASED, row, by)
            await session.flush()
            await repository.remove(session, recording_id)
        await self._blobs.delete(f"recordings/{recording_id}")

    async def on_deleted(self, event: Event) -> None:
        if event.recording_id is not None:
            await self._blobs.delete(f"recordings/{event.recording_id}")

    async def begin(self, recording_id: str, settings: dict[str, Any] | None = None) -> Recording:
        """Its recorder begins, by `settings` where they are given. Saying it again changes nothing more.

        Raises Conflict when the recording is over already.
        """
        async with self._known(recording_id) as (session, row):
            try:
                changed = _advance(row, RecordingEvent.START)
            except IllegalTransition as illegal:
                raise _refused(illegal) from illegal
            if settings is not None:
                row.settings = settings
            if changed and await self._begin(session, row):
                events.status_update(session, row, Change.STARTED)
            elif changed:  # it said that it pauses before
                await self._resume(session, row)
            return to_recording(row)

    async def control(self, recording_id: str, action: Action) -> Recording:
        """Raises Conflict when the recording is over already."""
        async with self._known(recording_id) as (session, row):
            try:
                changed = _advance(row, RecordingEvent(action))
            except IllegalTransition as illegal:
                raise _refused(illegal) from illegal
            if action is Action.PAUSE:
                await self._pause(session, row)
            elif action is Action.RESUME:
                await self._resume(session, row)
            elif changed:
                await self._stop(session, row)
            return to_recording(row)

    async def bytes_arrived(self, recording_id: str) -> None:
        """The first bytes of a recording are on disk. Raises Conflict when it is complete already."""
        async with self._known(recording_id) as (session, row):
            try:
                changed = _advance(row, RecordingEvent.BYTES_ARRIVED)
            except IllegalTransition as illegal:
                raise _refused(illegal) from illegal
            if changed:
                row.error = None
                begun = await self._begin(session, row)
                events.status_update(session, row, Change.STARTED if begun else Change.ARRIVING)

    async def upload_completed(
        self, recording_id: str, size: int, sha256: str, duration_s: float | None
    ) -> None:
        """All bytes are here: what they are is noted, and the tiers above are told."""
        async with self._known(recording_id) as (session, row):
            failed = row.status == Status.FAILED
            try:
                changed = _advance(row, RecordingEvent.UPLOADED)
            except IllegalTransition as illegal:
                raise _refused(illegal) from illegal
            row.file_size_bytes, row.sha256, row.error = size, sha256, None
            _measure(row, duration_s)
            await self._end(session, row)
            if changed:
                events.status_update(session, row, Change.ARRIVING if failed else Change.STOPPED)
            events.raw_video_uploaded(session, row)

    async def measured(self, recording_id: str, duration_s: float) -> None:
        """A probe knows the length better than the index of fragments."""
        async with self._known(recording_id) as (_, row):
            _measure(row, duration_s)

    async def completed(self, recording_id: str) -> None:
        """The steps a viewer needs are done. Nothing happens while bytes are missing or it is gone."""
        await self._settle(recording_id, RecordingEvent.PROCESSED, None)

    async def failed(self, recording_id: str, reason: str) -> None:
        """`reason` is a sentence for the owner. What is complete already stays so."""
        await self._settle(recording_id, RecordingEvent.FAIL, reason)

    async def _settle(self, recording_id: str, event: RecordingEvent, reason: str | None) -> None:
        async with self._db.write(recording_id) as session:
            row = await repository.by_id(session, recording_id)
            if row is None or (event is RecordingEvent.PROCESSED and row.sha256 is None):
                return
            try:
                changed = _advance(row, event)
            except IllegalTransition:
                return
            if changed or row.error != reason:
                row.error = reason
                await self._end(session, row)
                failed = event is RecordingEvent.FAIL
                events.status_update(session, row, Change.FAILED if failed else Change.COMPLETED)

    async def _pause(self, session: AsyncSession, row: RecordingRow) -> None:
        segment = await repository.open_segment(session, row.id)
        if segment is None and row.started_at is None:
            segment = await self._begin(session, row, at_creation=True)
            events.status_update(session, row, Change.STARTED)
        if segment is not None:
            repository.end_segment(segment, now())
            events.status_update(session, row, Change.PAUSED)

    async def _resume(self, session: AsyncSession, row: RecordingRow) -> None:
        if row.started_at is not None and await repository.open_segment(session, row.id) is None:
            await repository.begin_segment(session, row.id, now())
            events.status_update(session, row, Change.RESUMED)

    async def _stop(self, session: AsyncSession, row: RecordingRow) -> None:
        await self._end(session, row)
        events.recording_completed(session, row)
        events.status_update(session, row, Change.STOPPED)

    async def _begin(
        self, session: AsyncSession, row: RecordingRow, *, at_creation: bool = False
    ) -> SegmentRow | None:
        if row.started_at is not None:
            return None
        row.started_at = row.created_at if at_creation else now()
        return await repository.begin_segment(session, row.id, row.started_at)

    async def _end(self, session: AsyncSession, row: RecordingRow) -> None:
        if row.started_at is not None and row.ended_at is None:
            row.ended_at = now()
        segment = await repository.open_segment(session, row.id)
        if segment is not None:
            repository.end_segment(segment, row.ended_at or now())

    @asynccontextmanager
    async def _known(self, recording_id: str) -> AsyncIterator[tuple[AsyncSession, RecordingRow]]:
        async with self._db.write(recording_id) as session:
            row = await repository.by_id(session, recording_id) if is_id(recording_id) else None
            if row is None:
                raise no_recording()
            yield session, row


async def _folder_for(session: AsyncSession, row: RecordingRow, folder_id: str | None) -> str | None:
    """Raises NotFound for one of another workspace."""
    if folder_id is None:
        return None
    folder = await library.folder(session, folder_id)
    if folder.workspace_id != row.workspace_id:
        raise library.no_folder()
    return folder.id


def _advance(row: RecordingRow, event: RecordingEvent) -> bool:
    before = Status(row.status)
    row.status = advance(before, event)
    return row.status != before


def _measure(row: RecordingRow, duration_s: float | None) -> None:
    if duration_s is not None:
        row.duration_ms = round(duration_s * 1000)
        row.duration_seconds = round(duration_s)


def no_recording() -> NotFound:
    return NotFound("There is no such recording.", code="recording_not_found")


_WORDS = {
    RecordingEvent.START: "be started",
    RecordingEvent.PAUSE: "be paused",
    RecordingEvent.RESUME: "be resumed",
    RecordingEvent.STOP: "be stopped",
    RecordingEvent.BYTES_ARRIVED: "take more bytes",
    RecordingEvent.UPLOADED: "take another upload",
}


def _refused(illegal: IllegalTransition) -> Conflict:
    return Conflict(
        f"This recording is {illegal.status}: it cannot {_WORDS[illegal.event]} any more.",
        code="wrong_status",
        details={"status": illegal.status, "action": illegal.event},
    )

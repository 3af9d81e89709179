"""The life of a recording, from the press of start to the finished video."""

import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.bus import Event
from server.db import Database, is_id, now
from server.errors import Conflict, NotFound
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.workspaces.repository import personal
from server.identity.workspaces.schemas import Reachable
from server.memo import Memo
from server.ports.blobs import BlobStore
from server.preconditions import Expectation
from server.recordings import events, listing, repository
from server.recordings.events import Change
from server.recordings.library import repository as library
from server.recordings.library.schemas import Tag
from server.recordings.listing import Listing, Slice
from server.recordings.models import RecordingRow, SegmentRow
from server.recordings.repository import to_recording
from server.recordings.schemas import (
    Action,
    Place,
    Recording,
    StartRecordingRequest,
    UpdateRecordingRequest,
)
from server.recordings.states import IllegalTransition, RecordingEvent, Status, advance

MOST_ANSWERED = 128


class Recordings:
    """Whoever calls has checked who asks (`server.recordings.access`)."""

    def __init__(self, db: Database, blobs: BlobStore) -> None:
        self._db = db
        self._blobs = blobs
        # Lists as they were answered.
        self.answered: Memo[bytes] = Memo(db.version, most=MOST_ANSWERED)

    async def create(self, user_id: str, request: StartRecordingRequest) -> Recording:
        """In the workspace that the request names, or in the person's own."""
        async with self._db.write(user_id) as session:
            place = request.workspace_id or (await personal(session, user_id)).id
            row = RecordingRow(
                user_id=user_id,
                workspace_id=place,
                title=request.title,
                description=request.description,
                recording_type=request.recording_type,
                status=Status.PREPARING,
                settings=request.settings,
                shared=request.shared,
                allow_comments=request.allow_comments,
                slug=secrets.token_urlsafe(12),
            )
            session.add(row)
            await session.flush()
            events.status_update(session, row, Change.CREATED)
            return to_recording(row)

    async def find(self, recording_id: str) -> Recording | None:
        """Also one in the trash: what was begun for it goes on."""
        if not is_id(recording_id):
            return None
        row = await self._db.fetch(lambda session: repository.by_id(session, recording_id))
        return None if row is None else to_recording(row)

    async def find_all(self, recording_ids: Collection[str]) -> dict[str, Recording]:
        """Those of them that exist, by id; also those in the trash."""
        if not recording_ids:
            return {}
        async with self._db.read() as session:
            return {row.id: to_recording(row) for row in await repository.by_ids(session, recording_ids)}

    async def places(self, recording_ids: Collection[str]) -> Mapping[str, Place]:
        """Of those that there are, also in the trash."""
        return await self._db.fetch(lambda session: repository.places(session, recording_ids))

    async def get_by_slug(self, slug: str) -> Recording | None:
        """Shared or not: the caller decides who may see it. Nobody sees one in the trash."""
        async with self._db.read() as session:
            row = await repository.by_slug(session, slug)
            return None if row is None or row.deleted_at is not None else to_recording(row)

    async def list(
        self, user_id: str, within: Reachable, page: int, size: int, *, listed: Listing
    ) -> tuple[list[Recording], int]:
        """One page, and how many there are in all."""
        where = repository.reached(user_id, within)

        async def read(session: AsyncSession) -> tuple[list[Recording], int]:
            rows = await listing.page_of(session, where, listed, page=page, size=size)
            return [to_recording(row) for row in rows], await listing.count(session, where, listed)

        return await self._db.fetch(read)

    async def count(self, user_id: str, within: Reachable, listed: Listing) -> int:
        async with self._db.read() as session:
            return await listing.count(session, repository.reached(user_id, within), listed)

    async def page_after(
        self, user_id: str, within: Reachable, listed: Listing, cursor: str | None, size: int
    ) -> Slice:
        """What comes behind a cursor, or first. Raises InvalidRequest for the cursor of another list."""
        where = repository.reached(user_id, within)
        async with self._db.read() as session:
            found = await listing.after(session, where, listed, cursor, size + 1)
        shown = found[:size]
        return Slice([to_recording(row) for row, _ in shown], shown[-1][1] if len(found) > size else None)

    async def count_in(self, workspace_id: str) -> int:
        """The trash included."""
        async with self._db.read() as session:
            return await repository.count_in(session, workspace_id)

    async def ids_in(self, workspace_id: str, most: int) -> Sequence[str]:
        """Of one workspace, the trash included."""
        async with self._db.read() as session:
            return await repository.ids_in(session, workspace_id, most)

    async def older(self, workspace_id: str, than: datetime, most: int) -> Sequence[str]:
        """Of one workspace, what was made before `than` and is not in the trash; oldest first."""
        async with self._db.read() as session:
            return await repository.older(session, workspace_id, than, most)

    async def trashed_before(self, moment: datetime, most: int) -> Sequence[str]:
        async with self._db.read() as session:
            return await repository.trashed_before(session, moment, most)

    async def uploaded_ids(self) -> Sequence[str]:
        """Of everybody's recordings that are complete, oldest first."""
        async with self._db.read() as session:
            return await repository.uploaded_ids(session)

    async def ids(self) -> Sequence[str]:
        """Of everybody's recordings; oldest first."""
        async with self._db.read() as session:
            return await repository.ids(session)

    async def made_by(self, user_id: str, within: Reachable) -> Sequence[str]:
        """Of what a person made in some workspaces and what is in no trash; oldest first."""
        async with self._db.read() as session:
            return await repository.made_by(session, user_id, within)

    async def tags_of(self, recording_ids: Collection[str]) -> Mapping[str, Sequence[Tag]]:
        """By name."""
        return await self._db.fetch(lambda session: library.tags_of(session, recording_ids))

    async def update(
        self,
        recording_id: str,
        request: UpdateRecordingRequest,
        expected: Expectation = lambda _: None,
        *,
        by: str | None = None,
    ) -> Recording:
        """Raises NotFound for a folder that its workspace has not, Changed, Conflict."""
        changes = request.model_dump(exclude_unset=True, exclude_none=True, exclude={"folder_id", "tags"})
        placed = "folder_id" in request.model_fields_set
        async with self._known(recording_id) as (session, row):
            expected(to_recording(row).etag)
            changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
            for name, value in changes.items():
                setattr(row, name, value)
            if "shared" in changed:
                _noted(session, Act.RECORDING_SHARING_CHANGED, row, by, shared=row.shared)
            if placed:
                changed.append("folder_id")
                row.folder_id = await _folder_for(session, row, request.folder_id)
            if request.tags is not None:
                changed.append("tags")
                await library.set_tags(session, row, request.tags)
            if changes or placed or request.tags is not None:
                row.updated_at = now()
                events.updated(session, row, changed)
            return to_recording(row)

    async def move(self, recording_id: str, workspace_id: str, *, by: str) -> Recording:
        """Into another workspace: who may see it is decided there from now on."""
        async with self._known(recording_id) as (session, row):
            if row.workspace_id != workspace_id:
                before, row.workspace_id, row.updated_at = row.workspace_id, workspace_id, now()
                # Folders and tags are those of a workspace.
                row.folder_id = None
                await library.clear_tags(session, row.id)
                events.updated(session, row, ["workspace_id"])
                events.removed(session, row, before)
                _noted(session, Act.RECORDING_MOVED, row, by, before=before)
            return to_recording(row)

    async def trash(self, recording_id: str, *, by: str | None) -> None:
        """From now on nobody sees it, until it is restored or its time in the trash is over."""
        async with self._known(recording_id) as (session, row):
            if row.deleted_at is None:
                row.deleted_at = now()
                events.trashed(session, row)
                _noted(session, Act.RECORDING_TRASHED, row, by)

    async def restore(self, recording_id: str, *, by: str) -> Recording:
        async with self._known(recording_id) as (session, row):
            if row.deleted_at is not None:
                row.deleted_at = None
                events.restored(session, row)
                _noted(session, Act.RECORDING_RESTORED, row, by)
            return to_recording(row)

    async def erase(self, recording_id: str, *, by: str | None = None) -> None:
        """For good. Rows go in one transaction, bytes after it; the event finishes what a crash leaves."""
        async with self._known(recording_id) as (session, row):
            events.deleted(session, row)
            _noted(session, Act.RECORDING_ERASED, row, by)
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


def _noted(session: AsyncSession, act: Act, row: RecordingRow, by: str | None, **details: Any) -> None:
    about = {"user_id": row.user_id, "workspace_id": row.workspace_id, "recording_id": row.id}
    audit(session, act, actor_id=by, **about, **details)


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

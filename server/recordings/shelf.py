"""Recordings as they stand: finding one, many, and lists of them. Nothing here changes any."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id
from server.identity.workspaces.schemas import Reachable
from server.memo import Memo
from server.recordings import listing, repository
from server.recordings.library import repository as library
from server.recordings.library.schemas import Tag
from server.recordings.listing import Listing, Slice
from server.recordings.repository import to_recording
from server.recordings.schemas import Place, Recording

MOST_ANSWERED = 128


class Shelf:
    """Whoever calls has checked who asks (`server.recordings.access`)."""

    def __init__(self, db: Database) -> None:
        self._db = db
        # Lists as they were answered.
        self.answered: Memo[bytes] = Memo(db.version, most=MOST_ANSWERED)

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

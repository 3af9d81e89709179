"""Folders and tags of workspaces. Whoever calls has checked what the person may do there."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database
from server.errors import Conflict
from server.preconditions import Expectation
from server.recordings import events
from server.recordings.library import repository
from server.recordings.library.models import FolderRow, TagRow
from server.recordings.library.schemas import (
    Folder,
    FolderRequest,
    Tag,
    TagRequest,
    UpdateFolderRequest,
    UpdateTagRequest,
)

MOST_FOLDERS = 1000  # of a workspace
DEEPEST = 10


class Library:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def folders(self, workspace_id: str) -> list[Folder]:
        """By name."""
        async with self._db.read() as session:
            tree = await repository.tree(session, workspace_id)
            counts = await repository.count_recordings(session, workspace_id)
        found = [_folder(row, counts.get(row.id, 0)) for row in tree.values()]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    async def folder(self, folder_id: str) -> Folder:
        """Raises NotFound."""
        async with self._db.read() as session:
            row = await repository.folder(session, folder_id)
            counts = await repository.count_recordings(session, row.workspace_id)
            return _folder(row, counts.get(row.id, 0))

    async def folders_by_id(self, folder_ids: Collection[str]) -> dict[str, Folder]:
        """Those that exist, without how much lies in them."""
        async with self._db.read() as session:
            rows = await repository.folders(session, folder_ids)
        return {row.id: _folder(row, 0) for row in rows}

    async def create_folder(self, workspace_id: str, request: FolderRequest) -> Folder:
        """Raises NotFound for a parent that is not there, Conflict."""
        async with self._db.write() as session:
            tree = await repository.tree(session, workspace_id, change=True)
            if len(tree) >= MOST_FOLDERS:
                raise Conflict(f"A workspace can have {MOST_FOLDERS} folders.", code="too_many_folders")
            _check_place(tree, None, request.parent_id, request.name)
            row = FolderRow(workspace_id=workspace_id, parent_id=request.parent_id, name=request.name)
            session.add(row)
            await session.flush()
            return _folder(row, 0)

    async def update_folder(
        self, folder_id: str, request: UpdateFolderRequest, expected: Expectation
    ) -> Folder:
        """Another name or another place. Raises NotFound, Conflict, Changed."""
        async with self._db.write() as session:
            row = await repository.folder(session, folder_id)
            tree = await repository.tree(session, row.workspace_id, change=True)
            await session.refresh(row)
            expected(_folder(row, 0).etag)
            moves = "parent_id" in request.model_fields_set
            parent_id, name = (request.parent_id if moves else row.parent_id), request.name or row.name
            _check_place(tree, row, parent_id, name)
            row.parent_id, row.name = parent_id, name
            await session.flush()
            await session.refresh(row)
            counts = await repository.count_recordings(session, row.workspace_id)
            return _folder(row, counts.get(row.id, 0))

    async def delete_folder(self, folder_id: str) -> None:
        """What lies in it moves up: a folder is no trash. Raises NotFound, Conflict."""
        async with self._db.write() as session:
            row = await repository.folder(session, folder_id)
            tree = await repository.tree(session, row.workspace_id, change=True)
            above = {one.name.casefold() for one in tree.values() if one.parent_id == row.parent_id} - {
                row.name.casefold()
            }
            for child in (one for one in tree.values() if one.parent_id == row.id):
                if child.name.casefold() in above:
                    raise _exists(child.name)
            await repository.empty_into(session, row.id, row.parent_id)
            await session.delete(row)

    async def tags(self, workspace_id: str) -> list[Tag]:
        async with self._db.read() as session:
            return [repository.to_tag(row) for row in await repository.tags(session, workspace_id)]

    async def tag(self, tag_id: str) -> Tag:
        """Raises NotFound."""
        async with self._db.read() as session:
            return repository.to_tag(await repository.tag(session, tag_id))

    async def create_tag(self, workspace_id: str, request: TagRequest) -> Tag:
        """Raises Conflict."""
        async with self._db.write() as session:
            await repository.make_room(session, workspace_id)
            await _check_name(session, workspace_id, request.name, None)
            row = TagRow(
                workspace_id=workspace_id,
                name=request.name,
                key=repository.key_of(request.name),
                color=request.color,
            )
            session.add(row)
            await session.flush()
            return repository.to_tag(row)

    async def update_tag(self, tag_id: str, request: UpdateTagRequest) -> Tag:
        """Raises NotFound, Conflict."""
        async with self._db.write() as session:
            row = await repository.tag(session, tag_id)
            if request.name is not None:
                await _check_name(session, row.workspace_id, request.name, row.id)
                row.name, row.key = request.name, repository.key_of(request.name)
                await _tell(session, row.id)
            if "color" in request.model_fields_set:
                row.color = request.color
            return repository.to_tag(row)

    async def delete_tag(self, tag_id: str) -> None:
        """Recordings lose it. Raises NotFound."""
        async with self._db.write() as session:
            row = await repository.tag(session, tag_id)
            await _tell(session, row.id)
            await session.delete(row)


async def _tell(session: AsyncSession, tag_id: str) -> None:
    """The tags of these recordings read differently from now on."""
    for row in await repository.tagged(session, tag_id):
        events.updated(session, row, ["tags"])


def _check_place(tree: dict[str, FolderRow], row: FolderRow | None, parent_id: str | None, name: str) -> None:
    """Whether `row`, a new one where it is None, may lie there with that name."""
    if parent_id is not None and parent_id not in tree:
        raise repository.no_folder()
    above = _way_up(tree, parent_id)
    if row is not None and row.id in above:
        raise Conflict("A folder cannot lie in itself, or in one that lies in it.", code="folder_cycle")
    below = _height(tree, row.id) if row is not None else 1
    if len(above) + below > DEEPEST:
        raise Conflict(f"Folders can lie in each other {DEEPEST} deep.", code="folder_too_deep")
    for one in tree.values():
        if one is not row and one.parent_id == parent_id and one.name.casefold() == name.casefold():
            raise _exists(name)


def _exists(name: str) -> Conflict:
    return Conflict(f"There is a folder called {name} already.", code="folder_exists")


def _way_up(tree: dict[str, FolderRow], folder_id: str | None) -> list[str]:
    """From a folder to the top."""
    way: list[str] = []
    while folder_id is not None:
        way.append(folder_id)
        folder_id = tree[folder_id].parent_id
    return way


def _height(tree: dict[str, FolderRow], folder_id: str) -> int:
    """How many levels there are from a folder down, its own among them."""
    children = [one.id for one in tree.values() if one.parent_id == folder_id]
    return 1 + max((_height(tree, child) for child in children), default=0)


async def _check_name(session: AsyncSession, workspace_id: str, name: str, own: str | None) -> None:
    same = await repository.tag_named(session, workspace_id, name)
    if same is not None and same.id != own:
        raise Conflict(f"There is a tag called {same.name} already.", code="tag_exists")


def _folder(row: FolderRow, recordings: int) -> Folder:
    return Folder(
        row.id, row.workspace_id, row.parent_id, row.name, recordings, row.created_at, row.updated_at
    )

"""Folders and tags over HTTP. Every member of a workspace sees them; who may record there may change them."""

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from server.errors import NotFound
from server.given import given
from server.identity.access import allows, workspaces_of
from server.identity.permissions import Action
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.preconditions import expectation
from server.recordings.library import repository
from server.recordings.library import schemas as wire
from server.recordings.library.service import Library

router = APIRouter(prefix="/api/v1", tags=["Folders and tags"])


def library_of(request: Request) -> Library:
    return cast("Library", request.app.state.services.library)


Service = Annotated[Library, given(library_of)]
Reader = Annotated[User, allows(Scope.RECORDINGS_READ)]
Writer = Annotated[User, allows(Scope.RECORDINGS_WRITE)]
WorkspaceId = Annotated[
    str | None, Query(alias="workspaceId", max_length=36, description="Left out: your personal one.")
]


@router.get("/folders", operation_id="listFolders", summary="The folders of a workspace")
async def list_folders(
    request: Request, user: Reader, library: Service, workspace_id: WorkspaceId = None
) -> wire.FolderList:
    place = await _workspace(request, user, workspace_id, Action.RECORDING_VIEW)
    return wire.FolderList(data=[_folder(one) for one in await library.folders(place)])


@router.post("/folders", status_code=201, operation_id="createFolder", summary="Make a folder")
async def create_folder(
    body: wire.FolderRequest,
    request: Request,
    response: Response,
    user: Writer,
    library: Service,
    *,
    workspace_id: WorkspaceId = None,
) -> wire.FolderOut:
    place = await _workspace(request, user, workspace_id, Action.RECORDING_CREATE)
    return _tagged(response, await library.create_folder(place, body))


@router.get("/folders/{folder_id}", operation_id="getFolder", summary="One folder")
async def get_folder(
    folder_id: str, request: Request, response: Response, user: Reader, library: Service
) -> wire.FolderOut:
    return _tagged(response, await _folder_of(request, user, library, folder_id, Action.RECORDING_VIEW))


@router.patch("/folders/{folder_id}", operation_id="updateFolder", summary="Rename or move a folder")
async def update_folder(
    folder_id: str,
    body: wire.UpdateFolderRequest,
    request: Request,
    response: Response,
    user: Writer,
    *,
    library: Service,
) -> wire.FolderOut:
    await _folder_of(request, user, library, folder_id, Action.RECORDING_CREATE)
    return _tagged(response, await library.update_folder(folder_id, body, expectation(request)))


@router.delete(
    "/folders/{folder_id}",
    status_code=204,
    operation_id="deleteFolder",
    summary="Delete a folder; what lies in it moves up",
)
async def delete_folder(folder_id: str, request: Request, user: Writer, library: Service) -> Response:
    await _folder_of(request, user, library, folder_id, Action.RECORDING_CREATE)
    await library.delete_folder(folder_id)
    return Response(status_code=204)


@router.get("/tags", operation_id="listTags", summary="The tags of a workspace")
async def list_tags(
    request: Request, user: Reader, library: Service, workspace_id: WorkspaceId = None
) -> wire.TagList:
    place = await _workspace(request, user, workspace_id, Action.RECORDING_VIEW)
    return wire.TagList(data=[_tag(one) for one in await library.tags(place)])


@router.post("/tags", status_code=201, operation_id="createTag", summary="Make a tag")
async def create_tag(
    body: wire.TagRequest, request: Request, user: Writer, library: Service, workspace_id: WorkspaceId = None
) -> wire.TagOut:
    place = await _workspace(request, user, workspace_id, Action.RECORDING_CREATE)
    return _tag(await library.create_tag(place, body))


@router.patch("/tags/{tag_id}", operation_id="updateTag", summary="Change a tag")
async def update_tag(
    tag_id: str, body: wire.UpdateTagRequest, request: Request, user: Writer, library: Service
) -> wire.TagOut:
    await _tag_of(request, user, library, tag_id)
    return _tag(await library.update_tag(tag_id, body))


@router.delete("/tags/{tag_id}", status_code=204, operation_id="deleteTag", summary="Delete a tag")
async def delete_tag(tag_id: str, request: Request, user: Writer, library: Service) -> Response:
    await _tag_of(request, user, library, tag_id)
    await library.delete_tag(tag_id)
    return Response(status_code=204)


async def _workspace(request: Request, user: User, workspace_id: str | None, action: Action) -> str:
    """Raises NotFound to whoever is no member, Forbidden to a member whose role does not cover it."""
    workspaces = workspaces_of(request)
    if workspace_id is None:
        return (await workspaces.of(user.id))[0].workspace.id
    return (await workspaces.get(user.id, workspace_id, action)).workspace.id


async def _folder_of(
    request: Request, user: User, library: Library, folder_id: str, action: Action
) -> wire.Folder:
    found = await library.folder(folder_id)
    await _reach(request, user, found.workspace_id, action, repository.no_folder())
    return found


async def _tag_of(request: Request, user: User, library: Library, tag_id: str) -> None:
    found = await library.tag(tag_id)
    await _reach(request, user, found.workspace_id, Action.RECORDING_CREATE, repository.no_tag())


async def _reach(request: Request, user: User, workspace_id: str, action: Action, missing: NotFound) -> None:
    """To whoever is no member, what lies there is as if it did not exist."""
    try:
        await workspaces_of(request).get(user.id, workspace_id, action)
    except NotFound:
        raise missing from None


def _tagged(response: Response, folder: wire.Folder) -> wire.FolderOut:
    response.headers["ETag"] = folder.etag
    return _folder(folder)


def _folder(folder: wire.Folder) -> wire.FolderOut:
    return wire.FolderOut(
        id=folder.id,
        workspace_id=folder.workspace_id,
        parent_id=folder.parent_id,
        name=folder.name,
        recordings=folder.recordings,
        created_at=folder.created_at,
        updated_at=folder.updated_at,
    )


def _tag(tag: wire.Tag) -> wire.TagOut:
    return wire.TagOut(id=tag.id, workspace_id=tag.workspace_id, name=tag.name, color=tag.color)

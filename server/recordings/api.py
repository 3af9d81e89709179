"""Recordings and templates over HTTP."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from math import ceil
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from server.given import given
from server.identity.access import allows, workspaces_of
from server.identity.permissions import Action
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.identity.workspaces.schemas import Reachable
from server.links import links_of
from server.preconditions import expectation
from server.recordings import schemas as wire
from server.recordings.access import recordings_of, require_recording
from server.recordings.answered import Answered
from server.recordings.library.schemas import Tag
from server.recordings.listing import Listing
from server.recordings.query import Fields, ListQuery
from server.recordings.service import Recordings
from server.recordings.sparse import chosen, only
from server.recordings.templates import Templates

router = APIRouter(prefix="/api/v1/recordings", tags=["Recordings"])

# Given by the tier that serves pictures: the poster's address for this request, or None while there is none.
PosterLink = Callable[[Request, User, wire.Recording], str | None]
# Given by the tier that counts them: views of these recordings; those without any may be left out.
ViewsOf = Callable[[Sequence[str]], Awaitable[Mapping[str, int]]]


def _templates(request: Request) -> Templates:
    return cast("Templates", request.app.state.services.templates)


Service = Annotated[Recordings, given(recordings_of)]
TemplateService = Annotated[Templates, given(_templates)]
Reader = Annotated[User, allows(Scope.RECORDINGS_READ)]
Writer = Annotated[User, allows(Scope.RECORDINGS_WRITE)]
Page = Annotated[int, Query(ge=0, le=1_000_000)]
Size = Annotated[int, Query(ge=1, le=100)]


@router.post("", status_code=201, operation_id="startRecording", summary="Start a recording")
async def start(
    body: wire.StartRecordingRequest, request: Request, user: Writer, recordings: Service
) -> wire.RecordingOut:
    if body.workspace_id is not None:
        await workspaces_of(request).get(user.id, body.workspace_id, Action.RECORDING_CREATE)
    return await _out(request, user, await recordings.create(user.id, body))


async def list_recordings(
    request: Request,
    user: Reader,
    recordings: Service,
    *,
    wanted: Annotated[ListQuery, Query()],
) -> wire.RecordingPage | JSONResponse:
    """Your own, wherever they lie; with `workspaceId` everybody's in that workspace."""
    names = chosen(wanted.fields, wire.RecordingOut)
    workspaces = workspaces_of(request)
    if wanted.workspace_id is not None:
        await workspaces.get(user.id, wanted.workspace_id, Action.RECORDING_VIEW)
        within = Reachable(frozenset([wanted.workspace_id]))
    else:
        within = Reachable(frozenset(), (await workspaces.reach(user.id, Action.RECORDING_VIEW)).everything)
    page = await _list(request, recordings, user, within, wanted)
    if names is None:
        return page
    data = [only(one, names) for one in page.data]
    return JSONResponse({"data": data, "pagination": page.pagination.model_dump(by_alias=True)})


router.add_api_route(
    "",
    list_recordings,
    methods=["GET"],
    operation_id="listRecordings",
    summary="List recordings, newest first",
    response_model=wire.RecordingPage,
    route_class_override=Answered,
)


@router.get("/trash", operation_id="listTrash", summary="What lies in the trash, the last first")
async def list_trash(
    request: Request, user: Reader, recordings: Service, page: Page = 0, size: Size = 20
) -> wire.RecordingPage:
    """Whatever you may restore."""
    within = await workspaces_of(request).reach(user.id, Action.RECORDING_DELETE)
    found, total = await recordings.list(user.id, within, page, size, listed=Listing(trashed=True))
    return await _page(request, user, recordings, found, _pages(page, size, total))


@router.get("/templates", operation_id="listTemplates", summary="List templates")
async def list_templates(user: Reader, templates: TemplateService) -> wire.TemplateList:
    return wire.TemplateList(data=[_template(one) for one in await templates.list(user.id)])


@router.post("/templates", status_code=201, operation_id="createTemplate", summary="Create a template")
async def create_template(
    body: wire.TemplateRequest, user: Writer, templates: TemplateService
) -> wire.TemplateOut:
    return _template(await templates.create(user.id, body))


@router.get("/templates/{template_id}", operation_id="getTemplate", summary="Get a template")
async def get_template(template_id: str, user: Reader, templates: TemplateService) -> wire.TemplateOut:
    return _template(await templates.get(user.id, template_id))


@router.put("/templates/{template_id}", operation_id="updateTemplate", summary="Change a template")
async def update_template(
    template_id: str, body: wire.UpdateTemplateRequest, user: Writer, templates: TemplateService
) -> wire.TemplateOut:
    return _template(await templates.update(user.id, template_id, body))


@router.delete(
    "/templates/{template_id}", status_code=204, operation_id="deleteTemplate", summary="Delete a template"
)
async def delete_template(template_id: str, user: Writer, templates: TemplateService) -> Response:
    await templates.delete(user.id, template_id)
    return Response(status_code=204)


@router.get(
    "/{recording_id}",
    operation_id="getRecording",
    summary="Get a recording",
    response_model=wire.RecordingOut,
)
async def get(
    recording_id: str, request: Request, response: Response, user: Reader, fields: Fields = None
) -> wire.RecordingOut | JSONResponse:
    names = chosen(fields, wire.RecordingOut)
    recording = await require_recording(request, user, recording_id)
    out = await _out(request, user, recording)
    response.headers["ETag"] = recording.etag
    return out if names is None else JSONResponse(only(out, names), headers={"ETag": recording.etag})


@router.put("/{recording_id}", operation_id="updateRecording", summary="Change title, text, place or sharing")
async def update(
    recording_id: str,
    body: wire.UpdateRecordingRequest,
    request: Request,
    response: Response,
    user: Writer,
    *,
    recordings: Service,
) -> wire.RecordingOut:
    """Fields left out stay as they are. With `If-Match`, nobody overwrites what they have not seen."""
    await require_recording(request, user, recording_id)
    changed = await recordings.update(recording_id, body, expectation(request), by=user.id)
    response.headers["ETag"] = changed.etag
    return await _out(request, user, changed)


router.add_api_route(
    "/{recording_id}",
    update,
    methods=["PATCH"],
    operation_id="patchRecording",
    summary="The same as PUT",
)


@router.delete(
    "/{recording_id}",
    status_code=204,
    operation_id="deleteRecording",
    summary="Put a recording into the trash",
)
async def delete(
    recording_id: str,
    request: Request,
    user: Writer,
    recordings: Service,
    *,
    permanent: Annotated[bool, Query(description="For good, also from the trash")] = False,
) -> Response:
    """Its link, its media and its uploads answer 404 at once; it can be restored for a while."""
    place = None if permanent else False
    await require_recording(request, user, recording_id, action=Action.RECORDING_DELETE, trashed=place)
    if permanent:
        await recordings.erase(recording_id, by=user.id)
    else:
        await recordings.trash(recording_id, by=user.id)
    return Response(status_code=204)


@router.post("/{recording_id}/restore", operation_id="restoreRecording", summary="Take it out of the trash")
async def restore(
    recording_id: str, request: Request, user: Writer, recordings: Service
) -> wire.RecordingOut:
    await require_recording(request, user, recording_id, action=Action.RECORDING_DELETE, trashed=True)
    return await _out(request, user, await recordings.restore(recording_id, by=user.id))


@router.post("/{recording_id}/move", operation_id="moveRecording", summary="Move to another workspace")
async def move(
    recording_id: str, body: wire.MoveRequest, request: Request, user: Writer, recordings: Service
) -> wire.RecordingOut:
    """Where you may take it from and put it to. Its link stays the same."""
    await require_recording(request, user, recording_id, action=Action.RECORDING_MOVE)
    await workspaces_of(request).get(user.id, body.workspace_id, Action.RECORDING_CREATE)
    return await _out(request, user, await recordings.move(recording_id, body.workspace_id, by=user.id))


@router.post("/{recording_id}/control", operation_id="controlRecording", summary="Pause, resume or stop")
async def control(
    recording_id: str, body: wire.ControlRequest, request: Request, user: Writer, recordings: Service
) -> wire.RecordingOut:
    await require_recording(request, user, recording_id)
    return await _out(request, user, await recordings.control(recording_id, body.action))


async def _list(
    request: Request, recordings: Recordings, user: User, within: Reachable, wanted: ListQuery
) -> wire.RecordingPage:
    listed = wanted.listing()
    if wanted.cursor is None:
        found, total = await recordings.list(user.id, within, wanted.page, wanted.size, listed=listed)
        return await _page(request, user, recordings, found, _pages(wanted.page, wanted.size, total))
    piece = await recordings.page_after(user.id, within, listed, wanted.cursor or None, wanted.size)
    total = await recordings.count(user.id, within, listed)
    pages = _pages(0, wanted.size, total).model_copy(update={"next_cursor": piece.cursor})
    return await _page(request, user, recordings, piece.recordings, pages)


def _pages(page: int, size: int, total: int) -> wire.Pagination:
    return wire.Pagination(page=page, size=size, total_pages=ceil(total / size), total_elements=total)


async def _page(
    request: Request,
    user: User,
    recordings: Recordings,
    found: list[wire.Recording],
    pagination: wire.Pagination,
) -> wire.RecordingPage:
    return wire.RecordingPage(data=await _outs(request, user, recordings, found), pagination=pagination)


async def _out(request: Request, user: User, recording: wire.Recording) -> wire.RecordingOut:
    return (await _outs(request, user, recordings_of(request), [recording]))[0]


async def _outs(
    request: Request, user: User, recordings: Recordings, found: Sequence[wire.Recording]
) -> list[wire.RecordingOut]:
    views_of: ViewsOf = request.app.state.services.views_of
    ids = [one.id for one in found]
    views, tags = await views_of(ids), await recordings.tags_of(ids)
    return [_told(request, user, one, views.get(one.id, 0), tags[one.id]) for one in found]


def _told(
    request: Request, user: User, recording: wire.Recording, views: int, tags: Sequence[Tag]
) -> wire.RecordingOut:
    poster_link: PosterLink = request.app.state.services.poster_link
    return wire.RecordingOut(
        id=recording.id,
        user_id=recording.user_id,
        workspace_id=recording.workspace_id,
        title=recording.title,
        description=recording.description,
        status=recording.status,
        recording_type=recording.recording_type,
        settings=recording.settings,
        duration=recording.duration_s,
        file_size_bytes=recording.file_size_bytes,
        sha256=recording.sha256,
        share_url=links_of(request).share(request, recording.slug),
        shared=recording.shared,
        visibility=recording.link.visibility,
        has_password=recording.link.locked,
        expires_at=recording.link.expires_at,
        allow_download=recording.link.allow_download,
        allow_comments=recording.allow_comments,
        markers=[wire.MarkerOut(time=one.time, title=one.title) for one in recording.markers],
        poster_url=poster_link(request, user, recording),
        view_count=views,
        error=recording.error,
        created_at=recording.created_at,
        updated_at=recording.updated_at,
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        deleted_at=recording.deleted_at,
        folder_id=recording.folder_id,
        tags=[tag.name for tag in tags],
    )


def _template(template: wire.Template) -> wire.TemplateOut:
    return wire.TemplateOut(
        id=template.id,
        name=template.name,
        description=template.description,
        settings=template.settings,
        is_default=template.is_default,
        created_at=template.created_at,
    )

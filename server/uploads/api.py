"""tus 1.0.0 over HTTP."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from server.errors import NotFound, ServerError
from server.given import given
from server.links import links_of
from server.scope import Action, Scope, User, allows, require_recording
from server.uploads import protocol
from server.uploads.errors import no_upload
from server.uploads.schemas import Upload
from server.uploads.service import Uploads

PREFIX = "/api/v1/uploads"
TUS = {"Tus-Resumable": protocol.VERSION}


class TusRoute(APIRoute):
    """Errors carry the protocol's version too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def with_version(request: Request) -> Response:
            try:
                return await handle(request)
            except ServerError as error:
                error.headers.update(TUS)
                raise

        return with_version


router = APIRouter(prefix=PREFIX, tags=["Uploads"], route_class=TusRoute)


def _uploads(request: Request) -> Uploads:
    return cast("Uploads", request.app.state.services.uploads)


async def _tus_user(request: Request, user: Annotated[User, allows(Scope.UPLOADS_WRITE)]) -> User:
    """Who asks, in the version of the protocol that we speak."""
    protocol.check_version(request.headers)
    return user


Service = Annotated[Uploads, given(_uploads)]
TusUser = Annotated[User, Depends(_tus_user)]


async def _sender(upload_id: str, request: Request, user: TusUser, uploads: Service) -> User:
    """Whoever began this upload, as long as they may change its recording."""
    recording_id = await uploads.recording_of(user.id, upload_id)
    try:
        await require_recording(request, user, recording_id, action=Action.RECORDING_EDIT)
    except NotFound:
        raise no_upload() from None
    return user


Sender = Annotated[User, Depends(_sender)]


@router.options("", status_code=204, operation_id="uploadCapabilities", summary="What this tus server can do")
@router.options("/{upload_id}", status_code=204, include_in_schema=False)
async def options(uploads: Service) -> Response:
    return Response(status_code=204, headers=TUS | protocol.capabilities(uploads.max_bytes))


@router.post("", status_code=201, operation_id="createUpload", summary="Create an upload")
async def create(request: Request, user: TusUser, uploads: Service) -> Response:
    """`Upload-Metadata` names the recording as `recordingId`; without it one is made for the upload."""
    creation = protocol.creation(request.headers)
    named = creation.metadata.get("recordingId")
    if named is not None:
        await require_recording(request, user, named, action=Action.RECORDING_EDIT)
    upload = await uploads.create(user.id, creation)
    if creation.with_upload:
        first = protocol.Append(
            0, None, protocol.body_size(request.headers), protocol.checksum(request.headers)
        )
        upload = await uploads.append(user.id, upload.id, first, request.stream())
    location = f"{links_of(request).base(request)}{PREFIX}/{upload.id}"
    return Response(status_code=201, headers=_state(upload) | {"Location": location})


@router.head("/{upload_id}", operation_id="getUploadOffset", summary="How far an upload is")
async def status(upload_id: str, user: Sender, uploads: Service) -> Response:
    upload = await uploads.get(user.id, upload_id)
    headers = _state(upload) | {"Cache-Control": "no-store"}
    if upload.length is None:
        headers["Upload-Defer-Length"] = "1"
    else:
        headers["Upload-Length"] = str(upload.length)
    if upload.metadata:
        headers["Upload-Metadata"] = protocol.encode_metadata(upload.metadata)
    return Response(status_code=200, headers=headers)


@router.patch("/{upload_id}", status_code=204, operation_id="appendToUpload", summary="Append bytes")
async def append(upload_id: str, request: Request, user: Sender, uploads: Service) -> Response:
    """Answered when the bytes are on disk."""
    upload = await uploads.append(user.id, upload_id, protocol.append(request.headers), request.stream())
    return Response(status_code=204, headers=_state(upload))


@router.delete("/{upload_id}", status_code=204, operation_id="terminateUpload", summary="Give an upload up")
async def terminate(upload_id: str, user: Sender, uploads: Service) -> Response:
    await uploads.terminate(user.id, upload_id)
    return Response(status_code=204, headers=TUS)


@router.post("/{upload_id}", include_in_schema=False)
async def overridden(upload_id: str, request: Request, user: Sender, uploads: Service) -> Response:
    """For clients whose surroundings let only GET and POST through."""
    method = request.headers.get("x-http-method-override", "").upper()
    if method == "PATCH":
        return await append(upload_id, request, user, uploads)
    if method == "HEAD":
        return await status(upload_id, user, uploads)
    if method == "DELETE":
        return await terminate(upload_id, user, uploads)
    raise ServerError("POST creates uploads; to append, use PATCH.", status=405, code="method_not_allowed")


def _state(upload: Upload) -> dict[str, str]:
    headers = TUS | {"Upload-Offset": str(upload.offset)}
    if upload.expires_at is not None and not upload.finished:
        headers["Upload-Expires"] = protocol.http_date(upload.expires_at)
    return headers

"""Playlists and media over HTTP. Media addresses carry their right in themselves, as a ticket."""

from collections.abc import Callable
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from media import dash, hls
from server.errors import Forbidden, InvalidRequest, NotFound
from server.links import links_of
from server.ports.blobs import BlobMissing
from server.preconditions import is_known
from server.recordings.schemas import Recording
from server.scope import Scope, User, allows, require_recording
from server.streaming.files import TO_KEEP, MediaFile
from server.streaming.playlists import LivePlaylist, Text, TooFarAhead
from server.streaming.schemas import StreamOut
from server.streaming.service import Streaming

router = APIRouter(prefix="/api/v1/streams", tags=["Streams"])
media_router = APIRouter(
    prefix="/api/v1/streams/{recording_id}/{ticket}", tags=["Streams"], default_response_class=Response
)

VTT_TYPE = "text/vtt; charset=utf-8"
FINISHED = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
NEVER = "no-store"
# Files beside the video may be made anew, with better captions or from another upload.
A_WHILE = "private, max-age=300"
# An answer to a question for a part stays right: longer lists come by asking for later parts.
BLOCKING = "private, max-age=10"


# Given by the tier that counts: somebody asked where to play a recording. It does not wait.
StreamAsked = Callable[[Request, User, Recording], None]


async def _streaming(request: Request) -> Streaming:  # async: anything else is run in a thread
    return cast("Streaming", request.app.state.services.streaming)


Service = Annotated[Streaming, Depends(_streaming)]


async def _admitted(recording_id: str, ticket: str, streaming: Service) -> Recording:
    recording = await streaming.admit(recording_id, ticket)
    if recording is None:
        raise _nothing_here()
    return recording


Admitted = Annotated[Recording, Depends(_admitted)]
Number = Annotated[int | None, Query(ge=0, le=10**9)]


@router.get("/{recording_id}", operation_id="getStream", summary="Where to play a recording")
async def stream(
    recording_id: str, request: Request, user: Annotated[User, allows(Scope.MEDIA_READ)], streaming: Service
) -> StreamOut:
    recording = await require_recording(request, user, recording_id)
    note: StreamAsked = request.app.state.services.stream_asked
    note(request, user, recording)
    return await streaming.describe(recording, user.id, links_of(request).base(request))


@media_router.head("/master.m3u8", include_in_schema=False)
@media_router.get("/master.m3u8", operation_id="getMasterPlaylist", summary="All qualities there are")
async def master(request: Request, recording: Admitted, streaming: Service) -> Response:
    return _playlist(request, await streaming.master(recording), ASK_AGAIN)


@media_router.head("/everything.m3u8", include_in_schema=False)
@media_router.get(
    "/everything.m3u8",
    operation_id="getEverythingPlaylist",
    summary="All qualities in all codecs, for players that can change from one to another",
)
async def everything(request: Request, recording: Admitted, streaming: Service) -> Response:
    return _playlist(request, await streaming.master(recording, every_codec=True), ASK_AGAIN)


@media_router.head("/manifest.mpd", include_in_schema=False)
@media_router.get("/manifest.mpd", operation_id="getManifest", summary="The same for DASH players")
async def manifest(request: Request, recording: Admitted, streaming: Service) -> Response:
    return _text(request, await streaming.manifest(recording), ASK_AGAIN, dash.MEDIA_TYPE)


@media_router.get("/dash/{version}-{kind}/init.mp4", include_in_schema=False)
async def single_track_head(
    version: str, kind: dash.Kind, recording: Admitted, streaming: Service
) -> Response:
    return _single_track(await streaming.versions.single_track(recording, version, kind, None), kind)


@media_router.get(
    "/dash/{version}-{kind}/{number}.m4s",
    operation_id="getTrackSegment",
    summary="A segment of the picture or the sound alone",
)
async def single_track(
    version: str,
    kind: dash.Kind,
    number: Annotated[int, Path(ge=0, le=10**9)],
    recording: Admitted,
    streaming: Service,
) -> Response:
    return _single_track(await streaming.versions.single_track(recording, version, kind, number), kind)


@media_router.head("/iframes.m3u8", include_in_schema=False)
@media_router.get("/iframes.m3u8", operation_id="getKeyFrames", summary="Key frames alone")
async def key_frames(request: Request, recording: Admitted, streaming: Service) -> Response:
    return _playlist(request, await streaming.key_frames(recording), ASK_AGAIN)


@media_router.head("/iframes-{name}.m3u8", include_in_schema=False)
@media_router.get(
    "/iframes-{name}.m3u8", operation_id="getKeyFramesOf", summary="Key frames of a smaller version"
)
async def key_frames_of(name: str, request: Request, recording: Admitted, streaming: Service) -> Response:
    return _playlist(request, await streaming.key_frames(recording, name), ASK_AGAIN)


@media_router.head("/captions-{language}.m3u8", include_in_schema=False)
@media_router.get(
    "/captions-{language}.m3u8", operation_id="getCaptionsPlaylist", summary="Captions for HLS players"
)
async def captions_playlist(
    language: str, request: Request, recording: Admitted, streaming: Service
) -> Response:
    return _playlist(request, await streaming.captions_playlist(recording, language), ASK_AGAIN)


@media_router.head("/captions-{language}.vtt", include_in_schema=False)
@media_router.get("/captions-{language}.vtt", operation_id="getCaptionsText", summary="Captions as WebVTT")
async def captions(language: str, request: Request, recording: Admitted, streaming: Service) -> Response:
    held = await streaming.captions(recording, language)
    return _text(request, None if held is None else Text.of(held.text), ASK_AGAIN, VTT_TYPE)


@media_router.head("/chapters.vtt", include_in_schema=False)
@media_router.get("/chapters.vtt", operation_id="getChaptersText", summary="Chapters as WebVTT")
async def chapters(request: Request, recording: Admitted, streaming: Service) -> Response:
    return _text(request, await streaming.chapters(recording), ASK_AGAIN, VTT_TYPE)


@media_router.head("/video.m3u8", include_in_schema=False)
@media_router.get(
    "/video.m3u8", operation_id="getMediaPlaylist", summary="The recording itself, live and after"
)
async def video(
    request: Request,
    recording: Admitted,
    streaming: Service,
    *,
    msn: Annotated[Number, Query(alias="_HLS_msn")] = None,
    part: Annotated[Number, Query(alias="_HLS_part")] = None,
    skip: Annotated[str | None, Query(alias="_HLS_skip", max_length=8)] = None,
) -> Response:
    """While the file grows, `_HLS_msn` and `_HLS_part` wait for that part; `_HLS_skip` asks for an update."""
    source = await streaming.versions.source(recording)
    if not isinstance(source, LivePlaylist):
        return _playlist(request, None if source is None else source.text, ASK_AGAIN)
    if part is not None and msn is None:
        raise InvalidRequest("_HLS_part needs _HLS_msn.")
    listed = msn is not None and await _wait(source, msn, part)
    caching = ASK_AGAIN if source.ended else BLOCKING if listed else NEVER
    return _playlist(request, source.text(skip=skip in {"YES", "v2"}), caching)


@media_router.head("/{name}.m3u8", include_in_schema=False)
@media_router.get("/{name}.m3u8", operation_id="getRenditionPlaylist", summary="A smaller version")
async def rendition(name: str, request: Request, recording: Admitted, streaming: Service) -> Response:
    held = await streaming.versions.rendition(recording, name)
    return _playlist(request, None if held is None else held.text, ASK_AGAIN)


@media_router.head("/{name}", include_in_schema=False)
@media_router.get(
    "/{name}", operation_id="getMedia", summary="Bytes of a file, by ranges: a version, a picture, the sound"
)
async def media(
    name: str, ticket: str, request: Request, recording: Admitted, streaming: Service
) -> Response:
    if name in TO_KEEP and not await streaming.may_keep(recording, ticket):
        raise Forbidden(
            "This recording may be watched and not downloaded: ask who shared it.", code="downloads_off"
        )
    caching = FINISHED if name.endswith(".mp4") else A_WHILE
    return await media_response(request, streaming, await streaming.file(recording, name), caching)


def _single_track(data: bytes | None, kind: dash.Kind) -> Response:
    if data is None:
        raise _nothing_here()
    return Response(data, media_type=f"{kind}/mp4", headers={"Cache-Control": FINISHED})


async def media_response(
    request: Request, streaming: Streaming, file: MediaFile | None, caching: str
) -> Response:
    if file is None:
        raise _nothing_here()
    headers = {
        "Cache-Control": caching if file.complete else NEVER,
        "Content-Disposition": file.disposition,
    }
    try:
        return await streaming.respond(request.method, file, headers)
    except BlobMissing:
        raise _nothing_here() from None


async def _wait(source: LivePlaylist, msn: int, part: int | None) -> bool:
    try:
        return await source.wait_for(msn, part)
    except TooFarAhead:
        raise InvalidRequest("This part is too far ahead of what there is.") from None


def _playlist(request: Request, text: Text | None, caching: str) -> Response:
    return _text(request, text, caching, hls.MEDIA_TYPE)


def _text(request: Request, text: Text | None, caching: str, media_type: str) -> Response:
    if text is None:
        raise NotFound("There is nothing to play yet.", code="not_ready")
    headers = {"Cache-Control": caching, "ETag": text.etag, "Vary": "Accept-Encoding"}
    if is_known(request, text.etag):
        return Response(status_code=304, headers=headers)
    body = text.plain
    if text.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = text.zipped, "gzip"
    return Response(body, media_type=media_type, headers=headers)


def _nothing_here() -> NotFound:
    return NotFound("There is nothing at this address, or it has ended: open the link again.")

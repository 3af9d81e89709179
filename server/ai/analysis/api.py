"""What a recording is about, over HTTP: for the owner by recording, for viewers by the link of a share."""

from typing import Annotated, cast

from fastapi import APIRouter, Request, Response

from server.ai.analysis.schemas import AnalysisOut
from server.ai.analysis.service import Analyses, no_analysis
from server.ai.analysis.track import PlayerChapters
from server.given import given
from server.preconditions import is_known
from server.recordings.schemas import Recording
from server.scope import Scope, User, allows, require_recording
from server.sharing.access import entering

router = APIRouter(prefix="/api/v1/recordings/{recording_id}", tags=["Analysis"])
share_router = APIRouter(prefix="/api/v1/shares/{slug}", tags=["Analysis"])

_CACHING = "private, no-cache"


def _analyses(request: Request) -> Analyses:
    return cast("Analyses", request.app.state.services.analyses)


Service = Annotated[Analyses, given(_analyses)]
Entered = Annotated[Recording, entering(Scope.TRANSCRIPTS_READ)]
Reader = Annotated[User, allows(Scope.TRANSCRIPTS_READ)]
Writer = Annotated[User, allows(Scope.TRANSCRIPTS_WRITE)]


@router.get("/analysis", operation_id="getAnalysis", summary="What it is about", response_model=AnalysisOut)
async def get_analysis(recording_id: str, request: Request, user: Reader, analyses: Service) -> Response:
    await require_recording(request, user, recording_id)
    return _answer(request, await analyses.get(recording_id))


@router.post(
    "/analysis/rerun", status_code=202, operation_id="rerunAnalysis", summary="Have it analysed anew"
)
async def rerun_analysis(recording_id: str, request: Request, user: Writer, analyses: Service) -> AnalysisOut:
    await require_recording(request, user, recording_id)
    return await analyses.rerun(recording_id)


@router.get("/chapters.vtt", operation_id="getChapters", summary="Chapters as a WebVTT track")
async def get_chapters(recording_id: str, request: Request, user: Reader, analyses: Service) -> Response:
    return await _track(request, analyses, await require_recording(request, user, recording_id))


@share_router.get(
    "/analysis",
    operation_id="getShareAnalysis",
    summary="What it is about, for viewers",
    response_model=AnalysisOut,
)
async def share_analysis(request: Request, recording: Entered, analyses: Service) -> Response:
    return _answer(request, (await analyses.get(recording.id)).for_viewers())


@share_router.get("/chapters.vtt", operation_id="getShareChapters", summary="Chapters, for viewers")
async def share_chapters(request: Request, recording: Entered, analyses: Service) -> Response:
    return await _track(request, analyses, recording)


def _answer(request: Request, analysis: AnalysisOut) -> Response:
    headers = {"ETag": analysis.etag, "Cache-Control": _CACHING}
    if is_known(request, analysis.etag):
        return Response(status_code=304, headers=headers)
    return Response(analysis.model_dump_json(by_alias=True), media_type="application/json", headers=headers)


async def _track(request: Request, analyses: Analyses, recording: Recording) -> Response:
    """Raises NotFound where nothing was marked and nothing analysed."""
    track = await PlayerChapters(analyses).track(recording)
    if track is None:
        raise no_analysis()
    headers = {"ETag": track.etag, "Cache-Control": _CACHING}
    if is_known(request, track.etag):
        return Response(status_code=304, headers=headers)
    return Response(track.text, media_type="text/vtt; charset=utf-8", headers=headers)

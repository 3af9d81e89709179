"""Share pages, the data behind them, and what other sites need to show them."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from server.errors import NotFound, ServerError
from server.links import links_of
from server.sharing import pages
from server.sharing.schemas import OEmbedOut, ShareOut
from server.sharing.service import Sharing
from server.streaming.api import media_response
from server.streaming.service import Streaming

router = APIRouter(tags=["Shares"])


async def _sharing(request: Request) -> Sharing:
    return cast("Sharing", request.app.state.services.sharing)


async def _streaming(request: Request) -> Streaming:
    return cast("Streaming", request.app.state.services.streaming)


Service = Annotated[Sharing, Depends(_sharing)]
Side = Annotated[int | None, Query(ge=1, le=16_384)]


@router.get("/api/v1/shares/{slug}", operation_id="getShare", summary="A shared recording")
async def share(slug: str, request: Request, response: Response, sharing: Service) -> ShareOut:
    response.headers["Cache-Control"] = "no-store"
    return await sharing.share(slug, links_of(request).base(request))


@router.get("/oembed", include_in_schema=False, response_model_exclude_none=True)
async def oembed(
    request: Request,
    sharing: Service,
    url: Annotated[str, Query(max_length=2048)],
    maxwidth: Side = None,
    maxheight: Side = None,
    *,
    format: Annotated[str, Query(max_length=16)] = "json",  # noqa: A002 (the name is oEmbed's)
) -> OEmbedOut:
    if format != "json":
        raise ServerError("Only JSON is offered here.", status=501, code="format_not_offered")
    return await sharing.oembed(url, links_of(request).base(request), maxwidth, maxheight)


@router.get("/", include_in_schema=False)
async def landing() -> HTMLResponse:
    return _html(pages.plain_head("Heddle"))


@router.get("/s/{slug}", include_in_schema=False)
async def share_page(slug: str, request: Request, sharing: Service) -> HTMLResponse:
    return await _share_page(slug, request, sharing, embeddable=False)


@router.get("/embed/{slug}", include_in_schema=False)
async def embed_page(slug: str, request: Request, sharing: Service) -> HTMLResponse:
    return await _share_page(slug, request, sharing, embeddable=True)


@router.get("/s/{slug}/poster.jpg", include_in_schema=False)
async def share_poster(
    slug: str, request: Request, sharing: Service, streaming: Annotated[Streaming, Depends(_streaming)]
) -> Response:
    poster = await streaming.poster(await sharing.find(slug))
    return await media_response(request, streaming, poster, "public, max-age=300")


async def _share_page(slug: str, request: Request, sharing: Sharing, *, embeddable: bool) -> HTMLResponse:
    try:
        preview = await sharing.preview(slug, links_of(request).base(request))
    except NotFound:
        return _html(pages.plain_head("This recording is not here · Heddle"), status=404)
    origin = (await _streaming(request)).origin
    return _html(pages.share_head(preview), embeddable=embeddable, media_origin=origin)


def _html(head: str, *, status: int = 200, embeddable: bool = False, media_origin: str = "") -> HTMLResponse:
    policy = pages.policy(embeddable=embeddable, media_origin=media_origin)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return HTMLResponse(pages.page(head), status, headers)

"""Share pages, the data behind them, and what other sites need to show them."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from server import document
from server.errors import NotFound, ServerError, Unauthenticated
from server.given import given
from server.language import in_its_language, say
from server.links import links_of
from server.scope import Scope, User, perhaps_user
from server.sharing import pages
from server.sharing.access import sharing_of
from server.sharing.schemas import OEmbedOut, ShareOut
from server.sharing.service import Sharing
from server.streaming.api import media_response
from server.streaming.service import Streaming

router = APIRouter(tags=["Shares"], dependencies=[Depends(in_its_language)])


async def _streaming(request: Request) -> Streaming:
    return cast("Streaming", request.app.state.services.streaming)


Service = Annotated[Sharing, given(sharing_of)]
Side = Annotated[int | None, Query(ge=1, le=16_384)]


@router.get("/api/v1/shares/{slug}", operation_id="getShare", summary="A shared recording")
async def share(
    slug: str,
    request: Request,
    response: Response,
    sharing: Service,
    user: Annotated[User | None, Depends(perhaps_user)],
) -> ShareOut:
    """For anybody; to whoever is signed in it says whether they may change the recording (`mayEdit`)."""
    response.headers["Cache-Control"] = "no-store"
    entry = await sharing.enter(request, slug, user)
    may_edit = entry.visitor.edits and user is not None and _may_write(user)
    return await sharing.share(entry, links_of(request).base(request), may_edit=may_edit)


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


async def plain_page(request: Request) -> HTMLResponse:
    return document.answer(document.plain_head(pages.named(say(pages.PLAIN[request.scope["route"].path]))))


for _path in pages.PLAIN:
    router.add_api_route(_path, plain_page, include_in_schema=False)


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
    poster = await streaming.poster(await sharing.public(slug))
    return await media_response(request, streaming, poster, "public, max-age=300")


def _may_write(user: User) -> bool:
    return user.scopes is None or Scope.RECORDINGS_WRITE in user.scopes


async def _share_page(slug: str, request: Request, sharing: Sharing, *, embeddable: bool) -> HTMLResponse:
    try:
        preview = await sharing.preview(slug, links_of(request).base(request))
    except NotFound:
        return document.answer(
            document.plain_head(pages.named(say("This recording is not here"))), status=404
        )
    except Unauthenticated:
        return document.answer(
            pages.locked_head(), embeddable=embeddable, media_origin=(await _streaming(request)).origin
        )
    origin = (await _streaming(request)).origin
    return document.answer(pages.share_head(preview), embeddable=embeddable, media_origin=origin)

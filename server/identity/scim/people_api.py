"""The people of a directory over SCIM. Needs the extra."""

from typing import Annotated, cast

from fastapi import Request, Response
from scim2_models import Context

from server.given import given
from server.identity.scim import resources
from server.identity.scim.answers import answer
from server.identity.scim.asked import POLICY, Keeper, base_of, chosen, new_router, page_size, read
from server.identity.scim.filters import PEOPLE, conditions
from server.identity.scim.schemas import Entry, Wanted
from server.identity.scim.service import Directory
from server.links import links_of

router = new_router()


def directory_of(request: Request) -> Directory:
    return cast("Directory", request.app.state.services.people.directory)


Service = Annotated[Directory, given(directory_of)]


@router.get("/Users")
async def list_users(request: Request, _user: Keeper, directory: Service) -> Response:
    asked = resources.Search.model_validate(dict(request.query_params), scim_policy=POLICY)
    return await _found(request, asked, directory)


@router.post("/Users/.search")
async def search(request: Request, _user: Keeper, directory: Service) -> Response:
    """The same, with what is asked for in the body: names of people stay out of addresses."""
    return await _found(request, await read(request, resources.Search, Context.SEARCH_REQUEST), directory)


async def _found(request: Request, asked: resources.Search, directory: Directory) -> Response:
    wanted = conditions(asked.filter.ast, PEOPLE) if asked.filter is not None else ()
    found, total = await directory.page(wanted, asked.start_index_0 or 0, page_size(asked.count))
    page = resources.Page(
        total_results=total,
        start_index=asked.start_index or 1,
        items_per_page=len(found),
        resources=[resources.shown(one, base_of(request)) for one in found],
    )
    return answer(page, Context.SEARCH_RESPONSE, wanted=asked)


@router.post("/Users")
async def create(request: Request, user: Keeper, directory: Service) -> Response:
    sent = await read(request, resources.Sent, Context.RESOURCE_CREATION_REQUEST)
    made = await directory.create(resources.wanted(sent), by=user.id, base=_mail(request))
    return _shown(request, made, Context.RESOURCE_CREATION_RESPONSE, status=201)


@router.get("/Users/{user_id}")
async def get_user(user_id: str, request: Request, _user: Keeper, directory: Service) -> Response:
    return _shown(request, await directory.get(user_id), Context.RESOURCE_QUERY_RESPONSE)


@router.put("/Users/{user_id}")
async def replace(user_id: str, request: Request, user: Keeper, directory: Service) -> Response:
    sent = await read(request, resources.Sent, Context.RESOURCE_REPLACEMENT_REQUEST)

    def edit(before: Entry) -> Wanted:
        return resources.wanted(sent, before)

    changed = await directory.change(user_id, edit, by=user.id, base=_mail(request))
    return _shown(request, changed, Context.RESOURCE_REPLACEMENT_RESPONSE)


@router.patch("/Users/{user_id}")
async def update(user_id: str, request: Request, user: Keeper, directory: Service) -> Response:
    sent = await read(request, resources.Changes, Context.RESOURCE_PATCH_REQUEST)
    base = base_of(request)

    def edit(before: Entry) -> Wanted:
        person = resources.shown(before, base)
        sent.patch(person, POLICY)
        return resources.wanted(person, before)

    changed = await directory.change(user_id, edit, by=user.id, base=_mail(request))
    return _shown(request, changed, Context.RESOURCE_PATCH_RESPONSE)


@router.delete("/Users/{user_id}")
async def remove(user_id: str, user: Keeper, directory: Service) -> Response:
    """The account is disabled; it comes back when the same person is made again."""
    await directory.remove(user_id, by=user.id)
    return Response(status_code=204)


def _shown(request: Request, entry: Entry, context: Context, *, status: int = 200) -> Response:
    base, wanted = base_of(request), resources.Chosen.model_validate(chosen(request))
    headers = {"Location": resources.location(entry.id, base)}
    return answer(resources.shown(entry, base), context, wanted=wanted, status=status, headers=headers)


def _mail(request: Request) -> str:
    return links_of(request).for_mail(request)

"""SCIM 2.0 (RFC 7643, 7644): a company's directory keeps the accounts of its people here. Needs the extra.

Not in the description of the API: SCIM describes itself, at `/scim/v2/ServiceProviderConfig` and beside it.
"""

import asyncio
from typing import Annotated, Any, TypeVar, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from scim2_models import BaseModel as Scim
from scim2_models import Context, NotFoundException, Resource

from server.errors import Forbidden, ServerError, TooLarge
from server.given import given
from server.identity.access import allows
from server.identity.schemas import User
from server.identity.scim import resources
from server.identity.scim.answers import ScimRoute, answer
from server.identity.scim.filters import conditions
from server.identity.scim.resources import LARGEST_PAGE, PAGE, POLICY
from server.identity.scim.schemas import Entry, Wanted
from server.identity.scim.service import Directory
from server.identity.scopes import Scope
from server.limits.access import limits_of
from server.limits.rules import Rule
from server.links import links_of

PREFIX, REST = "/scim/v2", "/{rest:path}"
# Directories work through their people at once, and slow down where they are told to.
ASKED = Rule("requests of directories", window_s=60, limit=1500)
LARGEST = 256 * 1024
router = APIRouter(tags=["Directory"], prefix=PREFIX, route_class=ScimRoute, include_in_schema=False)
Message = TypeVar("Message", bound=Scim)


async def _keeper(request: Request, user: Annotated[User, allows(Scope.SCIM)]) -> User:
    await limits_of(request).hit(ASKED, user.key_id or user.id)
    return user


def _directory(request: Request) -> Directory:
    return cast("Directory", request.app.state.services.people.directory)


Keeper = Annotated[User, Depends(_keeper)]
Service = Annotated[Directory, given(_directory)]


@router.get("/ServiceProviderConfig")
async def config(request: Request, _user: Keeper) -> Response:
    found = resources.provider(_base(request)).config
    assert found is not None  # noqa: S101 (`provider` gives it one)
    return answer(found, Context.RESOURCE_QUERY_RESPONSE)


@router.get("/ResourceTypes")
async def resource_types(request: Request, _user: Keeper) -> Response:
    return _all(request, resources.Kinds, resources.provider(_base(request)).resource_types)


@router.get("/ResourceTypes/{name}")
async def resource_type(name: str, request: Request, _user: Keeper) -> Response:
    return _one(name, resources.provider(_base(request)).resource_types)


@router.get("/Schemas")
async def schemas(request: Request, _user: Keeper) -> Response:
    return _all(request, resources.Descriptions, resources.provider(_base(request)).schemas)


@router.get("/Schemas/{name}")
async def schema(name: str, request: Request, _user: Keeper) -> Response:
    return _one(name, resources.provider(_base(request)).schemas)


@router.get("/Users")
async def list_users(request: Request, _user: Keeper, directory: Service) -> Response:
    asked = resources.Search.model_validate(dict(request.query_params), scim_policy=POLICY)
    return await _found(request, asked, directory)


@router.post("/.search")
@router.post("/Users/.search")
async def search(request: Request, _user: Keeper, directory: Service) -> Response:
    """The same, with what is asked for in the body: names of people stay out of addresses."""
    asked = await _read(request, resources.Search, Context.SEARCH_REQUEST)
    return await _found(request, asked, directory)


async def _found(request: Request, asked: resources.Search, directory: Directory) -> Response:
    count = min(PAGE if asked.count is None else asked.count, LARGEST_PAGE)
    wanted = conditions(asked.filter.ast) if asked.filter is not None else ()
    found, total = await directory.page(wanted, asked.start_index_0 or 0, count)
    people = [resources.shown(one, _base(request)) for one in found]
    page = resources.Page(
        total_results=total,
        start_index=asked.start_index or 1,
        items_per_page=len(people),
        resources=people,
    )
    return answer(page, Context.SEARCH_RESPONSE, wanted=asked)


@router.post("/Users")
async def create(request: Request, user: Keeper, directory: Service) -> Response:
    sent = await _read(request, resources.Sent, Context.RESOURCE_CREATION_REQUEST)
    made = await directory.create(resources.wanted(sent), by=user.id, base=_mail(request))
    context = Context.RESOURCE_CREATION_RESPONSE
    return _shown(request, made, context, status=201)


@router.get("/Users/{user_id}")
async def get_user(user_id: str, request: Request, _user: Keeper, directory: Service) -> Response:
    return _shown(request, await directory.get(user_id), Context.RESOURCE_QUERY_RESPONSE)


@router.put("/Users/{user_id}")
async def replace(user_id: str, request: Request, user: Keeper, directory: Service) -> Response:
    sent = await _read(request, resources.Sent, Context.RESOURCE_REPLACEMENT_REQUEST)

    def edit(before: Entry) -> Wanted:
        return resources.wanted(sent, before)

    changed = await directory.change(user_id, edit, by=user.id, base=_mail(request))
    return _shown(request, changed, Context.RESOURCE_REPLACEMENT_RESPONSE)


@router.patch("/Users/{user_id}")
async def update(user_id: str, request: Request, user: Keeper, directory: Service) -> Response:
    sent = await _read(request, resources.Changes, Context.RESOURCE_PATCH_REQUEST)
    base = _base(request)

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


@router.api_route(REST, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def nothing(request: Request, _user: Keeper) -> Response:
    """What is refused for its address is refused in the same shape."""
    known = (one for one in router.routes if isinstance(one, APIRoute) and one.path != PREFIX + REST)
    if any(one.path_regex.match(request.scope["path"]) for one in known):
        raise ServerError("This address does not know that method.", status=405, code="method_not_allowed")
    raise NotFoundException(detail="There is nothing at this address.")


async def _read(request: Request, kind: type[Message], context: Context) -> Message:
    """Raises ValidationError, TooLarge."""
    body = await request.body()
    if len(body) > LARGEST:
        raise TooLarge(f"The request is too large: at most {LARGEST} bytes are accepted here.")
    return await asyncio.to_thread(kind.model_validate_json, body, scim_ctx=context, scim_policy=POLICY)


def _shown(request: Request, entry: Entry, context: Context, *, status: int = 200) -> Response:
    base, wanted = _base(request), resources.Chosen.model_validate(_chosen(request))
    found = resources.shown(entry, base)
    headers = {"Location": resources.location(entry.id, base)}
    return answer(found, context, wanted=wanted, status=status, headers=headers)


def _chosen(request: Request) -> dict[str, str]:
    names = ("attributes", "excludedAttributes")
    return {name: request.query_params[name] for name in names if name in request.query_params}


def _all(
    request: Request, kind: type[resources.Kinds | resources.Descriptions], found: tuple[Resource[Any], ...]
) -> Response:
    if "filter" in request.query_params:  # RFC 7644, section 4
        raise Forbidden("These are few: they are not filtered.")
    page = kind(total_results=len(found), start_index=1, items_per_page=len(found), resources=list(found))
    return answer(page, Context.RESOURCE_QUERY_RESPONSE)


def _one(name: str, found: tuple[Resource[Any], ...]) -> Response:
    for one in found:
        if one.id == name:
            return answer(one, Context.RESOURCE_QUERY_RESPONSE)
    raise NotFoundException(detail="There is no such thing here.")


def _base(request: Request) -> str:
    return links_of(request).base(request) + PREFIX


def _mail(request: Request) -> str:
    return links_of(request).for_mail(request)

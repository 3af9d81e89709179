"""What all addresses of SCIM have in common: who may ask, and how requests are read. Needs the extra."""

import asyncio
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from scim2_models import BaseModel as Scim
from scim2_models import Context, ScimPolicy

from server.errors import TooLarge
from server.identity.access import allows
from server.identity.schemas import User
from server.identity.scim.answers import ScimRoute
from server.identity.scopes import Scope
from server.limits.access import limits_of
from server.limits.rules import Rule
from server.links import links_of

PREFIX = "/scim/v2"
PAGE, LARGEST_PAGE = 100, 200
# Directories work through their people at once, and slow down where they are told to.
ASKED = Rule("requests of directories", window_s=60, limit=1500)
# A group is sent with all that are in it.
LARGEST = 1024 * 1024
# Directories send more than is kept here, and Entra ID says some of it in ways of its own.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
Message = TypeVar("Message", bound=Scim)


def new_router() -> APIRouter:
    return APIRouter(tags=["Directory"], prefix=PREFIX, route_class=ScimRoute, include_in_schema=False)


async def _keeper(request: Request, user: Annotated[User, allows(Scope.SCIM)]) -> User:
    await limits_of(request).hit(ASKED, user.key_id or user.id)
    return user


Keeper = Annotated[User, Depends(_keeper)]


async def read(request: Request, kind: type[Message], context: Context) -> Message:
    """Raises ValidationError, TooLarge."""
    body = await request.body()
    if len(body) > LARGEST:
        raise TooLarge(f"The request is too large: at most {LARGEST} bytes are accepted here.")
    return await asyncio.to_thread(kind.model_validate_json, body, scim_ctx=context, scim_policy=POLICY)


def chosen(request: Request) -> dict[str, str]:
    """Which attributes are asked for."""
    names = ("attributes", "excludedAttributes")
    return {name: request.query_params[name] for name in names if name in request.query_params}


def page_size(count: int | None) -> int:
    return min(PAGE if count is None else count, LARGEST_PAGE)


def base_of(request: Request) -> str:
    """The address of all this."""
    return links_of(request).base(request) + PREFIX

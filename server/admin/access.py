"""Who may ask here, and the one shape of a page: shared by all routes of administration."""

from math import ceil
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from server.errors import NotFound
from server.recordings.schemas import Pagination
from server.scope import Scope, User, allows

if TYPE_CHECKING:
    from server.admin.opening import Admin

# An owner of this server, or their key with the scope `admin`.
Administrator = Annotated[User, allows(Scope.ADMIN)]
Page = Annotated[int, Query(ge=0, le=1_000_000)]
Size = Annotated[int, Query(ge=1, le=100)]
SIZE = 50
PREFIX = "/api/v1/admin"


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


def admin_of(request: Request) -> "Admin":
    return cast("Admin", request.app.state.services.admin)


def pages(page: int, size: int, total: int) -> Pagination:
    return Pagination(page=page, size=size, total_pages=ceil(total / size), total_elements=total)


def no_user() -> NotFound:
    return NotFound("There is no such account.", code="account_not_found")

"""What SCIM shows of groups (RFC 7643 section 4.2). Needs the extra.

Docstrings of attributes go out as their descriptions (`/scim/v2/Schemas`).
"""

from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    ListResponse,
    Meta,
    Mutability,
    PatchOp,
    Reference,
    Required,
    Resource,
    ResponseParameters,
    SearchRequest,
    Uniqueness,
)

from server.errors import InvalidRequest
from server.identity.scim import resources as people
from server.identity.scim.groups.schemas import Entry, Wanted
from server.identity.scim.resources import User, kept

LONGEST_NAME = 255


class Member(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true, Required.true] = None
    """The `id` of a person."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the person."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """Always `User`: groups have no groups in them."""


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the directory calls it. The team's workspace that is made for it is called so too."""

    members: list[Member] | None = None
    """Who is in it, and so in its workspace."""


Search = SearchRequest[Group]
Chosen = ResponseParameters[Group]
Changes = PatchOp[Group]
Page = ListResponse[Group]


def shown(entry: Entry, base: str) -> Group:
    return Group(
        id=entry.id,
        external_id=entry.external_id,
        display_name=entry.display,
        members=[_member(user_id, base) for user_id in sorted(entry.people or ())] or None,
        meta=Meta(
            resource_type="Group",
            created=entry.created_at,
            last_modified=entry.updated_at,
            location=location(entry.id, base),
        ),
    )


def location(group_id: str, base: str) -> str:
    return f"{base}/Groups/{group_id}"


def wanted(group: Group) -> Wanted:
    """What a directory says, from what it sent: without `members`, that nobody is in it.

    Raises InvalidRequest for what cannot be kept.
    """
    held = group.members or []
    if any((one.type or "User").lower() != "user" for one in held):
        raise InvalidRequest("Groups here have people as members, and no other groups.")
    return Wanted(
        display=kept(group.display_name or "", LONGEST_NAME, "displayName"),
        external_id=kept(group.external_id, 255, "externalId") if group.external_id else None,
        members=frozenset(one.value or "" for one in held),
    )


def with_people(asked: "ResponseParameters[Any]") -> bool:
    """Whether the answer shows who is in it: that can be thousands, and many directories do not ask."""
    if asked.attributes is not None:
        return any(path.attr == "members" for path in asked.attributes)
    return all(path.attr != "members" for path in asked.excluded_attributes or ())


def _member(user_id: str, base: str) -> Member:
    return Member(value=user_id, ref=people.location(user_id, base), type="User")

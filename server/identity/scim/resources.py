"""What SCIM shows of people (RFC 7643 section 4.1): those attributes that are kept here, and no others.

Needs the extra. Docstrings of attributes go out as their descriptions (`/scim/v2/Schemas`).
"""

from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    ComplexAttribute,
    ListResponse,
    Meta,
    PatchOp,
    Required,
    Resource,
    ResponseParameters,
    SearchRequest,
    Uniqueness,
)

from server.errors import InvalidRequest
from server.identity.addresses import folded
from server.identity.scim.schemas import Entry, Wanted

LONGEST_NAME, LONGEST_PART = 254, 64
WORK = "work"


class Name(ComplexAttribute):
    formatted: str | None = None
    """The whole name, the same as `displayName`, which goes before it where both are sent."""

    family_name: str | None = None
    """The name of the family."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    value: Annotated[str | None, Required.true] = None
    """The address."""

    type: str | None = Field(None, examples=[WORK])
    """Always `work`."""

    primary: bool | None = None
    """True: there is one."""


class User(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the directory calls them. An e-mail address, where `emails` has none."""

    name: Name | None = None
    """Parts of the name."""

    display_name: Annotated[str | None, Required.true] = None
    """What people here see."""

    active: Annotated[bool | None, Required.true] = None
    """False: the account is disabled. Sign-ins and keys end at once, recordings stay."""

    emails: Annotated[list[Email] | None, Required.true] = None
    """The address of the account: the primary one, or the first. One is kept."""


class Sent(User):
    """What is required is always there, and need not be sent: it follows from the name, or stays."""

    display_name: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None


# What is made of these has their attributes, described already. To look for a class that nobody wrote in the
# sources of all modules takes seconds where many are loaded.
for message in (ListResponse, PatchOp, ResponseParameters, SearchRequest):
    message.model_config["use_attribute_docstrings"] = False

# Messages about them: made here, once, as they are classes.
Search = SearchRequest[User]
Chosen = ResponseParameters[User]
Changes = PatchOp[User]
Page = ListResponse[User]


def shown(entry: Entry, base: str) -> User:
    parts = entry.given_name or entry.family_name
    name = Name(formatted=entry.display, given_name=entry.given_name, family_name=entry.family_name)
    return User(
        id=entry.id,
        external_id=entry.external_id,
        user_name=entry.user_name,
        name=name if parts else None,
        display_name=entry.display,
        active=entry.active,
        emails=[Email(value=entry.email, type=WORK, primary=True)],
        meta=Meta(
            resource_type="User",
            created=entry.created_at,
            last_modified=entry.updated_at,
            location=location(entry.id, base),
        ),
    )


def location(user_id: str, base: str) -> str:
    return f"{base}/Users/{user_id}"


def wanted(user: User, before: Entry | None = None) -> Wanted:
    """What a directory says, from what it sent. Raises InvalidRequest for what cannot be kept."""
    name = user.name or Name()
    given, family = _part(name.given_name), _part(name.family_name)
    user_name = kept(user.user_name or "", LONGEST_NAME, "userName")
    return Wanted(
        user_name=user_name,
        email=_email(user, user_name, before),
        display=_display(user, name, before) or user_name.partition("@")[0][:LONGEST_PART],
        external_id=kept(user.external_id, 255, "externalId") if user.external_id else None,
        given_name=given,
        family_name=family,
        active=user.active if user.active is not None else before is None or before.active,
    )


def _display(user: User, name: Name, before: Entry | None) -> str:
    """What was changed says what it shall be; with nothing new it stays."""
    was = before.display if before else ""
    parts = [name.given_name or "", name.family_name or ""]
    whole = " ".join(part for part in parts if part)
    old_parts = [(before.given_name if before else "") or "", (before.family_name if before else "") or ""]
    changed_parts = whole if parts != old_parts else ""
    for said in (user.display_name, name.formatted, changed_parts):
        if said and said.strip() and said != was:
            return _printable(said)[:LONGEST_PART]
    return was


def _email(user: User, user_name: str, before: Entry | None) -> str:
    """What is not said stays; an address that was the name goes along with it."""
    given = [one for one in user.emails or () if one.value]
    first = given[0] if given else None
    chosen = next((one for one in given if one.primary), first)
    said = (chosen.value or "") if chosen else ""
    if before is None:
        return said or user_name
    if said and folded(said) != before.email:
        return said
    renamed = folded(user_name) != folded(before.user_name)
    return user_name if renamed and before.email == folded(before.user_name) else before.email


def _part(text: str | None) -> str | None:
    return (_printable(text)[:LONGEST_PART] or None) if text else None


def kept(text: str, longest: int, what: str) -> str:
    """Raises InvalidRequest."""
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise InvalidRequest(f"{what} must have 1 to {longest} visible characters.")
    return text.strip()


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()

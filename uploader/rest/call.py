"""Requests as values, and what is made of their answers: the part of a client that needs no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from uploader.rest.errors import error_of

T = TypeVar("T")
P = TypeVar("P")

# What a query or a header is given with; a boolean as JSON spells it.
Value = str | int | float | bool | None


class Reads(StrEnum):
    """What is made of the body of an answer."""

    JSON = "json"
    TEXT = "text"
    BYTES = "bytes"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request that a server answers with a T. `operations` has a function for each."""

    method: str
    path: str
    reads: Reads = Reads.JSON
    query: Mapping[str, Value] = field(default_factory=dict)
    headers: Mapping[str, Value] = field(default_factory=dict)
    json: object = None
    content: bytes | None = None

    def request(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        headers = {name: spelt(value) for name, value in self.headers.items() if value is not None}
        query = {name: spelt(value) for name, value in self.query.items() if value is not None}
        return http.build_request(
            self.method, self.path, params=query, headers=headers, json=self.json, content=self.content
        )


@dataclass(frozen=True, slots=True)
class Listing(Call[P], Generic[P, T]):
    """A list in pages of the type P, with things of the type T in it."""

    # What begins it with a cursor, where it can also be read by the numbers of its pages.
    beginning: Mapping[str, Value] = field(default_factory=dict)

    def first(self) -> "Listing[P, T]":
        """By cursor where that can be, so that nothing is skipped or shown twice."""
        chosen = any(self.query.get(name) is not None for name in ("page", "cursor"))
        return self if chosen else replace(self, query={**self.query, **self.beginning})

    def after(self, page: Mapping[str, Any]) -> "Listing[P, T] | None":
        """What asks for the page after this one; None after the last."""
        told = page["pagination"]
        if cursor := told.get("nextCursor"):
            return replace(self, query={**self.query, "cursor": cursor})
        if self.query.get("cursor") is not None or "totalPages" not in told:
            return None
        following = told["page"] + 1
        return (
            replace(self, query={**self.query, "page": following}) if following < told["totalPages"] else None
        )


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a call was answered with. `etag` is for the `if_match` of a change."""

    value: T
    status: int
    headers: httpx.Headers

    @property
    def etag(self) -> str | None:
        found: str | None = self.headers.get("ETag")
        return found


def answer_of(call: Call[T], response: httpx.Response) -> Answer[T]:
    """`response` has been read. Raises ApiError for any but a success."""
    if not response.is_success:
        raise error_of(response)
    read: dict[Reads, Any] = {Reads.TEXT: lambda: response.text, Reads.BYTES: lambda: response.content}
    if call.reads in read:
        value = read[call.reads]()
    else:
        value = response.json() if call.reads is Reads.JSON and response.content else None
    return Answer(value, response.status_code, response.headers)


def at(template: str, **places: str | float) -> str:
    """A path with its places filled: what they hold never leads elsewhere."""
    return template.format(**{name: quote(str(value), safe="") for name, value in places.items()})


def spelt(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

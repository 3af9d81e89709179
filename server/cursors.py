"""Long lists in pieces: a cursor is the place of the last thing shown, so nothing is skipped or shown twice.

Opaque to clients: base64url of a JSON list with the values that the list is ordered by, the last one unique.
"""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from server.errors import InvalidRequest

_LONGEST = 1024

Place = tuple[Any, ...]
Order = Sequence[tuple[ColumnElement[Any] | Any, bool]]  # a column, and whether it descends


def encode(*place: Any) -> str:
    """`place` holds texts, numbers, moments and None."""
    plain = [one.isoformat() if isinstance(one, datetime) else one for one in place]
    text = json.dumps(plain, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def decode(cursor: str, *kinds: type) -> Place:
    """The values in it, which are of `kinds`. Raises InvalidRequest for what never was a cursor here."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(found, list) or len(found) != len(kinds):
            raise ValueError("another list's")
        return tuple(_value(one, kind) for one, kind in zip(found, kinds, strict=True))
    except (ValueError, OverflowError, RecursionError) as problem:
        raise InvalidRequest("This cursor is not one of this list: begin without one.") from problem


def behind(order: Order, place: Place) -> ColumnElement[bool]:
    """Whether a row comes after `place`; the columns hold no null."""
    ways: list[ColumnElement[bool]] = []
    for index, (column, descending) in enumerate(order):
        same = [one == value for (one, _), value in zip(order[:index], place[:index], strict=True)]
        further = column < place[index] if descending else column > place[index]
        ways.append(and_(*same, further))
    return or_(*ways)


def _value(found: Any, kind: type) -> Any:
    if kind is datetime and isinstance(found, str):
        moment = datetime.fromisoformat(found)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment.astimezone(UTC)
    if kind is UUID and isinstance(found, str):
        return str(UUID(found))
    if kind is str and isinstance(found, str) and "\0" not in found.encode().decode():
        return found
    if kind is int and type(found) is int and abs(found) < 2**63:
        return found
    raise ValueError("another kind of value")

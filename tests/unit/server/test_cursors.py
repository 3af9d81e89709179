"""Cursors come back as what they were made of, and nothing else does."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import cursors
from server.errors import InvalidRequest

ID = "3f0c7f2f-7b1c-4e6f-9a35-000000000001"
MOMENT = datetime(2026, 11, 21, 20, 15, 7, 123456, UTC)


def packed(*place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def test_a_cursor_holds_its_place_to_the_microsecond() -> None:
    cursor = cursors.encode(MOMENT, 7, "title", ID)
    assert cursors.decode(cursor, datetime, int, str, UUID) == (MOMENT, 7, "title", ID)


@pytest.mark.parametrize(
    ("cursor", "kinds"),
    [
        (packed("0001-01-01T00:00:00+23:59"), (datetime,)),
        (packed("2026-11-21T20:15:07"), (datetime,)),
        (packed("yesterday"), (datetime,)),
        (packed(2**63), (int,)),
        (packed(True), (int,)),
        (packed(1.5), (int,)),
        (packed("a\0b"), (str,)),
        (packed("\ud800"), (str,)),
        (packed("x"), (UUID,)),
        (packed(1, 2), (int,)),
        (packed(None), (str,)),
        (packed({}), (str,)),
        ("[" * 900, (str,)),
    ],
)
def test_what_was_never_a_cursor_of_this_list_is_refused(cursor: str, kinds: tuple[type, ...]) -> None:
    with pytest.raises(InvalidRequest):
        cursors.decode(cursor, *kinds)


@given(st.text(max_size=1100))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    try:
        cursors.decode(text, datetime, UUID)
    except InvalidRequest:
        return

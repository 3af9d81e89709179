"""Recordings as the library's views are given them."""

from typing import Any

from desktop.models.library.items import Item, Standing


def item(number: int, **given: Any) -> Item:
    usual = {"key": f"id:{number}", "title": f"Title {number}", "standing": Standing.READY, "created_at": 0.0}
    return Item(**{**usual, "id": number, "recording_id": str(number), **given})

"""What there is to record, from the first backend that can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from capture.errors import BadRegion
from capture.model import DisplayInfo, ScreenRequest, WindowInfo
from capture.ports import ScreenListing
from capture.registry import screen_listings

T = TypeVar("T")


def list_displays() -> list[DisplayInfo]:
    """The monitors, the primary one first; empty when there is no screen."""
    return _first(lambda listing: listing.displays())


def list_windows() -> list[WindowInfo]:
    """The windows that can be recorded; empty when none is open, or the system tells nobody."""
    return _first(lambda listing: listing.windows())


def there(request: ScreenRequest) -> ScreenRequest:
    """The same, but for a display that is gone and may be replaced: then the first one is asked for.
    BadRegion where a region of it was chosen: what part of another one that would be, nobody knows."""
    wanted = request.display
    if not request.or_first or not wanted or wanted == "all" or ":" in wanted:
        return request
    found = list_displays()
    known = {name for one in found for name in (one.id, one.name)}
    if not found or known.issuperset(one.strip() for one in wanted.split(",")):
        return request
    if request.region:
        raise BadRegion(
            "The region is on no screen",
            "The display that it was chosen on is not connected.",
            "Choose another region.",
        )
    return replace(request, display=None)


def _first(ask: Callable[[ScreenListing], list[T]]) -> list[T]:
    for listing in screen_listings():
        try:
            return ask(listing)
        except Exception:  # noqa: BLE001, S112 - the next one may know; why this one cannot, `probe` says
            continue
    return []

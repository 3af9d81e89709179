"""What there is to record, from the first backend that can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from capture.model import DisplayInfo, WindowInfo
from capture.ports import ScreenListing
from capture.registry import screen_listings

T = TypeVar("T")


def list_displays() -> list[DisplayInfo]:
    """The monitors, the primary one first; empty when there is no screen."""
    return _first(lambda listing: listing.displays())


def list_windows() -> list[WindowInfo]:
    """The windows that can be recorded; empty when none is open, or the system tells nobody."""
    return _first(lambda listing: listing.windows())


def _first(ask: Callable[[ScreenListing], list[T]]) -> list[T]:
    for listing in screen_listings():
        try:
            return ask(listing)
        except Exception:  # noqa: BLE001, S112 - the next one may know; why this one cannot, `probe` says
            continue
    return []

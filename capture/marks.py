"""Markers: places in the take that somebody wants to find again, in media time."""

from __future__ import annotations

from media.manifest import Marker


class Marks:
    """Set by one thread, read by any: the tuple is replaced as a whole."""

    def __init__(self) -> None:
        self.all: tuple[Marker, ...] = ()

    def add(self, at_s: float, title: str) -> Marker:
        """A marker without a title gets its number."""
        marker = Marker(round(max(0.0, at_s), 3), title.strip() or f"Marker {len(self.all) + 1}")
        self.all = (*self.all, marker)
        return marker

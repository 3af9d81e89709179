"""What a request to the codec child says, as `media` wants to be told."""

from collections.abc import Callable
from typing import Any

from media.facts import Probe
from media.sniff import Container
from media.untrusted import Watch
from server.processing.parent import Parent
from server.processing.protocol import Request

# The result as JSON can carry it.
Work = Callable[[Request, Parent], dict[str, Any]]
Works = dict[str, Work]


def common(request: Request, watch: Watch) -> dict[str, Any]:
    return {
        "kind": Container(request.kind),
        "duration_s": request.duration_s,
        "max_pixels": request.max_pixels,
        "watch": watch,
    }


def facts_of(request: Request) -> Probe:
    return Probe(**(request.facts or {}))

"""Which way to global hotkeys this session offers: in order of preference, loaded only when asked."""

import importlib
import logging
import os
import sys
from typing import cast

from desktop.platform.hotkeys.port import Backend

log = logging.getLogger(__name__)

_OF = {"win32": ("windows",), "darwin": ("macos",)}


def candidates() -> tuple[str, ...]:
    """The backends of this session: on Wayland an X server hears the keys of X programs alone."""
    if os.environ.get("WAYLAND_DISPLAY"):
        return ("portal",)
    return _OF.get(sys.platform, ("x11", "portal"))


def choose() -> tuple[Backend | None, str]:
    """The first usable backend, or None and the reasons against each."""
    reasons = []
    for name in candidates():
        try:
            backend = cast("Backend", importlib.import_module(f"desktop.platform.hotkeys.{name}"))
            reason = backend.probe()
        except (ImportError, OSError) as error:
            reason = str(error)
        else:
            if not reason:
                return backend, ""
        log.info("hotkeys by %s: %s", name, reason)
        reasons.append(reason)
    return None, " ".join(reasons)

"""Settings that this system cannot follow, and why: they are shown greyed out, with that."""

from collections.abc import Callable, Mapping

from desktop.i18n import tr
from desktop.platform import autostart, awake, disturb, links
from uploader.metered import is_told


def troubles() -> dict[str, str]:
    """By the names of settings, in words. Asks the system, which may take seconds: not on Qt's thread."""
    return {name: why for name, ask in _ASKED.items() if (why := ask())}


def _metered() -> str:
    if is_told():
        return ""
    return tr("This system does not tell Heddle whether a connection costs money (NetworkManager does).")


_ASKED: Mapping[str, Callable[[], str]] = {
    "keep_awake": awake.trouble,
    "do_not_disturb": disturb.trouble,
    "autostart": autostart.trouble,
    "open_links": links.trouble,
    "metered": _metered,
}

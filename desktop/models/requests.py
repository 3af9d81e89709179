"""What a second start, a link or the command line asks of the app: an action, and for some about what.

A link can come from any web page. So it only ever opens a window of Heddle's; what records, stops or throws
away takes a person's hand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.models.actions import Action

SCHEME = "heddle"
LARGEST = 4096  # bytes of a request, with room for any link to a recording

_LINKS: Mapping[str, Action] = {
    "": Action.LAUNCHER,
    "record": Action.LAUNCHER,  # and not RECORD: see above
    "launcher": Action.LAUNCHER,
    "library": Action.LIBRARY,
    "open": Action.LIBRARY,
    "settings": Action.SETTINGS,
}


@dataclass(frozen=True, slots=True)
class Request:
    """An action; `share` is the address of a recording that is to be shown."""

    action: Action = Action.LAUNCHER
    share: str | None = None

    def line(self) -> bytes:
        """As it goes to the app that runs."""
        return json.dumps({"action": self.action, "share": self.share}).encode() + b"\n"


def from_line(line: bytes) -> Request:
    """What `line` wrote; ValueError when it is anything else."""
    try:
        told = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(told, dict):
        raise ValueError("no object")
    share = told.get("share")
    return Request(Action(str(told.get("action"))), _address(share) if share is not None else None)


def from_link(link: str) -> Request:
    """`heddle://library` and so on, and `heddle://open?share=ADDRESS`; UsageError for all else."""
    try:
        parts = urlsplit(link)
    except ValueError:  # "heddle://["
        raise _no_link(link) from None
    name = (parts.netloc + parts.path).strip("/")
    if parts.scheme != SCHEME or name not in _LINKS:
        raise _no_link(link)
    if name != "open":
        return Request(_LINKS[name])
    try:
        return Request(_LINKS[name], _address(parse_qs(parts.query).get("share", [""])[0]))
    except ValueError as error:
        raise UsageError(tr("This link leads to no recording"), str(error)) from None


def same_server(address: str, server: str | None) -> bool:
    """Whether a recording lies on the server that the settings name."""
    if not server:
        return False
    ours, its = urlsplit(server), urlsplit(address)
    return (ours.scheme, ours.netloc) == (its.scheme, its.netloc)


def _address(text: object) -> str:
    if isinstance(text, str):
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname:
            return text
    raise ValueError(f"{text!r} is no address of a recording")


def _no_link(link: str) -> UsageError:
    return UsageError(
        tr("This is no link of Heddle"), link[:200], tr("There is heddle://record, library, settings, open.")
    )

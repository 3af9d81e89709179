"""What a second start, a link or the command line asks of the app: an action, and for some about what.

A link can come from any web page. So it only ever opens a window of Heddle's; what records, stops or throws
away takes a person's hand.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.session import Problem
from desktop.models.told import facts, text

SCHEME = "heddle"
LARGEST = 4096  # bytes of a request, with room for any link to a recording
_SHOWN = 200  # letters of a link that is refused

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
    """An action; `share` is the address of a recording that is to be shown. With a `problem` the app
    tells that instead: who clicked a link that is refused sees no terminal."""

    action: Action = Action.LAUNCHER
    share: str | None = None
    problem: Problem | None = None

    def line(self) -> bytes:
        """As it goes to the app that runs."""
        problem = asdict(self.problem) if self.problem else None
        told = {"action": self.action, "share": self.share, "problem": problem}
        return json.dumps(told).encode() + b"\n"


def from_line(line: bytes) -> Request:
    """What `line` wrote; ValueError when it is anything else."""
    try:
        told = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(told, dict):
        raise ValueError("no object")
    share = told.get("share")
    return Request(
        Action(str(told.get("action"))),
        _address(share) if share is not None else None,
        _problem(facts(told, "problem")),
    )


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
        request = Request(_LINKS[name], _address(parse_qs(parts.query).get("share", [""])[0]))
        if len(request.line()) >= LARGEST:
            raise ValueError("too long")
    except ValueError:
        hint = tr("It has to name an address: heddle://open?share=https://…")
        raise UsageError(tr("This link leads to no recording"), link[:_SHOWN], hint) from None
    return request


def refusal(error: UsageError) -> Request:
    """Has the app tell why a link is refused."""
    return Request(problem=Problem(error.title, error.detail, error.hint, severity="warning"))


def same_server(address: str, server: str | None) -> bool:
    """Whether a recording lies on the server that the settings name."""
    if not server:
        return False
    ours, its = urlsplit(server), urlsplit(address)
    return (ours.scheme, ours.netloc) == (its.scheme, its.netloc)


def _address(told: object) -> str:
    if isinstance(told, str):
        parts = urlsplit(told)
        if parts.scheme in ("http", "https") and parts.hostname:
            return told
    raise ValueError(f"{told!r} is no address of a recording")


def _problem(told: Mapping[str, Any] | None) -> Problem | None:
    title = text(told, "title", None) if told else None
    if told is None or title is None:
        return None
    return Problem(title, text(told, "detail", ""), text(told, "hint", ""), text(told, "severity", ""))


def _no_link(link: str) -> UsageError:
    return UsageError(
        tr("This is no link of Heddle"),
        link[:_SHOWN],
        tr("There is heddle://record, library, settings, open."),
    )

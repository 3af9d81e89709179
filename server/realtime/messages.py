"""What the server says over WebSockets: which events it tells, to whom, and how a message is written."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.bus import Event
from server.errors import ServerError
from server.identity.scopes import Scope

# Close codes: of RFC 6455 section 7.4.1, and of its range for private use.
GOING_AWAY = 1001
BAD_MESSAGES = 4400
BAD_TOKEN = 4401
NOT_ALLOWED = 4403
TOO_SLOW = 4408
TOO_MANY = 4429


class Whom(StrEnum):
    """Who hears of an event."""

    PERSON = "person"  # whom it is about, alone
    MEMBERS = "members"  # who may view the recording
    VIEWERS = "viewers"  # also who watches it by its link


@dataclass(frozen=True, slots=True)
class Told:
    """A family of events; an API key hears of it with `scope`."""

    whom: Whom
    scope: Scope


# By what a type begins with, up to its dot. All other events stay inside the server.
FAMILIES: dict[str, Told] = {
    "recording": Told(Whom.MEMBERS, Scope.RECORDINGS_READ),
    "processing": Told(Whom.MEMBERS, Scope.RECORDINGS_READ),
    "video": Told(Whom.MEMBERS, Scope.RECORDINGS_READ),
    "transcription": Told(Whom.MEMBERS, Scope.TRANSCRIPTS_READ),
    "analysis": Told(Whom.MEMBERS, Scope.TRANSCRIPTS_READ),
    "comment": Told(Whom.VIEWERS, Scope.COMMENTS_READ),
    "reaction": Told(Whom.VIEWERS, Scope.COMMENTS_READ),
    "webhook": Told(Whom.PERSON, Scope.WEBHOOKS_READ),
    "billing": Told(Whom.PERSON, Scope.WORKSPACES_READ),
    "notification": Told(Whom.PERSON, Scope.NOTIFICATIONS_READ),
}


def told(type_: str) -> Told | None:
    """None for what no client hears of."""
    family, dot, _ = type_.partition(".")
    return FAMILIES.get(family) if dot else None


def of_event(event: Event, position: int) -> str:
    """`position` is what the client sends as `lastEventId` to hear what came after."""
    return encode(event.type, event.data, id=position)


def of_error(error: ServerError, **more: Any) -> str:
    data = {"error": error.sentence, "code": error.code, "details": error.details}
    return encode("error", {name: value for name, value in data.items() if value is not None}, **more)


def encode(type_: str, data: dict[str, Any], **more: Any) -> str:
    """The specification's message: `type` and `data`; `id` or `replyTo` beside them."""
    return json.dumps({"type": type_, "data": data, **more}, separators=(",", ":"))

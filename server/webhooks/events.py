"""The events a webhook can ask for, by the names of the specification, and which of ours each comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from server.ai.events import TranscriptionEventType
from server.bus import Event
from server.processing.events import ProcessingEventType
from server.recordings.events import Change, RecordingEventType

Data = Mapping[str, Any]


class Audience(StrEnum):
    """Whose webhooks hear of an event."""

    OWNER = "owner"
    # Also those of people who administer this server.
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class Published:
    """One name of the specification. It comes from our events of the type `source` for which `when` holds."""

    name: str
    means: str
    source: str
    when: Callable[[Data], bool] = lambda _data: True
    audience: Audience = Audience.OWNER


def _changed(change: Change) -> Callable[[Data], bool]:
    return lambda data: data.get("change") == change


def _became_shared(data: Data) -> bool:
    """Turned on after all bytes were here; before that, the end of the upload tells of it."""
    return bool(data.get("shared") and data.get("uploaded") and "shared" in data.get("changed", ()))


_R, _P, _T = RecordingEventType, ProcessingEventType, TranscriptionEventType

PUBLISHED: tuple[Published, ...] = (
    Published("recording.started", "A recorder began to record.", _R.STATUS_UPDATE, _changed(Change.STARTED)),
    Published("recording.paused", "It pauses.", _R.STATUS_UPDATE, _changed(Change.PAUSED)),
    Published("recording.resumed", "It goes on after a pause.", _R.STATUS_UPDATE, _changed(Change.RESUMED)),
    Published("recording.stopped", "It is over.", _R.STATUS_UPDATE, _changed(Change.STOPPED)),
    Published(
        "recording.completed",
        "All of it is here and can be watched anywhere.",
        _R.STATUS_UPDATE,
        _changed(Change.COMPLETED),
    ),
    Published(
        "recording.failed",
        "It was refused or cannot be used; `error` says why.",
        _R.STATUS_UPDATE,
        _changed(Change.FAILED),
    ),
    Published("processing.started", "All bytes are here; work on them begins.", _P.STARTED),
    Published("processing.progress", "A step waits, runs, is done or failed.", _P.PROGRESS),
    Published("processing.completed", "No step is left to do.", _P.VIDEO_PROCESSED),
    Published("processing.failed", "A step that a viewer needs failed for good.", _P.VIDEO_FAILED),
    Published("video.created", "All bytes of a recording are here.", _R.RAW_VIDEO_UPLOADED),
    Published("video.updated", "Title, description or sharing changed.", _R.UPDATED),
    Published("video.deleted", "It is gone for good.", _R.DELETED),
    Published(
        "video.shared",
        "Whoever has the link may watch it from now on.",
        _R.RAW_VIDEO_UPLOADED,
        lambda data: bool(data.get("shared")),
    ),
    Published("video.shared", "Whoever has the link may watch it from now on.", _R.UPDATED, _became_shared),
    # Told by the modules of analytics and of accounts.
    Published("video.viewed", "Somebody watched it; counted once a visit.", "video.viewed"),
    Published("transcription.started", "The server listens to it.", _T.STARTED),
    Published("transcription.completed", "The transcript is complete.", _T.COMPLETED),
    Published("transcription.failed", "There will be no transcript; `error` says why.", _T.FAILED),
    Published(
        "user.created", "Somebody has an account now.", "user.created", audience=Audience.ADMINISTRATORS
    ),
    Published("user.updated", "An account changed.", "user.updated", audience=Audience.ADMINISTRATORS),
    Published("user.deleted", "An account is gone.", "user.deleted", audience=Audience.ADMINISTRATORS),
)

# In the order of the specification; each once.
NAMES: tuple[str, ...] = tuple(dict.fromkeys(one.name for one in PUBLISHED))
SOURCES: frozenset[str] = frozenset(one.source for one in PUBLISHED)
ALL = "*"
# What is nobody's business outside: where files lie.
_INSIDE = frozenset({"path", "outputs"})


def published(event: Event) -> list[Published]:
    """What `event` is called outside; none for most of ours."""
    return [one for one in PUBLISHED if one.source == event.type and one.when(event.data)]


def told(data: Data) -> dict[str, Any]:
    """The part of an event's data that leaves the server."""
    return {name: value for name, value in data.items() if name not in _INSIDE}


def timestamp(moment: datetime) -> str:
    """As JavaScript writes a moment: `2026-11-21T09:30:00.000Z`. `moment` is in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def chosen(events: list[str], name: str) -> bool:
    """Whether a webhook that asked for `events` hears of `name`."""
    return ALL in events or name in events

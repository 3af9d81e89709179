"""What a person sees of one recording: a value that events turn into the next value. No Qt, no I/O.

The command line's progress and the window show the same `Session`; both get it by applying the events that
`heddle record --control` emits (see docs/reference/events.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from desktop.models.told import facts, number, text, whole
from desktop.sentences import say


class Phase(StrEnum):
    """The engine's states, and what becomes of the recording when the engine has done its part."""

    STARTING = "starting"  # the engine's process comes up
    READY = "ready"
    TESTING = "testing"
    COUNTING = "counting"
    PREPARING = "preparing"
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDED = frozenset({Phase.FINISHED, Phase.CANCELLED, Phase.FAILED})
ACTIVE = frozenset(
    {Phase.TESTING, Phase.COUNTING, Phase.PREPARING, Phase.RECORDING, Phase.PAUSED, Phase.STOPPING}
)

_OF_CAMERAS = frozenset({"no_camera", "camera_lost", "camera_back"})  # codes of health events
# The engine's word for an armed engine says nothing to a person.
_PHASES = {"idle": Phase.READY} | {phase.value: phase for phase in Phase}


# The code of an upload's problem: the server takes no more recordings until there is room in the plan.
PLAN_FULL = "plan_full"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to tell: what happened, why, what to do; in the user's language, whoever said it."""

    title: str
    detail: str = ""
    hint: str = ""
    severity: str = "error"
    code: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "detail", "hint"):
            object.__setattr__(self, name, say(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class UploadView:
    """The upload as the journal last had it; sizes in bytes."""

    state: str = ""
    offset: int = 0
    size: int | None = None
    share_url: str | None = None
    link_ready_s: float | None = None
    sha256: str | None = None
    server_sha256: str | None = None
    problem: Problem | None = None


SILENCE_DB = -90.0


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud it was just now, in dB of full scale; None for what is not recorded."""

    microphone: float | None = None
    system: float | None = None

    @property
    def loudest(self) -> float:
        """Of both; silence where there is neither."""
        return max((one for one in (self.microphone, self.system) if one is not None), default=SILENCE_DB)


@dataclass(frozen=True, slots=True)
class Session:
    """One recording. Times in seconds of media time, sizes in bytes."""

    phase: Phase = Phase.STARTING
    path: str | None = None
    width: int = 0
    height: int = 0
    encoder: str = ""
    audio: bool = False
    time_s: float = 0.0
    size: int = 0
    fps: float = 0.0
    fragments: int = 0
    dropped: int = 0  # pictures left out because the encoder was behind
    late: int = 0  # moments at which the screen was not looked at in time
    upload_lag_s: float | None = None  # seconds of it that are not on the server yet
    seconds_left: int | None = None  # of a countdown
    markers: int = 0
    muted: bool = False  # the microphone
    levels: Levels = Levels()
    layout: Mapping[str, Any] | None = None  # how screen and camera share the picture, as the engine says it
    preview: Mapping[str, Any] | None = None  # where the camera can be seen: the engine's `preview` event
    test: Mapping[str, Any] | None = None  # what two seconds of these devices came to: its `test` event
    receipt: Mapping[str, Any] | None = None  # see docs/reference/events.md
    encoded: int = 0
    sha256: str | None = None
    upload: UploadView | None = None
    error: Problem | None = None
    notices: tuple[Problem, ...] = field(default=())  # health events, the newest last

    @property
    def share_url(self) -> str | None:
        """The link, as soon as there is one."""
        return self.upload.share_url if self.upload else None

    @property
    def can_pause(self) -> bool:
        """Whether a pause command makes sense now."""
        return self.phase is Phase.RECORDING

    @property
    def troubles(self) -> tuple[Problem, ...]:
        """What goes worse than it should, the newest last; what came about in good order is none."""
        return tuple(one for one in self.notices if one.severity != "info")

    @property
    def camera_gone(self) -> str:
        """What was said of a camera that gives no pictures now; empty where nothing is known against it."""
        last = next((one for one in reversed(self.notices) if one.code in _OF_CAMERAS), None)
        return last.title if last and last.severity != "info" else ""

    @property
    def can_stop(self) -> bool:
        """Whether there is something to stop."""
        return self.phase in {Phase.TESTING, Phase.COUNTING, Phase.PREPARING, Phase.RECORDING, Phase.PAUSED}


def apply(session: Session, event: Mapping[str, Any]) -> Session:
    """The session after `event`; an event it does not know changes nothing."""
    handler = _HANDLERS.get(str(event.get("event")))
    return handler(session, event) if handler else session


def _state(session: Session, event: Mapping[str, Any]) -> Session:
    phase = _PHASES.get(str(event.get("state")))
    if phase is None or (phase is Phase.READY and session.phase in ENDED):
        return session  # an engine that is ready for the next take does not undo the end of this one
    return replace(
        _counted(session, event),
        phase=phase,
        path=text(event, "path", session.path),
        width=whole(event, "width", session.width),
        height=whole(event, "height", session.height),
        encoder=text(event, "encoder", session.encoder),
        audio=bool(event.get("audio", session.audio)),
        time_s=number(event, "durationS", session.time_s),
        sha256=text(event, "sha256", session.sha256),
        receipt=facts(event, "receipt") or session.receipt,
        seconds_left=session.seconds_left if phase is Phase.COUNTING else None,
    )


def _countdown(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, seconds_left=whole(event, "secondsLeft", None))


def _marker(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, markers=whole(event, "number", session.markers + 1))


def _discarded(session: Session, _event: Mapping[str, Any]) -> Session:
    """The take was put aside and the same begins again: with figures of its own, and another link."""
    return replace(
        session, time_s=0.0, size=0, fragments=0, dropped=0, late=0, encoded=0, markers=0, muted=False,
        upload_lag_s=None, upload=None, error=None,
    )  # fmt: skip


def _muted(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, muted=bool(event.get("on")))


def _level(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(
        session, levels=Levels(number(event, "microphoneDb", None), number(event, "systemDb", None))
    )


def _layout(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, layout=_about(event))


def _preview(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, preview=_about(event) if event.get("on") else None)


def _test(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, test=_about(event))


def _about(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in {"event", "at"}}


def _stats(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(
        _counted(session, event),
        time_s=number(event, "timeS", session.time_s),
        fps=number(event, "fps", session.fps),
        upload_lag_s=number(event, "uploadLagS", session.upload_lag_s),
    )


def _counted(session: Session, event: Mapping[str, Any]) -> Session:
    """What the engine counts, as far as the event says it."""
    return replace(
        session,
        size=whole(event, "bytes", session.size),
        fragments=whole(event, "fragments", session.fragments),
        encoded=whole(event, "encoded", session.encoded),
        dropped=whole(event, "dropped", session.dropped),
        late=whole(event, "late", session.late),
    )


def _health(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, notices=(*session.notices, problem(event)))


def _error(session: Session, event: Mapping[str, Any]) -> Session:
    return replace(session, error=problem(event))


def _upload(session: Session, event: Mapping[str, Any]) -> Session:
    failure = facts(event, "error")
    return replace(
        session,
        upload=UploadView(
            state=str(event.get("state", "")),
            offset=whole(event, "offset", 0),
            size=whole(event, "size", None),
            share_url=text(event, "shareUrl", None),
            link_ready_s=number(event, "linkReadyS", None),
            sha256=text(event, "sha256", None),
            server_sha256=text(event, "serverSha256", None),
            problem=problem(failure) if failure else None,
        ),
    )


def _exit(session: Session, event: Mapping[str, Any]) -> Session:
    """The engine's process is gone. Without an end of its own that is a failure."""
    if session.phase in ENDED:
        return session
    lost = problem(event) if event.get("title") else session.error
    return replace(session, phase=Phase.FAILED, error=lost)


def problem(values: Mapping[str, Any]) -> Problem:
    """The words of a health or error event."""
    return Problem(
        title=str(values.get("title") or ""),
        detail=str(values.get("detail") or ""),
        hint=str(values.get("hint") or ""),
        severity=str(values.get("severity") or "error"),
        code=str(values.get("code") or ""),
    )


_HANDLERS = {
    "state": _state,
    "stats": _stats,
    "countdown": _countdown,
    "marker": _marker,
    "discarded": _discarded,
    "muted": _muted,
    "level": _level,
    "layout": _layout,
    "preview": _preview,
    "test": _test,
    "health": _health,
    "error": _error,
    "upload": _upload,
    "exit": _exit,
}

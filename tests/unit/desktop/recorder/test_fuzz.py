"""Whatever comes through the recorder's pipes, both sides understand it or pass it over."""

import contextlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import HeddleError
from desktop.models.devices import judged
from desktop.models.ending import ending
from desktop.models.session import Phase, Session, apply
from desktop.models.words import progress_line, receipt_text
from desktop.recorder.control import _COMMANDS, Control
from desktop.recorder.engine import event_of
from desktop.recorder.host import Host
from desktop.recorder.takes import Options
from desktop.recorder.trial import finding
from desktop.settings import Settings
from tests.support.fuzzing import JSON, fuzzed, nearly, objects

EVENTS = (
    *("state", "stats", "countdown", "marker", "discarded", "muted", "level", "layout", "preview", "test"),
    *("health", "error", "upload", "exit"),
)
FIELDS = (
    *("state", "path", "width", "height", "encoder", "audio", "durationS", "bytes", "fragments", "sha256"),
    *("encoded", "dropped", "late", "receipt", "secondsLeft", "number", "on", "microphoneDb", "systemDb"),
    *("timeS", "fps", "uploadLagS", "title", "detail", "hint", "severity", "code", "error", "offset", "size"),
    *("shareUrl", "linkReadyS", "serverSha256", "name", "ok", "reason", "peakDb", "avOffsetMs", "replaced"),
    *("black", "silent", "microphone", "markers", "soundFiles", "audioPresent"),
)
VALUE = JSON | st.sampled_from([*Phase, "idle", "bad_command", [{"timeS": 1}], [{}], {"markers": [1, {}]}])
EVENT = st.tuples(st.sampled_from(EVENTS), st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=8)).map(
    lambda one: {"event": one[0], **one[1]}
)
SAID = st.lists(EVENT.map(json.dumps) | nearly('{"event":', '"state"', "}", "[", "9" * 5000), max_size=8)


def words_of(session: Session) -> list[str]:
    """All that is said of a recording."""
    told = session.test or {}
    return [
        progress_line(session),
        receipt_text(session),
        finding(dict(told), []).detail,
        *(one.words for one in judged(told, camera=True)),
    ]


@fuzzed
@given(SAID)
def test_whatever_an_engine_says_can_be_shown(said: list[str]) -> None:
    session = Session()
    for line in said:
        event = event_of(line)
        session = session if event is None else apply(session, event)
        assert all(isinstance(one, str) for one in words_of(session))
        ending(session)


class Pipe:
    """An engine that says these lines, and hears commands."""

    def __init__(self, said: list[str]) -> None:
        events = [event for line in said if (event := event_of(line)) is not None]
        self._events = [*events, {"event": "exit", "at": 0.0, "code": 0, "detail": ""}]
        self.heard: list[str] = []

    def open(self) -> None: ...

    def close(self) -> None: ...

    def next_event(self, _timeout_s: float) -> dict[str, Any] | None:
        return self._events.pop(0) if self._events else None

    def send(self, command: str, /, **fields: object) -> None:
        self.heard.append(json.dumps({"command": command, **fields}))


@fuzzed
@given(SAID)
def test_whatever_an_engine_says_the_host_comes_to_its_end(said: list[str]) -> None:
    told: list[Mapping[str, Any]] = []
    engine: Any = Pipe(said)
    host = Host(engine, None, told.append)
    host.open()
    host.step(0)
    assert host.recorded
    assert told[-1]["event"] == "exit"


COMMANDS = st.tuples(
    st.sampled_from(_COMMANDS),
    objects("self", "name", "command", "title", "output", "region", "fps", "camera", "display", "seconds"),
).map(lambda one: {**one[1], "command": one[0]})


@fuzzed
@given(
    COMMANDS.map(json.dumps)
    | JSON.map(json.dumps)
    | nearly('{"command":', '"start"', ',"output":"', "~nobody-has-it/a", "\\u0000", "\\ud800", '"}', "[")
    | st.sampled_from(["[" * 20_000, '{"command": "start", "title": "' + "\u5f55" * 90 + '"}'])
)
def test_any_line_of_another_program_is_a_command_or_refused(line: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine: Any = Pipe(['{"event": "state", "state": "idle"}'])
        settings = Settings(recordings=Path(folder))
        control = Control(Options(control=True), lambda: settings, None, engine)
        control._host.step(0)
        with contextlib.suppress(HeddleError):
            control._carry_out(line.encode(errors="replace"))

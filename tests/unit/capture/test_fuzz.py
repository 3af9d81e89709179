"""Whatever a program writes into the recorder's stdin is followed or refused, and the recorder goes on."""

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from capture.camera.model import CameraRequest
from capture.camera.options import FIELDS as CAMERA
from capture.camera.options import parse_treatment
from capture.control import COMMANDS, Emitter, obey
from capture.errors import CaptureError
from capture.layout import parse_layout
from capture.model import StartCommand
from tests.support.fuzzing import JSON, fuzzed, nearly, objects

FIELDS = (
    *("output", "title", "fps", "display", "region", "window", "height", "audio", "microphone", "seconds"),
    *("backend", "encoder", "codec", "quality", "maxBitrate", "countdown", "selfTest", "minFreeMb", "keep"),
    *("systemAudio", "separateTracks", "microphoneGainDb", "systemGainDb", "denoise", "levels", "screen"),
    *("layout", "bubbleShape", "bubbleX", "bubbleY", "bubbleSize", "clicks", "keys", "on", *CAMERA),
)
WORDS = st.sampled_from(
    ["~", "~nobody-has-it/a.mp4", "a\0b", "\ud800", "av1", "all", "circle", "bubble", "none", "x" * 5000]
)
VALUES = JSON | WORDS | st.lists(st.integers(-3, 9) | WORDS, max_size=5)
COMMAND = st.fixed_dictionaries(
    {"command": st.sampled_from(COMMANDS)},
    optional=dict.fromkeys(FIELDS, VALUES),
).flatmap(lambda whole: st.sampled_from(sorted(whole)).map(lambda left: {**whole, left: whole[left]}))
FEW = st.tuples(st.sampled_from(COMMANDS), objects(*FIELDS)).map(lambda one: {"command": one[0], **one[1]})
LINE = (
    FEW.map(json.dumps)
    | COMMAND.map(json.dumps)
    | JSON.map(json.dumps)
    | nearly('{"command":', '"start"', "}", "{", "[", ",", '"output":"a"', "\\ud800", "NaN", "9" * 5000)
    | st.sampled_from(["[" * 20_000, '{"command":' * 20_000])
)


class Recorder:
    """Takes commands as a session does, and records nothing."""

    def __init__(self) -> None:
        self.followed: list[Any] = []
        self.refused: list[CaptureError] = []

    def refuse(self, error: CaptureError) -> None:
        self.refused.append(error)

    def start(self, command: StartCommand) -> None:
        self.followed.append(command)

    test = preview = mark = start

    def mute(self, *, on: bool) -> None:
        self.followed.append(on)

    def arrange(self, values: dict[str, Any]) -> None:
        self.followed.append(parse_layout(values))

    def treat(self, values: dict[str, Any]) -> None:
        self.followed.append(parse_treatment(values, CameraRequest()))

    def pause(self) -> None:
        self.followed.append(None)

    resume = restart = stop = cancel = pause


@fuzzed
@given(LINE)
def test_any_line_is_a_command_or_refused(line: str) -> None:
    session: Any = Recorder()
    obey(session, line)
    assert len(session.followed) + len(session.refused) == 1
    for error in session.refused:
        assert (error.code, bool(error.title), bool(error.detail)) == ("bad_command", True, True)
    for command in session.followed:
        if isinstance(command, StartCommand):
            assert command.output.is_absolute()


@fuzzed
@given(JSON | WORDS)
def test_whatever_an_event_holds_the_next_one_is_heard(value: object) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", newline="\n")
    emit = Emitter(pipe)
    emit({"event": "marker", "title": value})
    emit({"event": "state", "state": "finished"})
    pipe.seek(0)
    *_, last = pipe.read().splitlines()
    assert json.loads(last)["state"] == "finished"

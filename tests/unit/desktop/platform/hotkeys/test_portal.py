"""Global hotkeys through the desktop's portal: a real D-Bus, and a double of the portal on it."""

import queue
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desktop.models.actions import Action
from desktop.models.chords import Chord, parse
from desktop.platform.hotkeys.port import Answer, Keys
from tests.support.processes import Program
from tests.support.services import require

if sys.platform != "linux":
    pytest.skip("D-Bus", allow_module_level=True)

from desktop.platform.hotkeys import portal

WAIT_S = 10.0


def chord(text: str) -> Chord:
    found = parse(text)
    assert found is not None
    return found


WANTED = {Action.RECORD: chord("Ctrl+Shift+L"), Action.PAUSE: chord("Meta+PageUp")}


class Desktop:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.actions: queue.Queue[Action] = queue.Queue()
        self.answers: queue.Queue[Answer] = queue.Queue()
        self.keys: Keys = portal.open(self.actions.put, self.answers.put)

    def hold(self, wanted: dict[Action, Chord]) -> Answer:
        self.keys.hold(wanted)
        return self.answer()

    def answer(self) -> Answer:
        return self.answers.get(timeout=WAIT_S)


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    require("dbus-daemon")
    with tempfile.TemporaryDirectory(prefix="heddle-") as folder:
        address = f"unix:path={folder}/bus"
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        daemon = ["dbus-daemon", "--session", f"--address={address}", "--nofork", "--print-address"]
        with Program(daemon) as started:
            started.says(address)  # once it listens; its socket is there before
            yield


@contextmanager
def desktop(mode: str) -> Iterator[Desktop]:
    with Program([sys.executable, "-m", "tests.support.shortcuts_portal", mode]) as program:
        program.event("portal", call="ready")
        opened = Desktop(program)
        try:
            yield opened
        finally:
            opened.keys.close()


@pytest.mark.usefixtures("bus")
def test_keys_are_asked_for_in_the_desktops_words_and_pressed() -> None:
    with desktop("grant") as one:
        assert portal.probe() == ""
        answer = one.hold(WANTED)
        assert answer.held == WANTED.keys()
        rows = one.program.event("portal", call="BindShortcuts")["rows"]
        assert rows == {"record": "CTRL+SHIFT+l", "pause": "LOGO+Page_Up"}
        one.program.send(press="pause")
        assert one.actions.get(timeout=WAIT_S) is Action.PAUSE
        one.program.send(press="something of another version")
        one.program.send(press="record")
        assert one.actions.get(timeout=WAIT_S) is Action.RECORD


@pytest.mark.usefixtures("bus")
def test_other_keys_are_another_session() -> None:
    with desktop("grant") as one:
        one.hold(WANTED)
        assert one.hold({Action.RECORD: chord("F9")}).held == {Action.RECORD}
        one.program.event("portal", call="Close")
        one.program.event("portal", call="BindShortcuts", rows={"record": "F9"})


@pytest.mark.usefixtures("bus")
def test_keys_of_the_persons_own_choice_are_named_and_the_rest_is_refused() -> None:
    with desktop("some") as one:
        answer = one.hold(WANTED)
        assert answer.named == {Action.RECORD: "Hyper+Y"}
        assert answer.refused == {Action.PAUSE: "The desktop did not give it."}


@pytest.mark.usefixtures("bus")
def test_a_no_is_told() -> None:
    with desktop("refuse") as one:
        assert "declined" in one.hold(WANTED).refused[Action.RECORD]


@pytest.mark.usefixtures("bus")
def test_keys_that_the_desktop_takes_back_are_told() -> None:
    with desktop("grant") as one:
        one.hold(WANTED)
        one.program.send(press="close")
        assert "took them back" in one.answer().refused[Action.RECORD]


@pytest.mark.usefixtures("bus")
def test_a_desktop_without_the_portal_says_so() -> None:
    assert "global shortcuts" in portal.probe()

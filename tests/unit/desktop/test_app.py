"""The window and what is behind it, with a real recorder process around an engine without a screen."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import fake_engine
from tests.support.desktop import open_desk
from tests.support.processes import Program, wait_until
from tests.support.services import Screen, require

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication

from desktop.app import App, icon
from desktop.bridge import RecorderBridge
from desktop.controllers import recording
from desktop.controllers.launcher import LauncherController
from desktop.instance import address
from desktop.models.actions import Action
from desktop.models.session import Phase
from desktop.views.control_bar import ControlBar
from desktop.views.launcher.window import LauncherWindow

# What `heddle record --control` does, around an engine without a screen and a journal without a server.
HOST = """
import sys
from desktop.settings import Settings
from desktop.recorder.control import Control
from desktop.recorder.engine import Engine
from desktop.recorder.takes import Options
engine = Engine([sys.executable, *sys.argv[1:]])
sys.exit(Control(Options(control=True, upload=False), Settings, None, engine).run())
"""


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    host = tmp_path / "host.py"
    host.write_text(HOST)
    return [sys.executable, str(host), fake_engine.__file__]


@pytest.fixture
def app(qapp: Any, command: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    # What the launcher looks at is tested where it is; here it would only take time.
    monkeypatch.setattr(LauncherController, "_look", lambda _self: None)
    opened = App(qapp, command)
    opened.open()
    yield opened
    opened.close()
    opened.deleteLater()


def wait(qtbot: Any, app: App, phase: Phase) -> None:
    qtbot.waitUntil(lambda: app.bridge.session.phase is phase, timeout=15_000)


def shown(app: App) -> LauncherWindow:
    window = app.launcher.window
    assert window is not None
    return window


def bar(app: App) -> ControlBar:
    assert app.overlays.bar is not None
    return app.overlays.bar


def test_a_recording_by_its_buttons_ends_in_a_file(app: App, qtbot: Any, heddle_home: Path) -> None:
    wait(qtbot, app, Phase.READY)
    shown(app).title.setText("Weekly")
    shown(app).record.click()
    assert not shown(app).isVisible()
    wait(qtbot, app, Phase.RECORDING)
    assert bar(app).isVisible()
    bar(app).pause.click()
    wait(qtbot, app, Phase.PAUSED)
    bar(app).pause.click()
    wait(qtbot, app, Phase.RECORDING)
    bar(app).mute.click()
    qtbot.waitUntil(lambda: app.bridge.session.muted, timeout=15_000)
    bar(app).marker.click()
    qtbot.waitUntil(lambda: app.bridge.session.markers == 1, timeout=15_000)
    bar(app).stop.click()
    wait(qtbot, app, Phase.FINISHED)
    [video] = (heddle_home / "recordings").glob("*.mp4")
    assert video.stem.endswith("Weekly")
    assert not bar(app).isVisible()
    assert shown(app).record.isEnabled()


def test_one_action_starts_and_stops(
    app: App, qtbot: Any, heddle_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "TWICE_S", 0.0)  # nobody waits here between two presses
    for count in (1, 2):
        app.context.actions.perform(Action.RECORD)
        wait(qtbot, app, Phase.RECORDING)
        assert not shown(app).isVisible()  # nothing to be recorded, whoever began
        app.context.actions.perform(Action.RECORD)
        wait(qtbot, app, Phase.FINISHED)
        assert len(list((heddle_home / "recordings").glob("*.mp4"))) == count


def test_closing_the_last_window_finishes_the_recording(app: App, qtbot: Any, heddle_home: Path) -> None:
    shown(app).record.click()
    wait(qtbot, app, Phase.RECORDING)
    app.quit()
    wait(qtbot, app, Phase.FINISHED)
    qtbot.waitUntil(lambda: app.launcher.window is None, timeout=5000)


def test_quitting_is_seen_before_what_is_let_go_of(
    app: App, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(qtbot, app, Phase.READY)
    seen: list[bool] = []
    release = app.bridge.release

    def let_go() -> None:
        seen.append(any(one.isVisible() for one in QApplication.topLevelWidgets()))
        release()

    monkeypatch.setattr(app.bridge, "release", let_go)
    app.quit()
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert seen == [False]


def test_without_a_tray_closing_the_window_ends_the_app(app: App, qtbot: Any, qapp: Any) -> None:
    wait(qtbot, app, Phase.READY)
    with qtbot.waitSignal(qapp.aboutToQuit, raising=False, timeout=100):
        shown(app).reject()
    qtbot.waitUntil(lambda: app.bridge._current is None, timeout=5000)


def test_a_recorder_that_dies_is_told_in_words(qtbot: Any) -> None:
    bridge = RecorderBridge([sys.executable, "-c", "import sys; sys.exit('no ground')"])
    with qtbot.waitSignal(bridge.ended, timeout=15_000):
        bridge.arm()
    error = bridge.session.error
    assert error is not None
    assert error.title
    assert "no ground" in error.detail


def test_the_mark_is_found(qapp: Any) -> None:
    assert not icon().isNull()


def test_lines_that_are_no_events_are_left_alone(qtbot: Any) -> None:
    noise = f"print('hello'); print({json.dumps(json.dumps({'event': 'state', 'state': 'idle'}))})"
    bridge = RecorderBridge([sys.executable, "-c", noise])
    with qtbot.waitSignal(bridge.ended, timeout=15_000):
        bridge.arm()
    assert bridge.session.phase is Phase.FAILED  # it went away; the noise itself did no harm


START = [sys.executable, "-m", "desktop", "app"]


def windows(title: str) -> list[str]:
    """The numbers of those that are seen now. One that goes while it looks makes xdotool fail."""
    find = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
    return subprocess.run(find, capture_output=True, text=True, timeout=30, check=False).stdout.split()


def found(title: str) -> str:
    """Its number, once it is there."""
    return str(wait_until(lambda: windows(title), timeout_s=60, what=f"the window {title!r}", poll_s=0.1)[-1])


def test_there_is_one_app_which_second_starts_talk_to(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    require("xdotool")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with Program([*START, "heddle://quit"]) as first:
        found("Heddle: message")  # why it does not follow this link
        found("Heddle")
        for second in (["--do", "settings"], ["heddle://settings"]):
            assert subprocess.run([*START, *second], timeout=30, check=False).returncode == 0
        found("Heddle: settings")
        refused = subprocess.run([*START, "heddle://quit"], timeout=30, check=False, capture_output=True)
        assert refused.returncode == 2
        assert b"heddle://quit" in refused.stderr
        assert first.running
        assert subprocess.run([*START, "--do", "quit"], timeout=30, check=False).returncode == 0
        assert first.wait(20) == 0


def test_a_link_that_starts_the_app_opens_its_window_alone(
    xvfb: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("xdotool")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with (
        open_desk(xvfb, tmp_path / "desk") as desk,
        Program([*START, "heddle://settings"], env=desk.env) as app,
    ):
        found("Heddle: settings")
        assert windows("Heddle") == []
        subprocess.run([*START, "--do", "launcher"], env={**os.environ, **desk.env}, timeout=30, check=True)
        found("Heddle")
        assert app.running


def test_why_it_does_not_start_is_said_in_a_window(
    xvfb: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("xdotool")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("HEDDLE_HOME", str(tmp_path / "film.mp4"))
    (tmp_path / "film.mp4").touch()
    with Program(START) as app:
        # It is gone before the key is let go, of which xdotool complains.
        subprocess.run(["xdotool", "key", "--window", found("Heddle"), "Return"], timeout=30, check=False)
        assert app.wait(20) == 1
        assert "film.mp4" in app.stderr


def test_the_app_ends_in_order_when_it_is_asked_to(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with Program([*START, "--background"]) as opened:
        wait_until(hand_over_possible, timeout_s=30, what="an app that answers")
        opened.popen.terminate()
        assert opened.wait(20) == 0


def hand_over_possible() -> bool:
    """Whether an app listens, without asking it for anything."""
    socket = QLocalSocket()
    socket.connectToServer(address())
    return socket.waitForConnected(100)

"""The window and what is behind it, with a real recorder process around an engine without a screen."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import fake_engine
from tests.support.services import Screen, require

pytest.importorskip("PySide6.QtWidgets")

from desktop.app import App, icon
from desktop.bridge import RecorderBridge
from desktop.models.session import Phase, Session, UploadView
from desktop.views.recorder import RecorderWindow

# What `heddle record --control` does, around an engine without a screen and a journal without a server.
HOST = """
import sys
from desktop.settings import Settings
from desktop.recorder.control import Control
from desktop.recorder.engine import Engine
from desktop.recorder.takes import Options
engine = Engine([sys.executable, *sys.argv[1:]])
sys.exit(Control(Options(control=True, upload=False), Settings(), None, engine).run())
"""


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    host = tmp_path / "host.py"
    host.write_text(HOST)
    return [sys.executable, str(host), fake_engine.__file__]


@pytest.fixture
def app(qapp: Any, command: list[str]) -> Iterator[App]:
    opened = App(qapp, command)
    opened.open()
    yield opened
    opened.close()
    opened.window.deleteLater()
    opened.deleteLater()


def wait(qtbot: Any, app: App, phase: Phase) -> None:
    qtbot.waitUntil(lambda: app.bridge.session.phase is phase, timeout=15_000)


def test_a_recording_by_its_buttons_ends_in_a_file(app: App, qtbot: Any, heddle_home: Path) -> None:
    wait(qtbot, app, Phase.READY)
    app.window.title.setText("Weekly")
    app.window.record.click()
    wait(qtbot, app, Phase.RECORDING)
    app.window.pause.click()
    wait(qtbot, app, Phase.PAUSED)
    app.window.pause.click()
    wait(qtbot, app, Phase.RECORDING)
    app.window.stop.click()
    wait(qtbot, app, Phase.FINISHED)
    [video] = (heddle_home / "recordings").glob("*.mp4")
    assert video.stem.endswith("Weekly")
    assert app.window.record.isEnabled()


def test_a_second_recording_follows_the_first(app: App, qtbot: Any, heddle_home: Path) -> None:
    for count in (1, 2):
        app.window.record.click()
        wait(qtbot, app, Phase.RECORDING)
        app.window.stop.click()
        wait(qtbot, app, Phase.FINISHED)
        assert len(list((heddle_home / "recordings").glob("*.mp4"))) == count


def test_closing_the_last_window_finishes_the_recording(app: App, qtbot: Any, heddle_home: Path) -> None:
    app.window.record.click()
    wait(qtbot, app, Phase.RECORDING)
    app.quit()
    wait(qtbot, app, Phase.FINISHED)
    qtbot.waitUntil(lambda: not app.window.isVisible(), timeout=5000)


def test_a_recorder_that_dies_is_told_in_words(qtbot: Any) -> None:
    bridge = RecorderBridge([sys.executable, "-c", "import sys; sys.exit('no ground')"])
    with qtbot.waitSignal(bridge.ended, timeout=15_000):
        bridge.arm()
    error = bridge.session.error
    assert error is not None
    assert error.title
    assert "no ground" in error.detail


def test_the_window_shows_the_session_and_nothing_else(qtbot: Any) -> None:
    window = RecorderWindow()
    qtbot.addWidget(window)
    upload = UploadView(state="sending", offset=50, share_url="http://h/s/1")
    window.show_session(Session(phase=Phase.RECORDING, path="/a.mp4", time_s=67, size=200, upload=upload))
    assert window.elapsed.text() == "1:07"
    assert window.link.text() == "http://h/s/1"
    assert window.upload.value() == 250
    assert (window.record.isEnabled(), window.pause.isEnabled(), window.stop.isEnabled()) == (
        False,
        True,
        True,
    )


def test_copy_puts_the_link_on_the_clipboard(qtbot: Any, qapp: Any) -> None:
    window = RecorderWindow()
    qtbot.addWidget(window)
    window.show_session(Session(phase=Phase.RECORDING, upload=UploadView(share_url="http://h/s/1")))
    window.copy.click()
    assert qapp.clipboard().text() == "http://h/s/1"


def test_everything_has_a_name_for_screen_readers(qtbot: Any) -> None:
    window = RecorderWindow()
    qtbot.addWidget(window)
    parts = SimpleNamespace(**vars(window))
    named = [part.accessibleName() for part in vars(parts).values() if hasattr(part, "accessibleName")]
    assert len(named) == 10
    assert all(named)
    assert len(set(named)) == len(named)


def test_the_mark_is_found(qapp: Any) -> None:
    assert not icon().isNull()


def test_lines_that_are_no_events_are_left_alone(qtbot: Any) -> None:
    noise = f"print('hello'); print({json.dumps(json.dumps({'event': 'state', 'state': 'idle'}))})"
    bridge = RecorderBridge([sys.executable, "-c", noise])
    with qtbot.waitSignal(bridge.ended, timeout=15_000):
        bridge.arm()
    assert bridge.session.phase is Phase.FAILED  # it went away; the noise itself did no harm


def test_the_app_opens_on_an_x_display_and_leaves_when_asked(xvfb: Screen) -> None:
    require("xdotool")
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb"}
    with subprocess.Popen([sys.executable, "-m", "desktop", "app"], env=environment) as opened:
        find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Heddle$"]
        found = subprocess.run(find, capture_output=True, text=True, timeout=30, check=True)
        opened.terminate()
        assert found.stdout.strip()
        assert opened.wait(20) == 0

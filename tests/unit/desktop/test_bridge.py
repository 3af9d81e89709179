"""The app's end of the recorder, with a real `heddle record --control` around an engine without a screen."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import fake_engine

pytest.importorskip("PySide6.QtWidgets")

from desktop.bridge import RecorderBridge
from desktop.models.session import Phase
from tests.unit.desktop.test_app import HOST


@pytest.fixture
def bridge(qapp: Any, tmp_path: Path) -> Iterator[RecorderBridge]:
    host = tmp_path / "host.py"
    host.write_text(HOST)
    opened = RecorderBridge([sys.executable, str(host), fake_engine.__file__])
    opened.arm()
    yield opened
    opened.release()
    opened.deleteLater()


def reached(qtbot: Any, bridge: RecorderBridge, phase: Phase) -> None:
    qtbot.waitUntil(lambda: bridge.session.phase is phase, timeout=15_000)


def test_a_take_obeys_every_command(bridge: RecorderBridge, qtbot: Any) -> None:
    bridge.preview(on=True)
    qtbot.waitUntil(lambda: bridge.session.preview is not None, timeout=15_000)
    bridge.test({"microphone": "this one"})
    qtbot.waitUntil(lambda: bridge.session.test is not None, timeout=15_000)
    assert bridge.session.test == {"ok": True, "microphone": "this one"}
    bridge.start({"title": "All", "levels": True})
    reached(qtbot, bridge, Phase.RECORDING)
    bridge.mute(on=True)
    qtbot.waitUntil(lambda: bridge.session.muted, timeout=15_000)
    bridge.mark("Here")
    qtbot.waitUntil(lambda: bridge.session.markers == 1, timeout=15_000)
    bridge.layout({"layout": "camera"})
    qtbot.waitUntil(lambda: bridge.session.layout == {"layout": "camera"}, timeout=15_000)
    assert bridge.session.levels.loudest == -20
    bridge.restart()
    qtbot.waitUntil(lambda: bridge.session.markers == 0, timeout=15_000)
    reached(qtbot, bridge, Phase.RECORDING)
    bridge.cancel()
    reached(qtbot, bridge, Phase.CANCELLED)


def test_commands_without_a_take_are_no_trouble(bridge: RecorderBridge, qtbot: Any) -> None:
    reached(qtbot, bridge, Phase.READY)
    bridge.stop()
    bridge.cancel()
    bridge.restart()
    bridge.mute(on=True)
    bridge.mark()
    bridge.pause_or_resume()
    bridge.start({"title": "First"})
    reached(qtbot, bridge, Phase.RECORDING)
    assert bridge.session.error is None


def test_the_next_recorder_is_ready_when_a_take_ends(bridge: RecorderBridge, qtbot: Any) -> None:
    bridge.start({})
    reached(qtbot, bridge, Phase.RECORDING)
    bridge.stop()
    reached(qtbot, bridge, Phase.FINISHED)
    qtbot.waitUntil(
        lambda: bridge._next is not None and bridge._next.session.phase is Phase.READY, timeout=15_000
    )
    path = bridge.session.path
    bridge.arm()
    assert bridge.session.phase is Phase.READY
    bridge.start({})
    reached(qtbot, bridge, Phase.RECORDING)
    assert bridge.session.path != path


def test_a_start_that_is_stopped_before_the_recorder_is_ready_does_not_begin(
    bridge: RecorderBridge, qtbot: Any
) -> None:
    bridge.start({})
    bridge.stop()
    reached(qtbot, bridge, Phase.READY)
    bridge.start({})
    reached(qtbot, bridge, Phase.RECORDING)


def test_a_program_that_is_not_there_is_told_in_words(qtbot: Any) -> None:
    bridge = RecorderBridge(["/nowhere/heddle"])
    with qtbot.waitSignal(bridge.ended, timeout=15_000):
        bridge.arm()
    assert bridge.session.phase is Phase.FAILED
    assert bridge.session.error is not None
    bridge.release()


def test_another_server_renews_a_recorder_that_waits_and_none_that_records(
    bridge: RecorderBridge, qtbot: Any
) -> None:
    reached(qtbot, bridge, Phase.READY)
    waiting = bridge._current
    bridge.renew()
    assert bridge._current is not waiting
    bridge.start({"title": "On the new one"})
    reached(qtbot, bridge, Phase.RECORDING)
    recording = bridge._current
    bridge.renew()
    bridge.stop()
    reached(qtbot, bridge, Phase.FINISHED)
    assert bridge._current is recording
    qtbot.waitUntil(lambda: bridge._next is not None, timeout=15_000)
    ready = bridge._next
    bridge.renew()
    assert bridge._next not in (None, ready)

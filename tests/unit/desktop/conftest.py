"""What every test of the app stands on: one application without a screen, and no widget left behind."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.services import require


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """One application serves every test, so it cannot live on the screen of one of them."""
    return ["heddle", "-platform", "offscreen"]


@pytest.fixture(autouse=True)
def no_left_widgets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves a window behind. (Threads and processes: `no_leaks`, for every test.)"""
    before = {id(widget) for widget in _windows()}
    yield
    left = [widget for widget in _windows() if id(widget) not in before]
    words = [f"{type(widget).__name__} {widget.windowTitle()!r}" for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    if words:
        pytest.fail(f"{request.node.nodeid} left behind: {', '.join(words)}", pytrace=False)


@pytest.fixture
def bus(no_leaks: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of this test alone, and no system bus."""
    require("dbus-daemon")
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    ) as daemon:
        assert daemon.stdout
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
        monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
        yield address
        daemon.terminate()


def _windows() -> list[Any]:
    """Top-level widgets that somebody made and nobody gave away, once what was deleted is gone. A test that
    never loads Qt is not made to."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets.QApplication.instance() if widgets else None
    if widgets is None or application is None:
        return []
    core = sys.modules["PySide6.QtCore"]
    application.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    application.processEvents()
    return list(application.topLevelWidgets())

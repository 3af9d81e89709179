"""The window of `heddle app` opens on a real screen and its engine records."""

from pathlib import Path

import pytest

from tests.support.processes import Program, wait_until
from tests.support.recorder import BIN
from tests.support.services import Screen, require, unavailable


def windows(screen: Screen) -> list[str]:
    """Titles of the visible windows."""
    from Xlib.display import Display

    display = Display(screen.name)
    try:
        children = display.screen().root.query_tree().children
        names = [window.get_wm_name() for window in children if window.get_attributes().map_state]
        return [str(name) for name in names if name]
    finally:
        display.close()


@pytest.mark.parametrize("xvfb", [(1024, 768)], indirect=True, ids=["xga"])
def test_the_window_opens_and_closes_without_a_word_of_trouble(xvfb: Screen, heddle_home: Path) -> None:
    try:
        import desktop.app  # noqa: F401 - whether it can be
    except ImportError:
        unavailable("this build has no window yet")
    require("xdotool")
    with Program([BIN / "heddle", "app"], env={"QT_QPA_PLATFORM": "xcb"}) as app:

        def probe() -> bool:
            assert app.running, app.stderr
            return any("Heddle" in name for name in windows(xvfb))

        wait_until(probe, timeout_s=30, what="a window titled Heddle", poll_s=0.2)
        app.popen.terminate()
        app.wait(20)
        assert "Traceback" not in app.stderr

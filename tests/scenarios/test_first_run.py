"""The first start of the app on a bare home: by keys and mouse to a private server, and a film on it."""

import json
import re
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support import films
from tests.support.processes import Program, wait_until
from tests.support.recorder import BIN
from tests.support.services import Pulse, Screen, require
from uploader import manager
from uploader.lock import is_held

LOCK = Path("server", "server.lock")
PATIENCE_S = 90.0


class Keyboard:
    """Presses keys in the window of this title, as whoever sits before it; there is no window manager."""

    def __init__(self, title: str) -> None:
        command = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{title}$"]
        found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        self.window = found.stdout.split()[0]
        self._xdotool("windowraise", self.window, "windowfocus", "--sync", self.window)

    def press(self, *keys: str) -> None:
        self._xdotool("key", "--clearmodifiers", "--delay", "50", *keys)

    def click(self, from_right: int, from_bottom: int) -> None:
        """The left button, so many pixels from the window's corner."""
        told = subprocess.run(
            ["xdotool", "getwindowgeometry", "--shell", self.window],
            capture_output=True, text=True, timeout=30, check=True,
        ).stdout  # fmt: skip
        place = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", told)}
        x = place["X"] + place["WIDTH"] - from_right
        y = place["Y"] + place["HEIGHT"] - from_bottom
        self._xdotool("mousemove", "--sync", str(x), str(y), "click", "1")

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], timeout=30, check=True)


@pytest.mark.parametrize("xvfb", [(1280, 900)], indirect=True, ids=["1280x900"])
def test_from_nothing_to_a_recording_on_a_server_of_one_s_own(
    xvfb: Screen, pulse: Pulse, heddle_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEDDLE_ASSISTANT")
    require("xdotool")
    pytest.importorskip("PySide6.QtWidgets")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {"QT_QPA_PLATFORM": "xcb", "TMPDIR": str(temporary)}
    with Program([BIN / "heddle", "app"], env=env) as app:
        keyboard = Keyboard("Set up Heddle")
        keyboard.press("alt+p")  # Start my private server
        url = wait_until(lambda: _paired(heddle_home), timeout_s=PATIENCE_S, what="the private server")
        _upload(url, tmp_path / "film.mp4")
        keyboard.click(40, 20)  # Next
        _reached(heddle_home, "permissions")
        app.kill()  # nothing is lost: not the server, not how far somebody came
    assert httpx.get(f"{url}/health/live", trust_env=False).is_success

    with Program([BIN / "heddle", "app"], env=env) as app:
        keyboard = Keyboard("Set up Heddle")
        keyboard.press("alt+n")
        _reached(heddle_home, "devices")
        keyboard.press("alt+t")  # Record two seconds
        wait_until(
            lambda: list(temporary.glob("heddle-look-*/test.mp4")), timeout_s=PATIENCE_S, what="two seconds"
        )
        keyboard.press("alt+f")  # Finish
        wait_until(lambda: _progress(heddle_home).get("done"), timeout_s=30, what="the end")
        wait_until(lambda: not list(temporary.glob("heddle-look-*")), timeout_s=30, what="a tidy folder")
        assert _paired(heddle_home) == url
        app.popen.terminate()
        assert app.wait(30) == 0
        assert "Traceback" not in app.stderr
    wait_until(lambda: not is_held(heddle_home / LOCK), timeout_s=30, what="the server's end")
    manager.stop(heddle_home / "journal.db")  # it would linger for more to send


def _upload(url: str, video: Path) -> None:
    """A film, and its link, which opens."""
    video.write_bytes(films.growing(2.0))
    told = subprocess.run(
        [BIN / "heddle", "upload", video, "--title", "Arrived", "--json"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    link = re.search(re.escape(url) + r"/s/[\w-]+", told.stdout)
    assert link, told.stdout
    assert "Arrived" in httpx.get(link[0], trust_env=False, follow_redirects=True).text


def _paired(home: Path) -> str | None:
    """The address, once the app has signed in and kept it."""
    config = home / "config.toml"
    found = re.search(r'^server = "(.+)"', config.read_text(), re.MULTILINE) if config.exists() else None
    signed_in = (home / "credentials.json").exists()
    return found[1] if found and signed_in else None


def _progress(home: Path) -> dict[str, object]:
    try:
        return dict(json.loads((home / "first-run.json").read_text()))
    except (OSError, ValueError):
        return {}


def _reached(home: Path, step: str) -> None:
    wait_until(lambda: _progress(home).get("step") == step, timeout_s=30, what=f"the step {step}")

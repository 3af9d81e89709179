"""What a crash leaves is offered at the app's next start, in one window, by mouse on a desktop of its own: a
crash of the app, one of its recorder, and one of everything at once, the private server among it.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop.models import private_server
from tests.support import media
from tests.support.desktop import Desk, open_desk
from tests.support.processes import Program, children, wait_until
from tests.support.recorder import journal_rows, kill_workers
from tests.support.servers import Server
from tests.support.services import Pulse, Screen
from uploader import manager
from uploader.lock import is_held

pytest.importorskip("PySide6.QtWidgets")

LAUNCHER, RECOVERED = "Heddle", "Heddle: recovered recordings"
OF_APP, OF_RECORDER, OF_ALL = "The app died", "The recorder died", "All of it died"
DESKTOP = (0x33, 0x66, 0x99)
LOOKED_AT_S = 3.0
LOOKS = 10  # at a film that was started, before it is started again
NEAR = 30  # of 255: a film's colours are not quite those of the screen
PATIENCE_S = 90.0
ENV = {
    "HEDDLE_TRANSCRIBE": "off",
    "HEDDLE_SKIP_STEPS": "storyboard,preview,waveform,download,audio,scenes",
}


@pytest.fixture
def desk(xvfb: Screen, pulse: Pulse, heddle_home: Path, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(xvfb, tmp_path / "desk") as opened:
        yield opened


def begin(desk: Desk, title: str) -> None:
    """By the launcher; once the link is there, and a film long enough to be looked at."""
    desk.hotkey("launcher", "alt+shift+l")
    desk.window(LAUNCHER)
    desk.focus(LAUNCHER)
    desk.click("Title of the recording")
    desk.type(title)
    seen = len(desk.view()["phases"])
    desk.keys("Return")
    desk.phase("recording", after=seen)
    wait_until(
        lambda: desk.view()["link"] and desk.view()["timeS"] > LOOKED_AT_S,
        timeout_s=PATIENCE_S,
        what="a link and a film",
    )


def recorder(app: Program, title: str) -> psutil.Process:
    """The engine that writes this recording."""
    for process in children(app.pid):
        if process.cmdline()[-1] == "--control" and any(title in one.path for one in process.open_files()):
            return process
    raise AssertionError(f"nobody writes {title}")


def kill_all(app: Program, home: Path) -> None:
    """As a computer that loses its power."""
    card = private_server.card(home)
    assert card
    server = psutil.Process(card.pid)
    for process in [psutil.Process(app.pid), server, *children(app.pid), *children(server.pid)]:
        process.kill()
    kill_workers(home)
    server.wait(PATIENCE_S)


def offered(desk: Desk, title: str) -> None:
    """It is in the window, plays there, and arrives at the server."""
    desk.focus(RECOVERED)

    def seen() -> bool:
        """At its end there is black."""
        desk.click(f"Play {title}")
        return any(shown() for _ in range(LOOKS))

    def shown() -> bool:
        place = desk.view()["windows"][RECOVERED].get(title)
        picture = desk.shot().getpixel((place["x"], place["y"])) if place else (0, 0, 0)
        return all(abs(one - other) < NEAR for one, other in zip(picture, DESKTOP, strict=True))

    wait_until(seen, timeout_s=PATIENCE_S, what=f"the film of {title}", poll_s=0.2)
    wait_until(
        lambda: desk.control(f"What became of {title}")["text"] == "It is on the server.",
        timeout_s=PATIENCE_S,
        what=f"{title} on the server",
    )


def keep_all(desk: Desk) -> None:
    desk.click("Keep all")
    desk.window(RECOVERED, there=False)


def check_server(home: Path, titles: set[str]) -> None:
    """Has all of them, byte for byte, and they play."""
    card = private_server.card(home)
    assert card
    server = Server(home / "server")
    server.connect(card.url)
    with server.api:
        rows = journal_rows(home)
        assert {row["title"] for row in rows} == titles
        for row in rows:
            recording = server.wait_status(row["recording_id"], "completed")
            assert recording["sha256"] == media.sha256(Path(row["path"]))
            assert media.decode_errors(Path(row["path"])) == ""


@pytest.mark.timeout(600)
def test_a_crash_of_app_recorder_or_server_is_offered_as_recovered(desk: Desk, heddle_home: Path) -> None:
    settings = heddle_home / "config.toml"
    settings.write_text("private_server = true\nfps = 10\n")
    with desk.app(ENV) as app:
        wait_until(
            lambda: tomllib.loads(settings.read_text()).get("server"), timeout_s=PATIENCE_S, what="a server"
        )
        begin(desk, OF_APP)
        app.kill()
    with desk.app(ENV, first=RECOVERED) as app:
        offered(desk, OF_APP)
        keep_all(desk)
        begin(desk, OF_RECORDER)
        seen = len(desk.view()["phases"])
        recorder(app, OF_RECORDER).kill()
        desk.phase("failed", after=seen)
        begin(desk, OF_ALL)
        kill_all(app, heddle_home)
    with desk.app(ENV, first=RECOVERED) as app:
        offered(desk, OF_RECORDER)
        offered(desk, OF_ALL)
        keep_all(desk)
        check_server(heddle_home, {OF_APP, OF_RECORDER, OF_ALL})
        app.popen.terminate()
        assert app.wait(PATIENCE_S) == 0, app.stderr[-2000:]
        assert "Traceback" not in app.stderr
    lock = private_server.lock_file(heddle_home)
    wait_until(lambda: not is_held(lock), timeout_s=PATIENCE_S, what="the server's end")
    manager.stop(heddle_home / "journal.db")  # it would linger for more to send

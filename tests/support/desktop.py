"""A desktop of its own for a test: a screen, a window manager, a tray, a session bus, a mouse, a keyboard.

`with open_desk(screen, folder) as desk:` and then `desk.app()` is the real app, seen through
`tests/support/watched_app.py`, so that `desk.click("Stop recording")` finds what a person would.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageGrab

from tests.support.processes import Program, wait_until
from tests.support.services import Screen, require

PATIENCE_S = 90.0  # also for a private server that starts on a busy machine
PROGRAMS = ("openbox", "trayer", "xdotool", "xclip", "xsetroot", "dbus-daemon")


class Desk:
    """`screen` is under the mouse and the keyboard; `env` is what programs on it need."""

    def __init__(self, screen: Screen, folder: Path, bus: str) -> None:
        self.screen, self._folder = screen, folder
        self.env = {**screen.env, "DBUS_SESSION_BUS_ADDRESS": bus, "QT_QPA_PLATFORM": "xcb"}
        self.env["XDG_RUNTIME_DIR"] = str(folder)
        self._view = folder / "view.json"

    @contextmanager
    def app(self, env: Mapping[str, str] | None = None, *, first: str = "Heddle") -> Iterator[Program]:
        """`heddle app`, once its `first` window is there: the launcher, or else the assistant."""
        self._view.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.support.watched_app", self._view]
        with Program(command, env={**self.env, **(env or {})}, log_folder=self._folder) as program:

            def up() -> bool:
                assert program.running, program.stderr[-3000:]
                return first in self.view().get("windows", {})

            wait_until(up, timeout_s=PATIENCE_S, what=f"the window {first!r}", poll_s=0.05)
            yield program

    def view(self) -> dict[str, Any]:
        """What the app shows now; see `watched_app.py`."""
        try:
            return dict(json.loads(self._view.read_text()))
        except FileNotFoundError:
            return {}

    def phase(self, name: str, *, after: int = 0) -> float:
        """Waits until the recording is in this phase, after the first `after` phases; since when (Unix)."""
        return wait_until(
            lambda: next((at for phase, at in self.view()["phases"][after:] if phase == name), None),
            timeout_s=PATIENCE_S,
            what=f"the phase {name}; there were {self.view().get('phases')}",
            poll_s=0.05,
        )

    def control(self, name: str) -> dict[str, Any]:
        """A visible control that can be used, by its name for screen readers, once it stays where it is."""
        seen: tuple[int, dict[str, Any] | None] = (0, None)

        def find() -> dict[str, Any] | None:
            nonlocal seen
            view = self.view()
            every = (controls.get(name) for controls in view.get("windows", {}).values())
            now = next((one for one in every if one), None)
            number, before = seen
            if view.get("number", 0) > number:
                seen = (view["number"], now)
                return dict(now) if now and now == before else None
            return None

        return wait_until(find, timeout_s=PATIENCE_S, what=f"the control {name!r}", poll_s=0.05)

    def window(self, title: str, *, there: bool = True) -> None:
        """Waits until a window with this title is there, or is not any more."""
        wait_until(
            lambda: (title in self.view().get("windows", {})) is there,
            timeout_s=PATIENCE_S,
            what=f"{'a' if there else 'no'} window {title!r}",
            poll_s=0.05,
        )

    def active(self, title: str) -> None:
        """Waits until the window with this title has the keyboard."""
        wait_until(
            lambda: self.view()["active"] == title,
            timeout_s=PATIENCE_S,
            what=f"the keyboard of {title!r}; it is in {self.view()['active']!r}",
            poll_s=0.05,
        )

    def click(self, name: str) -> None:
        """The left button on a control."""
        place = self.control(name)
        self._point(place["x"], place["y"])
        self._xdotool("click", "1")

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """From one pixel of the screen to another with the left button down."""
        halfway = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        self._point(*start)
        self._xdotool("mousedown", "1")
        for place in (halfway, end):
            self._point(*place)
        self._xdotool("mouseup", "1")

    def keys(self, *chords: str) -> None:
        """Such as `ctrl+shift+l`, to whatever has the keyboard."""
        self._xdotool("key", "--clearmodifiers", *chords)

    def hotkey(self, action: str, chord: str) -> float:
        """The keys of an action, once they are the app's, wherever the keyboard is; when (Unix)."""
        wait_until(
            lambda: action in self.view()["held"], timeout_s=PATIENCE_S, what=f"{action} is held", poll_s=0.05
        )
        pressed = time.time()
        self.keys(chord)
        return pressed

    def type(self, text: str) -> None:
        self._xdotool("type", text)

    def focus(self, title: str) -> None:
        """Gives the keyboard to the window with exactly this title."""
        self._xdotool("search", "--sync", "--onlyvisible", "--name", f"^{title}$", "windowactivate", "--sync")

    def clipboard(self) -> str:
        """What another program would paste; empty where there is nothing."""
        command = ["xclip", "-selection", "clipboard", "-o"]
        done = subprocess.run(
            command, env={**os.environ, **self.env}, capture_output=True, text=True, timeout=10, check=False
        )
        return done.stdout

    def shot(self) -> Image.Image:
        """The whole screen."""
        return ImageGrab.grab(xdisplay=self.screen.name)

    def _point(self, x: int, y: int) -> None:
        """Moves the pointer there. `--sync` waits for a move, and for ever where there is none to make."""
        location = self._xdotool("getmouselocation", "--shell").splitlines()
        if location[:2] != [f"X={x}", f"Y={y}"]:
            self._xdotool("mousemove", "--sync", str(x), str(y))

    def _xdotool(self, *words: str) -> str:
        command, env = ["xdotool", *words], {**os.environ, **self.env}
        return subprocess.run(
            command, env=env, timeout=PATIENCE_S, check=True, stdout=subprocess.PIPE, text=True
        ).stdout


@contextmanager
def open_desk(screen: Screen, folder: Path) -> Iterator[Desk]:
    """Everything is gone at the end."""
    require(*PROGRAMS)
    folder.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as opened:
        command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        bus = opened.enter_context(Program(command, env=screen.env, log_folder=folder))
        desk = Desk(screen, folder, bus.says("unix:").strip())
        opened.enter_context(Program(["openbox"], env=desk.env, log_folder=folder))
        tray = ["trayer", "--edge", "top", "--align", "right", "--width", "10", "--height", "24"]
        opened.enter_context(Program(tray, env=desk.env, log_folder=folder))
        subprocess.run(["xsetroot", "-solid", "#336699"], env={**os.environ, **desk.env}, check=True)
        wait_until(lambda: _has_tray(screen), timeout_s=PATIENCE_S, what="a tray", poll_s=0.05)
        yield desk


def _has_tray(screen: Screen) -> bool:
    from Xlib.display import Display

    display = Display(screen.name)
    try:
        manager = display.get_selection_owner(display.intern_atom("_NET_SYSTEM_TRAY_S0"))
        root = display.screen().root
        check = root.get_full_property(display.intern_atom("_NET_SUPPORTING_WM_CHECK"), 0)
        return bool(manager) and check is not None
    finally:
        display.close()

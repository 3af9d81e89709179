"""Windows of the app over a real screen: `python -m tests.support.over_screen [CAMERA [SCREEN]]`.

A line on stdin performs the action it names. Without a camera there is no recorder, and a line that names one
of its states sets it (`recording`, `finished`, …); with one, `start FILE`, `stop` and `layout NAME` go to a
real one, which films the first screen, or the one of this name.
"""

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication

from desktop.actions import Actions
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.bubble import BubbleController
from desktop.controllers.draw import DrawController
from desktop.live_settings import LiveSettings
from desktop.models.actions import Action
from desktop.models.bubble import Arrangement, Remembered
from desktop.models.choice import Choice
from desktop.models.session import Phase, Session
from desktop.views.screens import screen_of
from tests.support.processes import Program, wait_until

WAIT_S = 30.0


class Bridge(QObject):
    changed = Signal(object)


class Told:
    """The other side of it, for a test."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def tell(self, line: str) -> None:
        """Waits until it is done."""
        assert self._program.popen.stdin is not None
        before = self._program.stdout.count(f"done {line}\n")
        self._program.popen.stdin.write(f"{line}\n".encode())
        self._program.popen.stdin.flush()
        wait_until(lambda: self._program.stdout.count(f"done {line}\n") > before, timeout_s=WAIT_S, what=line)

    def says(self, words: str) -> None:
        self._program.says(words, timeout_s=WAIT_S)


def hand(commands: str) -> None:
    """Mouse and keyboard, as xdotool has them."""
    subprocess.run(["xdotool", *commands.split()], check=True, timeout=WAIT_S)


def say(*words: object) -> None:
    print(*words, flush=True)


class Over:
    def __init__(self, application: QApplication, camera: str, screen: str) -> None:
        self.application, self.actions = application, Actions()
        self.bridge: Any = RecorderBridge() if camera else Bridge()
        context = cast(
            "Context",
            SimpleNamespace(
                application=application, bridge=self.bridge, actions=self.actions, settings=LiveSettings()
            ),
        )
        self.draw = DrawController(context)
        self.bubble: BubbleController | None = None
        if camera:
            choices: Any = SimpleNamespace(last=Choice(camera=camera))
            names = [one.name() for one in application.screens()]
            self.display = names.index(screen) if screen else 0
            whole = screen_of(application.screens()[self.display]).box
            self.bubble = BubbleController(context, choices, lambda: whole, Remembered())
            self.bridge.changed.connect(self._tell)
            self.bridge.arm()

    def obey(self) -> None:
        data = os.read(sys.stdin.fileno(), 4096).decode()
        for line in data.splitlines():
            word, _, rest = line.partition(" ")
            if word == "start" and self.bubble:
                audio = {"audio": False, "encoder": "libx264", "output": rest, "camera": self.bubble._camera}
                display = {"display": str(self.display)} if self.display else {}
                self.bridge.start({**audio, **display, **self.bubble.start_fields()})
            elif word == "stop":
                self.bridge.stop()
            elif word == "layout" and self.bubble:
                self.bubble._change(arrangement=Arrangement(rest))
            elif word in set(Phase):
                self.bridge.changed.emit(Session(phase=Phase(word)))
            else:
                self.actions.perform(Action(word))
            self.application.processEvents()
            say(f"done {line}")
        if not data:
            self.close()

    def close(self) -> None:
        self.draw.close()
        if self.bubble:
            self.bubble.close()
            self.bridge.release()
        self.application.quit()

    def _tell(self, session: Session) -> None:
        layout = (session.layout or {}).get("layout")
        say("session", session.phase, layout, bool(session.preview))


def main(camera: str = "", screen: str = "") -> None:
    application = QApplication([sys.argv[0]])
    over = Over(application, camera, screen)
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(over.obey)
    say("ready")
    application.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])

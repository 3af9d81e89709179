"""Windows of the app over a real screen, without its recorder: `python -m tests.support.over_screen`.

A line on stdin performs the action it names, or sets the recorder's state (`recording`, `finished`, …).
"""

import os
import sys
from types import SimpleNamespace
from typing import cast

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication

from desktop.actions import Actions
from desktop.context import Context
from desktop.controllers.draw import DrawController
from desktop.models.actions import Action
from desktop.models.session import Phase, Session


class Bridge(QObject):
    changed = Signal(object)


def say(word: str) -> None:
    print(word, flush=True)


def main() -> None:
    application = QApplication([sys.argv[0]])
    bridge, actions = Bridge(), Actions()
    context = SimpleNamespace(application=application, bridge=bridge, actions=actions)
    controller = DrawController(cast("Context", context))

    def obey() -> None:
        data = os.read(sys.stdin.fileno(), 4096)
        for word in data.decode().split():
            if word in set(Phase):
                bridge.changed.emit(Session(phase=Phase(word)))
            else:
                actions.perform(Action(word))
            application.processEvents()
            say(f"done {word}")
        if not data:
            controller.close()
            application.quit()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(obey)
    say("ready")
    application.exec()


if __name__ == "__main__":
    main()

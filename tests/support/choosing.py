"""The region selector over a real screen: `python -m tests.support.choosing`.

Prints what is chosen, and is ready for the next one, until its standard input ends.
"""

import json
import sys

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from desktop.models.region import Box
from desktop.views.region import RegionSelector


class Choosing:
    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._open()

    def _open(self) -> None:
        self._selector = RegionSelector()
        self._selector.selected.connect(self._chosen)
        self._selector.open()
        self._look()

    def _look(self) -> None:
        """A click reaches a window only once the server shows it, and keys where they go to."""
        shown = [cover.windowHandle() for cover in self._selector.covers]
        if all(one and one.isExposed() for one in shown) and self._application.focusWindow() in shown:
            print("ready", flush=True)
        else:
            QTimer.singleShot(20, self._look)

    def _chosen(self, box: Box) -> None:
        print("chosen", json.dumps([box.x, box.y, box.width, box.height]), flush=True)
        self._selector.leave()
        QTimer.singleShot(0, self._open)


def main() -> None:
    application = QApplication([sys.argv[0]])
    choosing = Choosing(application)
    end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    end.activated.connect(application.quit)
    application.exec()
    choosing._selector.leave()


if __name__ == "__main__":
    main()

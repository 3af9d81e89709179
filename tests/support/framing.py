"""The line around what is recorded, over a real screen: `python -m tests.support.framing X Y WIDTH HEIGHT`.

In pixels of the desktop; it says that it is ready, and stays until its standard input ends.
"""

import sys

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from desktop.models.region import Box
from desktop.views.region_frame import RegionFrame


def main() -> None:
    application = QApplication([sys.argv[0]])
    frame = RegionFrame(application)
    frame.show_live(on=True)
    frame.show_around(Box(*map(int, sys.argv[1:])))

    def look() -> None:
        windows = [side.windowHandle() for side in frame.sides if side.isVisible()]
        if all(one and one.isExposed() for one in windows):
            print("ready", flush=True)
        else:
            QTimer.singleShot(20, look)

    look()
    end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    end.activated.connect(application.quit)
    application.exec()
    frame.close()


if __name__ == "__main__":
    main()

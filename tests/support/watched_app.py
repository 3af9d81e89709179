"""`heddle app` as it is, with a view into it for tests: `python -m tests.support.watched_app FILE`.

FILE is JSON, written anew five times a second:
- `windows`: those that are visible, by title, with their `controls`: name for screen readers -> centre on the
  screen in pixels. So a test clicks with a real mouse where a person would.
- `phases`: [phase, Unix time] for each phase of the recording, in order.
- `link` of the recording.
- `blocked`: the longest time, in ms, in which Qt's thread did nothing else while something was recorded
  (`wallMs`), and the CPU time it spent in it (`cpuMs`): on a busy machine it may have waited for a processor.
- `number`, one more each time.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

import desktop.app
from desktop.models.session import Phase, Session

BEAT_MS = 5
LOOK_MS = 200
_RUNNING = {Phase.PREPARING, Phase.RECORDING, Phase.PAUSED, Phase.STOPPING}


class Lens(QObject):
    def __init__(self, app: desktop.app.App, path: Path) -> None:
        super().__init__(app)
        self._app, self._path = app, path
        self._phases: list[tuple[str, float]] = []
        self._blocked = {"wallMs": 0.0, "cpuMs": 0.0}
        self._beaten = self._spent = 0.0
        self._seen_at, self._number = 0.0, 0
        app.bridge.changed.connect(self._follow)
        beat = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        beat.timeout.connect(self._beat)
        beat.start()

    def _follow(self, session: Session) -> None:
        if not self._phases or self._phases[-1][0] != session.phase:
            self._phases.append((session.phase.value, time.time()))

    def _beat(self) -> None:
        now, spent = time.monotonic(), time.thread_time()
        gap = 1000 * (now - self._beaten) - BEAT_MS
        if self._beaten and self._app.bridge.session.phase in _RUNNING and gap > self._blocked["wallMs"]:
            self._blocked = {"wallMs": round(gap, 1), "cpuMs": round(1000 * (spent - self._spent), 1)}
        if now - self._seen_at > LOOK_MS / 1000:
            self._seen_at = now
            self._write()  # not counted: the app has none of it
        self._beaten, self._spent = time.monotonic(), time.thread_time()

    def _write(self) -> None:
        shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        self._number += 1
        told = {
            "number": self._number,
            "windows": {one.windowTitle(): _controls(one) for one in shown},
            "phases": self._phases,
            "link": self._app.bridge.session.share_url,
            "blocked": self._blocked,
            "tray": self._app.tray is not None,
        }
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(told))
        temporary.replace(self._path)


def _controls(window: QWidget) -> dict[str, Any]:
    found = {}
    for one in window.findChildren(QWidget):
        words = one.text() if isinstance(one, QAbstractButton) else ""
        name = one.accessibleName() or words.replace("&", "")
        if name and one.isVisible() and one.isEnabled():
            centre = one.mapToGlobal(QPoint(one.width() // 2, one.height() // 2))
            text = one.text() if isinstance(one, QLineEdit) else ""
            found[name] = {"x": centre.x(), "y": centre.y(), "text": text}
    return found


def main() -> int:
    path = Path(sys.argv[1])
    opened = desktop.app.App.open

    def open_watched(app: desktop.app.App) -> None:
        opened(app)
        Lens(app, path)

    desktop.app.App.open = open_watched  # type: ignore[method-assign]  # the one difference to `heddle app`
    return desktop.app.run()


if __name__ == "__main__":
    sys.exit(main())

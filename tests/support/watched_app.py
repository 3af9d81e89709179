"""`heddle app` as it is, with a view into it for tests: `python -m tests.support.watched_app FILE`.

FILE is JSON, written anew five times a second:
- `windows`: those that can be seen, by title: name for screen readers of a control -> its centre on the
  screen in pixels, its `text`, and the `rows` of a list as a screen reader says them. So a test clicks with a
  real mouse where a person would, and reads what they would. The window's own name has what is said of it.
- `active`: the title of the window that has the keyboard.
- `held`: the actions whose hotkeys are taken now.
- `phases`: [phase, Unix time] for each phase of the recording, in order.
- `link` of the recording, and `timeS` of it.
- `blocked`: the longest time in which Qt's thread did nothing else while something was recorded, as
  `tests/support/watchdog.py` tells it.
- `problems` that were told, by their titles.
- `number`, one more each time.
"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListView, QWidget

import desktop.app
from desktop import cli
from desktop.models.hotkeys import Hold
from desktop.models.requests import Request
from desktop.models.session import Phase, Session
from tests.support.watchdog import Watchdog

LOOK_MS = 200
MOST_ROWS = 20
_RUNNING = {Phase.PREPARING, Phase.RECORDING, Phase.PAUSED, Phase.STOPPING}


class Lens(QObject):
    def __init__(self, app: desktop.app.App, path: Path) -> None:
        super().__init__(app)
        self._app, self._path = app, path
        self._phases: list[tuple[str, float]] = []
        self._number = 0
        self._watchdog = Watchdog(self)
        app.bridge.changed.connect(self._follow)
        look = QTimer(self, interval=LOOK_MS)
        look.timeout.connect(self._look)
        look.start()

    def _follow(self, session: Session) -> None:
        if not self._phases or self._phases[-1][0] != session.phase:
            self._phases.append((session.phase.value, time.time()))
            self._watchdog.watch(on=session.phase in _RUNNING)

    def _look(self) -> None:
        with self._watchdog.aside():
            self._write()

    def _write(self) -> None:
        shown = [one for one in QApplication.topLevelWidgets() if _is_seen(one)]
        active = QApplication.activeWindow()
        self._number += 1
        told = {
            "number": self._number,
            "windows": {one.windowTitle(): _controls(one) for one in shown},
            "active": active.windowTitle() if active else "",
            "phases": self._phases,
            "link": self._app.bridge.session.share_url,
            "timeS": self._app.bridge.session.time_s,
            "held": [one.action for one in self._app.hotkeys.table if one.hold is Hold.HELD],
            "blocked": asdict(self._watchdog.longest),
            "tray": self._app.tray is not None,
            "problems": [one.title for one in self._app.context.messages.problems],
        }
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(told))
        temporary.replace(self._path)


def _is_seen(window: QWidget) -> bool:
    """Not before the screen shows it: until then mouse and keyboard are those of others."""
    handle = window.windowHandle()
    return window.isVisible() and handle is not None and handle.isExposed()


def _controls(window: QWidget) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if name := window.accessibleName():
        found[name] = {"text": window.accessibleDescription()}
    for one in window.findChildren(QWidget):
        words = one.text() if isinstance(one, QAbstractButton) else ""
        name = one.accessibleName() or words.replace("&", "")
        if name and one.isVisible() and one.isEnabled():
            centre = one.mapToGlobal(QPoint(one.width() // 2, one.height() // 2))
            text = one.text() if isinstance(one, QLineEdit | QLabel) else ""
            found[name] = {"x": centre.x(), "y": centre.y(), "text": text, "rows": _rows(one)}
    return found


def _rows(one: QWidget) -> list[str]:
    model = one.model() if isinstance(one, QListView) else None
    if model is None:
        return []
    indexes = [model.index(row, 0) for row in range(min(model.rowCount(), MOST_ROWS))]
    said = [index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data() for index in indexes]
    return [text for text in said if text]


def main() -> None:
    path = Path(sys.argv[1])
    opened = desktop.app.App.open

    def open_watched(app: desktop.app.App, wanted: Request | None = None) -> None:
        opened(app, wanted)
        Lens(app, path)

    desktop.app.App.open = open_watched  # type: ignore[method-assign]  # the one difference to `heddle app`
    sys.argv = ["heddle", "app"]
    cli.main()


if __name__ == "__main__":
    main()

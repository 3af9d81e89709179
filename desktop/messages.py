"""What the app tells a person who may be looking elsewhere: by the system's notification, in the window that
is in front, or where neither can be, in a corner of the screen.
"""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desktop.live_settings import LiveSettings
from desktop.models.session import Problem
from desktop.models.words import problem_text
from desktop.platform.own_windows import leave_out
from desktop.views.banner import Banner
from desktop.views.toast import Toast

Act = Callable[[], object]
KEPT = 50  # problems, for the page of diagnostics
_Symbol = QSystemTrayIcon.MessageIcon


class Messages(QObject):
    """One for the app."""

    told = Signal(object)  # a Problem

    def __init__(self, settings: LiveSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tray: QSystemTrayIcon | None = None
        self._act: Act | None = None
        self.problems: deque[Problem] = deque(maxlen=KEPT)
        self.toast: Toast | None = None
        settings.broken.connect(self.tell)

    def use_tray(self, tray: QSystemTrayIcon) -> None:
        """From now on the system's notifications come from here."""
        self._tray = tray
        tray.messageClicked.connect(self._clicked)

    def notify(self, title: str, text: str = "", act: Act | None = None) -> None:
        """Good news; a click on them does `act`. Silent where the person wants no notifications."""
        if self._settings.value.notifications:
            self._show(title, text, act, _Symbol.Information)

    def tell(self, problem: Problem, words: str = "", act: Act | None = None) -> None:
        """A problem: in the window in front if that has a place for it, else as a notification. `words` name
        what `act` does about it."""
        self.problems.append(problem)
        self.told.emit(problem)
        banner = _banner_in_front()
        if banner:
            banner.show_problem(problem, words, act)
        else:
            more = problem_text(Problem(problem.detail, problem.hint, words))
            severe = problem.severity == "error"
            self._show(problem.title, more, act, _Symbol.Warning if severe else _Symbol.Information)

    def _show(self, title: str, text: str, act: Act | None, symbol: QSystemTrayIcon.MessageIcon) -> None:
        self._act = act
        if self._tray and self._tray.isVisible() and QSystemTrayIcon.supportsMessages():
            self._tray.showMessage(title, text, symbol)
            return
        self.close()
        self.toast = Toast(title, text)
        self.toast.clicked.connect(self._clicked)
        self.toast.closed.connect(self._closed)
        self.toast.open()
        leave_out(int(self.toast.winId()))

    def close(self) -> None:
        """Takes away what is shown."""
        if self.toast:
            self.toast.close()

    def _closed(self) -> None:
        self.toast = None

    def _clicked(self) -> None:
        act, self._act = self._act, None
        if act:
            act()


def _banner_in_front() -> Banner | None:
    window = QApplication.activeWindow()
    return window.findChild(Banner) if window else None

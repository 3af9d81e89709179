"""What the app tells a person who may be looking elsewhere: by the system's notification, in the window that
is in front, or where neither can be, in a corner of the screen.
"""

import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desktop.i18n import tr
from desktop.live_settings import LiveSettings
from desktop.models.session import Problem
from desktop.platform.own_windows import leave_out
from desktop.views.banner import Banner
from desktop.views.toast import Toast

if TYPE_CHECKING:
    from desktop.platform.notices import Notices

Act = Callable[[], object]
KEPT = 50  # problems, for the page of diagnostics
CLICKABLE = 20  # notifications, the newest: others may still stand in the desktop's list
_Symbol = QSystemTrayIcon.MessageIcon


@dataclass(frozen=True, slots=True)
class _Told:
    title: str
    text: str
    act: Act | None
    symbol: _Symbol


class Messages(QObject):
    """One for the app. `of_desktop`: through the desktop's own notifications, where it has such."""

    told = Signal(object)  # a Problem
    _clicked_there = Signal(int)  # the number of a message, from a thread of the notifications
    _refused_there = Signal(int)

    def __init__(
        self, settings: LiveSettings, parent: QObject | None = None, *, of_desktop: bool = False
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tray: QSystemTrayIcon | None = None
        self._act: Act | None = None
        self._of_desktop = of_desktop and sys.platform == "linux"
        self._notices: Notices | None = None
        self._number = 0
        self._sent: dict[int, _Told] = {}  # by number
        self._clicked_there.connect(self._act_on, Qt.ConnectionType.QueuedConnection)
        self._refused_there.connect(self._show_refused, Qt.ConnectionType.QueuedConnection)
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
            more = "\n".join(part for part in (problem.detail, problem.hint, words) if part)
            severe = problem.severity == "error"
            self._show(problem.title, more, act, _Symbol.Warning if severe else _Symbol.Information)

    def _show(self, title: str, text: str, act: Act | None, symbol: _Symbol) -> None:
        told = _Told(title, text, act, symbol)
        if not self._send(told):
            self._show_here(told)

    def _send(self, told: _Told) -> bool:
        """To the desktop, which may still refuse it. Whether there is one to ask."""
        if not self._of_desktop:
            return False
        from desktop.platform import notices  # noqa: PLC0415 - D-Bus is Linux's alone, and jeepney comes with it there

        if self._notices is None:
            self._notices = notices.open_notices(self._clicked_there.emit, self._refused_there.emit)
        if self._notices is None:
            return False
        self._number += 1
        self._sent[self._number] = told
        self._sent.pop(self._number - CLICKABLE, None)
        words = tr("Open") if told.act else ""
        severe = told.symbol is _Symbol.Warning
        self._notices.show(notices.Notice(self._number, told.title, told.text, words, severe))
        return True

    def _act_on(self, number: int) -> None:
        told = self._sent.pop(number, None)
        if told and told.act:
            told.act()

    def _show_refused(self, number: int) -> None:
        told = self._sent.pop(number, None)
        if told:
            self._show_here(told)

    def _show_here(self, told: _Told) -> None:
        self._act = told.act
        if self._tray and self._tray.isVisible() and QSystemTrayIcon.supportsMessages():
            self._tray.showMessage(told.title, told.text, told.symbol)
            return
        self._close_toast()
        self.toast = Toast(told.title, told.text)
        self.toast.clicked.connect(self._clicked)
        self.toast.closed.connect(self._closed)
        self.toast.open()
        leave_out(int(self.toast.winId()))

    def close(self) -> None:
        """Takes away what is shown here. Idempotent."""
        notices, self._notices = self._notices, None
        if notices:
            notices.close()
        self._of_desktop = False
        self._close_toast()

    def _close_toast(self) -> None:
        if self.toast:
            self.toast.close()

    def _closed(self) -> None:
        self.toast = None

    def _clicked(self) -> None:
        act, self._act = self._act, None
        if act:
            act()


def _banner_in_front() -> Banner | None:
    """Of the window that has the keyboard, or of the one to which a dialog belongs."""
    window = QApplication.activeWindow()
    while window is not None:
        if banner := window.findChild(Banner):
            return banner
        window = window.parentWidget()
    return None

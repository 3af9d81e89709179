"""The tray app: the one place where window, tray and recorder are put together."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desktop.bridge import RecorderBridge
from desktop.models.session import ACTIVE, Session
from desktop.platform.own_windows import leave_out
from desktop.views.recorder import RecorderWindow
from desktop.views.tray import Tray

# Python runs its signal handlers between two bytecodes; an idle Qt loop executes none.
_SIGNAL_LOOK_MS = 200


def icon() -> QIcon:
    """Heddle's mark, from the package or from the source tree."""
    here = Path(__file__).parent
    for folder in (here / "resources", here.parent / "assets"):
        if (folder / "icon.svg").is_file():
            return QIcon(str(folder / "icon.svg"))
    return QIcon.fromTheme("media-record")


class App(QObject):
    """Connects what the person does with the recorder, and the recorder's events with what is shown."""

    def __init__(self, application: QApplication, command: Sequence[str] | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._leaving = False
        self.window = RecorderWindow()
        self.bridge = RecorderBridge(command, self)
        self.tray = Tray(application.windowIcon(), self.window) if _has_tray() else None
        self._connect()

    def open(self) -> None:
        """Shows the window and has a recorder ready."""
        self.window.show()
        leave_out(int(self.window.winId()))
        if self.tray:
            self.tray.show()
        self.bridge.arm()

    def quit(self) -> None:
        """Finishes a running recording first; its upload goes on without this program."""
        self._leaving = True
        if self.bridge.session.phase in ACTIVE:
            self.bridge.stop()
        else:
            self._leave()

    def _connect(self) -> None:
        bridge, window = self.bridge, self.window
        bridge.changed.connect(self._show)
        bridge.ended.connect(self._ended)
        window.record_clicked.connect(bridge.start)
        window.pause_clicked.connect(bridge.pause_or_resume)
        window.stop_clicked.connect(bridge.stop)
        window.closed.connect(self._close_window)
        if self.tray:
            self.tray.record_chosen.connect(lambda: bridge.start(window.title.text().strip()))
            self.tray.pause_chosen.connect(bridge.pause_or_resume)
            self.tray.stop_chosen.connect(bridge.stop)
            self.tray.window_wanted.connect(self._raise_window)
            self.tray.quit_chosen.connect(self.quit)

    def _show(self, session: Session) -> None:
        self.window.show_session(session)
        if self.tray:
            self.tray.show_session(session)
        if self._leaving and session.phase not in ACTIVE:
            self._leave()

    def _ended(self, _session: Session) -> None:
        if self._leaving:
            self._leave()

    def _close_window(self) -> None:
        """With a tray the window only goes out of the way."""
        if self.tray:
            self.window.hide()
        else:
            self.quit()

    def _raise_window(self) -> None:
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _leave(self) -> None:
        self._leaving = False
        self.bridge.release()
        if self.tray:
            self.tray.hide()
        self.window.hide()
        self._application.quit()


def _has_tray() -> bool:
    return QSystemTrayIcon.isSystemTrayAvailable()


def run(arguments: Sequence[str] = ()) -> int:
    """Until the person quits; the exit code of Qt's loop."""
    application = QApplication([sys.argv[0], *arguments])
    application.setApplicationName("Heddle")
    application.setDesktopFileName("heddle")
    application.setWindowIcon(icon())
    application.setQuitOnLastWindowClosed(False)
    app = App(application)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: app.quit())
    look = QTimer(application)
    look.timeout.connect(lambda: None)
    look.start(_SIGNAL_LOOK_MS)
    app.open()
    return application.exec()

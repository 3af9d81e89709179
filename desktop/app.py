"""The tray app: the one place where window, tray and recorder are put together."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desktop import logbook
from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.draw import DrawController
from desktop.controllers.firstrun.opener import FirstRun
from desktop.controllers.hotkeys import HotkeyController
from desktop.controllers.library import Library
from desktop.controllers.pages import Pages
from desktop.controllers.private_server import PrivateServer
from desktop.controllers.transcription import Transcription
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.session import ACTIVE, Session
from desktop.platform.lasting_true import keep_true
from desktop.platform.own_windows import leave_out
from desktop.platform.signals import Signals
from desktop.views import theme
from desktop.views.recorder import RecorderWindow
from desktop.views.tray import Tray


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
        self.bridge = RecorderBridge(command, self)
        self.context = _context(application, self.bridge, self)
        self.context.settings.follow(lambda now: theme.apply(application, now.theme))
        self.window = RecorderWindow()
        self.tray = Tray(application.windowIcon(), self.window) if _has_tray() else None
        self.private_server = PrivateServer(self.context)
        self.transcription = Transcription(self.context)
        self.first_run = FirstRun(self.context, self.private_server)
        self.pages = Pages(self.context, self.transcription)
        self.hotkeys = HotkeyController(self.context)
        self.draw = DrawController(self.context)
        self.library = Library(self.context)
        self._connect()

    def open(self) -> None:
        """Shows the window and has a recorder ready."""
        self.window.show()
        leave_out(int(self.window.winId()))
        if self.tray:
            self.tray.show()
        self.bridge.arm()
        self.private_server.open()
        self.transcription.open()
        self.first_run.open_if_wanted()
        self.hotkeys.open()
        if problem := self.context.settings.problem:
            self.context.messages.tell(problem)

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
        window.record_clicked.connect(lambda title: bridge.start({"title": title}))
        window.pause_clicked.connect(bridge.pause_or_resume)
        window.stop_clicked.connect(bridge.stop)
        window.closed.connect(self._close_window)
        if self.tray:
            self.tray.record_chosen.connect(lambda: bridge.start({"title": window.title.text().strip()}))
            self.tray.pause_chosen.connect(bridge.pause_or_resume)
            self.tray.stop_chosen.connect(bridge.stop)
            self.tray.window_wanted.connect(self._raise_window)
            self.tray.quit_chosen.connect(self.quit)
            self.context.messages.use_tray(self.tray)

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

    def close(self) -> None:
        """Lets go of everything; what still uploads goes on without this program."""
        self.hotkeys.close()
        self.draw.close()
        self.bridge.release()
        for one in (self.first_run, self.pages, self.transcription, self.private_server):
            one.close()
        self.library.close()
        self.context.background.close()
        self.context.messages.close()
        if self.tray:
            self.tray.hide()
        self.window.hide()

    def _leave(self) -> None:
        self._leaving = False
        self.close()
        self._application.quit()


def _context(application: QApplication, bridge: RecorderBridge, parent: QObject) -> Context:
    settings = LiveSettings(parent)
    return Context(
        application=application,
        background=Background(parent),
        bridge=bridge,
        actions=Actions(parent),
        settings=settings,
        messages=Messages(settings, parent),
    )


def _has_tray() -> bool:
    return QSystemTrayIcon.isSystemTrayAvailable()


def run(arguments: Sequence[str] = ()) -> int:
    """Until the person quits; the exit code of Qt's loop."""
    keep_true()
    logbook.open_log()
    logbook.note_forgotten_errors()
    qInstallMessageHandler(logbook.note_qt)
    application = QApplication([sys.argv[0], *arguments])
    application.setApplicationName("Heddle")
    application.setDesktopFileName("heddle")
    application.setWindowIcon(icon())
    application.setQuitOnLastWindowClosed(False)
    app = App(application)
    signals = Signals((signal.SIGINT, signal.SIGTERM), application)
    signals.came.connect(app.quit)
    app.open()
    return application.exec()

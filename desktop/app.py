"""The tray app: the one place where window, tray and recorder are put together."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.allowance import Allowance
from desktop.controllers.bubble import BubbleController
from desktop.controllers.draw import DrawController
from desktop.controllers.entries import Entries
from desktop.controllers.firstrun.opener import FirstRun
from desktop.controllers.hotkeys import HotkeyController
from desktop.controllers.launcher import LauncherController
from desktop.controllers.library.opening import Library
from desktop.controllers.notes import NotesController
from desktop.controllers.overlays import OverlaysController
from desktop.controllers.pages import Pages
from desktop.controllers.private_server import PrivateServer
from desktop.controllers.recording import RecordingController
from desktop.controllers.recovered import RecoveredController
from desktop.controllers.requests import RequestController
from desktop.controllers.settings.opening import SettingsOpener
from desktop.controllers.settings.parts import add_parts
from desktop.controllers.transcription import Transcription
from desktop.controllers.tray import TrayController
from desktop.controllers.updates import Updates
from desktop.diagnostics import logbook
from desktop.instance import Instance, hand_over
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.actions import Action
from desktop.models.bubble import Remembered
from desktop.models.choice import Choices
from desktop.models.hotkeys import working
from desktop.models.notes import NotesFile
from desktop.models.requests import Request
from desktop.models.session import ACTIVE, Session
from desktop.platform import disturb
from desktop.platform.lasting import keep_constants
from desktop.platform.qt_words import speak
from desktop.platform.signals import Signals
from desktop.views import screens, theme

_WINDOWS = frozenset({Action.LIBRARY, Action.SETTINGS, Action.TRANSCRIPTS, Action.DIAGNOSTICS})


def icon() -> QIcon:
    """Heddle's mark, from the package or from the source tree."""
    here = Path(__file__).parent
    for folder in (here / "resources", here.parent / "assets"):
        if (folder / "icon.svg").is_file():
            return QIcon(str(folder / "icon.svg"))
    return QIcon.fromTheme("media-record")


class App(QObject):
    """Makes the controllers, opens what is seen at the start, and ends in order."""

    def __init__(
        self,
        application: QApplication,
        command: Sequence[str] | None = None,
        instance: Instance | None = None,
        *,
        background: bool = False,
    ) -> None:
        super().__init__(application)
        self._background = background
        self._application = application
        self._leaving = self._active = False
        self.bridge = RecorderBridge(command, self)
        self.context = _context(application, self.bridge, self)
        self.context.settings.follow(lambda now: theme.apply(application, now.theme))
        self.private_server = PrivateServer(self.context)
        self.transcription = Transcription(self.context)
        self.first_run = FirstRun(self.context, self.private_server)
        self.pages = Pages(self.context, self.transcription)
        self.hotkeys = HotkeyController(self.context)
        self.draw = DrawController(self.context)
        self.library = Library(self.context, self.transcription)
        choices = Choices()
        self.recording = RecordingController(self.context, choices)
        self.launcher = LauncherController(self.context, choices, self.recording)
        self.overlays = OverlaysController(self.context, self.launcher.filmed, self.launcher.region)
        self.hotkeys.changed.connect(lambda: self.overlays.show_keys(working(self.hotkeys.table)))
        # With the computer's start the desktop may not have its tray yet; it takes the icon when it has.
        has_place = background or QSystemTrayIcon.isSystemTrayAvailable()
        self.tray = (
            TrayController(self.context, self.recording, application.windowIcon()) if has_place else None
        )
        self.allowance = Allowance(self.context)
        self.allowance.changed.connect(self.launcher.show_notice)
        self.launcher.opened.connect(self.allowance.look)
        if self.tray:
            self.allowance.changed.connect(self.tray.view.show_notice)
        self.requests = RequestController(self.context, instance)
        self.settings = SettingsOpener(self.context)
        self.entries = Entries(self.context)
        self.recovered = RecoveredController(self.context)
        self.updates = Updates(self.context)
        add_parts(self.context, self.settings, self.hotkeys, self.updates)
        self.bridge.changed.connect(self._follow)
        self.launcher.closed.connect(self._close_window)
        self.first_run.over.connect(self.launcher.open)
        self.context.actions.handle(Action.QUIT, self.quit)
        self.notes = NotesController(self.context, NotesFile())
        self.bubble = BubbleController(self.context, choices, self.launcher.filmed, Remembered())
        self.recording.more_fields = self._start_fields
        changes = screens.Changes(application, self)
        for one in (self.launcher, self.overlays, self.bubble):
            changes.told.connect(one.screens_changed)
        changes.told.connect(self.draw.close)  # strokes belong to what they were drawn on

    def open(self, wanted: Request | None = None) -> None:
        """Shows the launcher, at the first time the assistant, unless it was started to wait in the tray or
        for what is `wanted`, in a window of its own."""
        self.bridge.arm()
        if self.tray:
            self.tray.show()
        # Without a tray the launcher is how one gets back to the app, and out of it.
        elsewhere = self.tray and wanted and not wanted.share and wanted.action in _WINDOWS
        if not self._background and not self.first_run.open_if_wanted() and not elsewhere:
            self.launcher.open()
        self.recovered.open()  # before the private server: it looks how that one ended
        self.private_server.open()
        self.transcription.open()
        self.hotkeys.open()
        self.context.background.in_thread(disturb.put_back)
        if problem := self.context.settings.problem:
            self.context.messages.tell(problem)

    def _start_fields(self) -> dict[str, object]:
        return {**self.bubble.start_fields(), **self.transcription.start_fields()}

    def quit(self) -> None:
        """Finishes a running recording first; its upload goes on without this program."""
        self._leaving = True
        if self.bridge.session.phase in ACTIVE:
            self.bridge.stop()
        else:
            self._leave()

    def _follow(self, session: Session) -> None:
        was_active, self._active = self._active, session.phase in ACTIVE
        if self._leaving and not self._active:
            self._leave()
        elif was_active and not self._active and not self.tray:
            self.launcher.open()  # the only window there is

    def _close_window(self) -> None:
        """With a tray the window only goes out of the way, and so it does while something is recorded."""
        if self.tray or self.bridge.session.phase in ACTIVE:
            self.launcher.hide()
        else:
            self.quit()

    def vanish(self) -> None:
        """Out of sight first: letting go may take seconds on a busy machine, for which nobody has to wait."""
        self.requests.close()
        if self.tray:
            self.tray.close()
        for window in QApplication.topLevelWidgets():
            window.hide()

    def close(self) -> None:
        """Lets go of everything; what still uploads goes on without this program."""
        self.hotkeys.close()
        self.draw.close()
        self.launcher.close()
        self.overlays.close()
        self.settings.close()
        self.recovered.close()
        self.notes.close()
        self.bubble.close()
        self.bridge.release()
        for one in (self.first_run, self.pages, self.transcription, self.private_server):
            one.close()
        self.library.close()
        self.recording.close()
        self.context.background.close()
        self.context.messages.close()
        if self.tray:
            self.tray.close()

    def _leave(self) -> None:
        self._leaving = False
        self.vanish()
        QTimer.singleShot(0, self, self._end)  # the screen shows it first

    def _end(self) -> None:
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
        messages=Messages(settings, parent, of_desktop=True),
    )


def run(wanted: Request | None = None, *, background: bool = False) -> int:
    """Until the person quits; the exit code of Qt's loop. Does first what is `wanted`."""
    keep_constants()
    logbook.open_log()
    logbook.note_forgotten_errors()
    qInstallMessageHandler(logbook.note_qt)
    application = QApplication(sys.argv[:1])
    speak(application)
    application.setApplicationName("Heddle")
    application.setDesktopFileName("heddle")
    application.setWindowIcon(icon())
    application.setQuitOnLastWindowClosed(False)
    signals = Signals((signal.SIGINT, signal.SIGTERM), application)
    instance = Instance(application)
    if not instance.begin():  # another one started in the same moment and was quicker
        return 0 if hand_over(wanted or Request()) else 1
    app = App(application, instance=instance, background=background)
    signals.came.connect(app.quit)
    app.open(wanted)
    if wanted:
        QTimer.singleShot(0, app, lambda: app.requests.obey(wanted))
    code = application.exec()
    instance.close()
    return code

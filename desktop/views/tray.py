"""Heddle's place in the tray: the window's buttons without the window."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from desktop.i18n import tr
from desktop.models.session import ACTIVE, Phase, Session
from desktop.models.words import progress_line


class Tray(QSystemTrayIcon):
    """A menu whose entries follow the Session."""

    record_chosen = Signal()
    pause_chosen = Signal()
    stop_chosen = Signal()
    window_wanted = Signal()
    quit_chosen = Signal()

    def __init__(self, icon: QIcon, parent: QWidget) -> None:
        super().__init__(icon, parent)
        self._menu = QMenu(parent)
        self.record = self._menu.addAction(tr("Record"), self.record_chosen.emit)
        self.pause = self._menu.addAction(tr("Pause"), self.pause_chosen.emit)
        self.stop = self._menu.addAction(tr("Stop"), self.stop_chosen.emit)
        self._menu.addSeparator()
        self._menu.addAction(tr("Open Heddle"), self.window_wanted.emit)
        self._menu.addAction(tr("Quit"), self.quit_chosen.emit)
        self.setContextMenu(self._menu)
        self.activated.connect(self._clicked)
        self.show_session(Session())

    def show_session(self, session: Session) -> None:
        """Entries and tip for this moment."""
        self.record.setEnabled(session.phase not in ACTIVE)
        self.pause.setEnabled(session.can_pause or session.phase is Phase.PAUSED)
        self.pause.setText(tr("Resume") if session.phase is Phase.PAUSED else tr("Pause"))
        self.stop.setEnabled(session.can_stop)
        self.setToolTip(f"Heddle: {progress_line(session)}" if session.phase in ACTIVE else "Heddle")

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.window_wanted.emit()

"""Heddle's place in the tray: what can be done at the moment, and the last recordings."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.recent import Recent
from desktop.models.session import ACTIVE, Phase, Problem, Session
from desktop.models.words import duration, progress_line
from desktop.views.badge import with_dot

_TITLE = 40  # characters


class Tray(QSystemTrayIcon):
    """A menu whose entries follow the Session."""

    wanted = Signal(object)  # an Action
    copy_wanted = Signal(str)  # a link
    open_wanted = Signal(str)
    looked_at = Signal()  # the menu is about to be shown

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(icon, parent)
        self._icons = {Phase.READY: icon}
        self._menu = QMenu()  # has no widget to belong to
        self.destroyed.connect(self._menu.deleteLater)
        self.state = self._menu.addAction("")
        self.state.setEnabled(False)
        self.notice = self._menu.addAction("")
        self.notice.setEnabled(False)
        self.notice.setVisible(False)
        self._menu.addSeparator()
        self.record = self._entry(tr("Record"), Action.RECORD)
        self.pause = self._entry(tr("Pause"), Action.PAUSE)
        self.restart = self._entry(tr("Begin again"), Action.RESTART)
        self.cancel = self._entry(tr("Throw this take away"), Action.CANCEL)
        self._menu.addSeparator()
        self.recent = self._menu.addMenu(tr("Last recordings"))
        self._menu.addSeparator()
        self.launcher = self._entry(tr("Choose what to record…"), Action.LAUNCHER)
        self.library = self._entry(tr("Library"), Action.LIBRARY)
        self.transcripts = self._entry(tr("Transcripts"), Action.TRANSCRIPTS)
        self.notes = self._entry(tr("Speaker notes"), Action.NOTES)
        self.bubble = self._entry(tr("Show or hide the camera"), Action.BUBBLE)
        self.settings = self._entry(tr("Settings"), Action.SETTINGS)
        self._menu.addSeparator()
        self._entry(tr("Quit"), Action.QUIT)
        self.setContextMenu(self._menu)
        self._menu.aboutToShow.connect(self.looked_at)
        self.activated.connect(self._clicked)
        self.show_recent(())
        self.show_session(Session())

    def show_session(self, session: Session) -> None:
        """Entries, tip and icon for this moment."""
        active = session.phase in ACTIVE
        running = session.phase in {Phase.RECORDING, Phase.PAUSED}
        self.state.setText(progress_line(session) if active else tr("Not recording"))
        self.record.setText(tr("Stop recording") if active else tr("Record"))
        self.record.setEnabled(not active or session.can_stop)
        self.pause.setVisible(active)
        self.pause.setEnabled(running)
        self.pause.setText(tr("Resume") if session.phase is Phase.PAUSED else tr("Pause"))
        self.restart.setVisible(active)
        self.restart.setEnabled(running)
        self.cancel.setVisible(active)
        self.cancel.setEnabled(session.can_stop)
        self._show(self._icon(session.phase if running else Phase.READY))
        tip = f"Heddle: {_tip(session)}" if active else "Heddle"
        if self.toolTip() != tip:
            self.setToolTip(tip)

    def show_notice(self, notice: Problem | None) -> None:
        """What to know before recording."""
        self.notice.setText(notice.title.replace("&", "&&") if notice else "")
        self.notice.setVisible(notice is not None)

    def show_recent(self, recordings: Sequence[Recent]) -> None:
        """The newest first."""
        self.recent.clear()
        self.recent.setEnabled(bool(recordings))
        for one in recordings:
            words = one.title if len(one.title) <= _TITLE else f"{one.title[:_TITLE]}…"
            menu = self.recent.addMenu(words.replace("&", "&&"))
            menu.addAction(tr("Copy link")).triggered.connect(
                lambda _on=False, link=one.link: self.copy_wanted.emit(link)
            )
            menu.addAction(tr("Open in the browser")).triggered.connect(
                lambda _on=False, link=one.link: self.open_wanted.emit(link)
            )

    def discard(self) -> None:
        """Out of the tray."""
        self.hide()

    def _entry(self, words: str, action: Action) -> QAction:
        entry = self._menu.addAction(words)
        entry.triggered.connect(lambda: self.wanted.emit(action))
        return entry

    def _icon(self, phase: Phase) -> QIcon:
        if phase not in self._icons:
            self._icons[phase] = with_dot(self._icons[Phase.READY], steady=phase is Phase.RECORDING)
        return self._icons[phase]

    def _show(self, icon: QIcon) -> None:
        if self.icon().cacheKey() != icon.cacheKey():
            self.setIcon(icon)

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.wanted.emit(Action.LAUNCHER)


def _tip(session: Session) -> str:
    """To the second, not to the byte: a tip that changes all the time costs a tray time."""
    return duration(session.time_s) if session.phase is Phase.RECORDING else progress_line(session)

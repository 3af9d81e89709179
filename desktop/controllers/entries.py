"""Keeps what the system knows of this program as the settings say: autostart and heddle:// links."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.context import Context
from desktop.i18n import tr
from desktop.models.session import Problem
from desktop.settings import Settings


class Entries(QObject):
    """What is wanted is written anew at each start: this installation may have moved. What is not wanted is
    only taken away when the person says so, for a package may have put it there."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        context.settings.changed.connect(self._changed)
        self._changed(context.settings.value, Settings())

    def _changed(self, now: Settings, before: Settings) -> None:
        if now.autostart != before.autostart:
            self._in_thread(lambda: _set_autostart(now.autostart))
        if now.open_links != before.open_links:
            self._in_thread(lambda: _set_links(now.open_links))

    def _in_thread(self, work: Callable[[], str]) -> None:
        self._context.background.in_thread(work, self._tell, lambda error: self._tell(str(error)))

    def _tell(self, trouble: str) -> None:
        if trouble:
            title = tr("The system does not take this setting")
            self._context.messages.tell(Problem(title, trouble, severity="warning"))


def _set_autostart(wanted: bool) -> str:
    from desktop.platform.autostart import set_autostart

    set_autostart(wanted)
    return ""


def _set_links(wanted: bool) -> str:
    from desktop.platform.links import set_registered

    return set_registered(wanted)

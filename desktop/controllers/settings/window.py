"""The settings window: filled from the table, changed at once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop import settings
from desktop.context import Context
from desktop.errors import HeddleError, UsageError
from desktop.i18n import tr
from desktop.models import suggested
from desktop.models.session import Problem
from desktop.models.settings_page import Line, found, lines
from desktop.platform import abilities
from desktop.recorder import devices
from desktop.settings.setting import Page, Value
from desktop.views.languages import spoken
from desktop.views.settings.window import SettingsWindow

log = logging.getLogger(__name__)


class SettingsController(QObject):
    """Owns the window from its first opening on."""

    def __init__(self, context: Context, parts: Mapping[Page, Sequence[Callable[[], QWidget]]]) -> None:
        super().__init__(context.application)
        self._context = context
        self._troubles: Mapping[str, str] = {}
        self._closed = False
        self.window = SettingsWindow(self._lines())
        for page, makers in parts.items():
            for make in makers:
                self.window.add_part(page, make())
        self.window.show_suggested({**suggested.known(), "speech_language": spoken()})
        self.window.chosen.connect(self._choose)
        self.window.reset.connect(self._reset)
        self.window.searched.connect(lambda words: self.window.show_found(*found(words)))
        context.settings.changed.connect(self._show)

    def open(self, page: Page | None = None) -> None:
        """In front of the others, at this page or where it was."""
        if page:
            self.window.show_page(page)
        self._context.background.in_thread(abilities.troubles, self._show_troubles)
        self._context.background.in_thread(devices.ask, self._show_devices, self._no_devices)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """For good."""
        self._closed = True
        self._context.settings.changed.disconnect(self._show)
        self.window.close()
        self.window.deleteLater()

    def _lines(self) -> dict[str, Line]:
        return dict(lines(self._context.settings.value, settings.overridden, self._troubles))

    def _show_troubles(self, found: Mapping[str, str]) -> None:
        """What this system cannot follow: asked anew each time, for a service may have come."""
        self._troubles = found
        if not self._closed:
            self._show()

    def _show_devices(self, listed: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        if not self._closed:
            self.window.show_suggested(suggested.found(listed))

    def _no_devices(self, error: Exception) -> None:
        """A name can still be typed; the diagnostics say what is wrong with the devices."""
        log.info("no devices to suggest: %s", error)

    def _show(self, *_: object) -> None:
        self.window.show_lines(self._lines())

    def _choose(self, name: str, value: Value) -> None:
        try:
            self._context.settings.change(**{name: value})
        except UsageError as error:  # which names the key of the file
            words = tr("{name} cannot be {value}", name=settings.TABLE[name].title, value=f"“{value}”")
            self.window.banner.show_problem(Problem(words, error.detail, error.hint))
            self._show()
        except HeddleError as error:
            self.window.banner.show_problem(Problem(error.title, error.detail, error.hint))
            self._show()
        else:
            self.window.banner.hide()

    def _reset(self, name: str) -> None:
        self._choose(name, settings.TABLE[name].default)

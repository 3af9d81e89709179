"""The settings before anybody looks at them: nothing of their window is loaded until it is opened."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.context import Context
from desktop.models.actions import Action
from desktop.settings.setting import Page

if TYPE_CHECKING:
    from desktop.controllers.settings.window import SettingsController


class SettingsOpener(QObject):
    """One for the app."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self.controller: SettingsController | None = None
        self._parts: dict[Page, list[Callable[[], QWidget]]] = {}
        context.actions.handle(Action.SETTINGS, self.open)

    def add_part(self, page: Page, make: Callable[[], QWidget]) -> None:
        """Has `make` called for what goes below the rows of a page, when the window is first opened."""
        self._parts.setdefault(page, []).append(make)

    def open(self, page: Page | None = None) -> None:
        """Shows the window, at this page."""
        if self.controller is None:
            from desktop.controllers.settings.window import SettingsController

            self.controller = SettingsController(self._context, self._parts)
        self.controller.open(page)

    def close(self) -> None:
        """Idempotent."""
        if self.controller:
            self.controller.close()
            self.controller = None

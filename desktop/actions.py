"""The one place through which actions go, wherever they come from, to whoever carries them out."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.models.actions import Action


class Actions(QObject):
    """Each action has one handler; what has none yet does nothing."""

    performed = Signal(object)  # the Action, after its handler

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handlers: dict[Action, Callable[[], object]] = {}

    def handle(self, action: Action, handler: Callable[[], object]) -> None:
        """Says who carries out `action`; ValueError when somebody does already."""
        if action in self._handlers:
            raise ValueError(f"{action} has a handler already")
        self._handlers[action] = handler

    def perform(self, action: Action) -> None:
        """Has it done, now and on this thread (Qt's)."""
        handler = self._handlers.get(action)
        if handler:
            handler()
            self.performed.emit(action)

"""What every controller of the app is given."""

from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.live_settings import LiveSettings
from desktop.messages import Messages


@dataclass(frozen=True, slots=True)
class Context:
    """Made once, in `app.py`."""

    application: QApplication
    background: Background
    bridge: RecorderBridge
    actions: Actions
    settings: LiveSettings
    messages: Messages

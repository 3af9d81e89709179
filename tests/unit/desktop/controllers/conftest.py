"""What a controller is given, without the app around it."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QObject

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.live_settings import LiveSettings
from desktop.messages import Messages


@pytest.fixture
def context(qapp: Any) -> Iterator[Context]:
    """Its recorder is none: nothing is recorded."""
    parent = QObject()
    settings = LiveSettings(parent)
    made = Context(
        application=qapp,
        background=Background(parent),
        bridge=RecorderBridge([sys.executable, "-c", ""], parent),
        actions=Actions(parent),
        settings=settings,
        messages=Messages(settings, parent),
    )
    yield made
    made.background.close()
    made.messages.close()
    parent.deleteLater()

"""What a crash left."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.models.recovered import Recovered
from desktop.views.recovered import RecoveredWindow


def window() -> QWidget:
    """Two takes, one of which is on its way."""
    view = RecoveredWindow()
    takes = (
        Recovered(Path("a.mp4"), "Weekly meeting", 1934, 512 << 20),
        Recovered(Path("b.mp4"), "Bug in the date picker", 96, 31 << 20, sending=True),
    )
    view.show_takes(takes, can_send=True)
    return view


SHOTS: dict[str, Callable[[], QWidget]] = {"window": window}

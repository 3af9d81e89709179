"""What a crash left."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.models.recovered import Cause, Recovered
from desktop.views.recovered import RecoveredWindow


def window() -> QWidget:
    """One take of each cause."""
    view = RecoveredWindow()
    takes = (
        Recovered(Path("a.mp4"), "Weekly meeting", 1934, 512 << 20),
        Recovered(Path("b.mp4"), "Bug in the date picker", 96, 31 << 20, sending=True, cause=Cause.SERVER),
        Recovered(Path("c.mp4"), "Onboarding, part 2", 611, 204 << 20, cause=Cause.APP, link="https://x"),
    )
    view.show_takes(takes, can_send=True)
    return view


SHOTS: dict[str, Callable[[], QWidget]] = {"window": window}

"""What the app tells."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.models.session import Problem
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.toast import Toast

FULL = Problem(
    "The recording ended early",
    "/home has 180 MB left, and the settings keep 200 MB free.",
    "What was recorded is saved and plays. Make room and record again.",
)
METERED = Problem("This connection is metered", "Two recordings wait for another one.", severity="warning")


def banners() -> QWidget:
    """An error with something to do, and a warning."""
    window = QWidget()
    window.setMinimumWidth(theme.em(window, 90))
    layout = QVBoxLayout(window)
    for problem, words in ((FULL, "Open &storage"), (METERED, "")):
        banner = Banner()
        layout.addWidget(banner)
        banner.show_problem(problem, words)
    layout.addStretch(1)
    return window


def toast() -> QWidget:
    """Where there is no tray."""
    view = Toast("The link is on the clipboard", "https://heddle.example/s/4fK2p. A click opens it.")
    view.adjustSize()
    return view


SHOTS: dict[str, Callable[[], QWidget]] = {"banners": banners, "toast": toast}

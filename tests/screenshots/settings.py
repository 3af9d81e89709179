"""The settings' pages."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.models.settings_page import SHOWN, found, lines
from desktop.settings import Settings
from desktop.settings.setting import Page
from desktop.views.settings.window import SettingsWindow

NOW = Settings(
    server="https://heddle.example", theme="dark", fps=60, camera="Brio 4K",
    background="blur", recordings=Path("/home/ada/Videos/Heddle"), upload_limit="2M",
)  # fmt: skip


def window(page: Page = Page.GENERAL) -> SettingsWindow:
    """At one page, with an environment that wins somewhere."""
    view = SettingsWindow(lines(NOW, {"server": "HEDDLE_SERVER"}.get))
    view.show_page(page)
    return view


def search() -> QWidget:
    """What a search leaves."""
    view = window()
    view.search.setText("camera")
    view.show_found(*found("camera"))
    return view


SHOTS: dict[str, Callable[[], QWidget]] = {page.value: partial(window, page) for page in SHOWN} | {
    "search": search
}

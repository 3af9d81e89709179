"""The settings' pages."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop.models.settings_page import SHOWN, found, lines
from desktop.models.storage import Kept, Room
from desktop.models.suggested import known
from desktop.settings import Settings
from desktop.settings.setting import Page
from desktop.views.settings.opening import OpeningPart
from desktop.views.settings.storage import StoragePart
from desktop.views.settings.updates import UpdatesPart
from desktop.views.settings.window import SettingsWindow

NOW = Settings(
    server="https://heddle.example", theme="dark", fps=60, camera="Brio 4K",
    background="blur", recordings=Path("/home/ada/Videos/Heddle"), upload_limit="2M",
)  # fmt: skip

_TROUBLES = {"do_not_disturb": "This desktop lets no program silence its notifications (GNOME and KDE do)."}


def window(page: Page = Page.GENERAL) -> SettingsWindow:
    """At one page, with an environment that wins somewhere, and a system that cannot do all."""
    view = SettingsWindow(lines(NOW, {"server": "HEDDLE_SERVER"}.get, _TROUBLES))
    view.show_suggested(known())
    view.show_page(page)
    return view


def search() -> SettingsWindow:
    """What a search leaves."""
    view = window()
    view.search.setText("camera")
    view.show_found(*found("camera"))
    return view


SHOTS: dict[str, Callable[[], SettingsWindow]] = {
    page.value: partial(window, page) for page in SHOWN if page is not Page.HOTKEYS
}
SHOTS["search"] = search


def storage() -> SettingsWindow:
    """With the part that shows the takes."""
    view = window(Page.STORAGE)
    part = StoragePart()
    view.add_part(Page.STORAGE, part)
    part.show_room(
        Room(
            (
                Kept("a.mp4", "Weekly meeting", 3187, 912 << 20, on_server=True, removable=True),
                Kept("b.mp4", "How the importer works", 754, 203 << 20, on_server=True, removable=True),
                Kept("c.mp4", "Bug in the date picker", 96, 31 << 20, on_server=False, removable=False),
            ),
            1146 << 20,
            88 << 20,
        )
    )
    part.show_words("88.0 MiB are in the trash.", can_undo=True)
    return view


SHOTS["storage"] = storage


def updates() -> SettingsWindow:
    """With news."""
    view = window(Page.UPDATES)
    part = UpdatesPart("0.1.0")
    view.add_part(Page.UPDATES, part)
    part.show_words("There is version 0.2.0. New: colours.", page=True)
    return view


def opening(page: Page) -> SettingsWindow:
    """A page of which the rest has a window of its own."""
    view = window(page)
    view.add_part(page, OpeningPart(*_ELSEWHERE[page]))
    return view


_ELSEWHERE = {
    Page.UPLOADS: (
        "A private server, or a sign-in to one with an address; permissions; devices.",
        "Set Heddle up &anew …",
    ),
    Page.TRANSCRIPTION: (
        "What was written down, and the models that listen: fetch them here.",
        "Open &transcripts and models …",
    ),
    Page.DIAGNOSTICS: (
        "What works on this computer, what does not, and a report for whoever looks into it.",
        "Open &diagnostics …",
    ),
}
SHOTS |= {"updates": updates} | {page.value: partial(opening, page) for page in _ELSEWHERE}

"""What the pages of the settings hold below their rows. Each is made when the window is first opened."""

from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.context import Context
from desktop.controllers.hotkeys import HotkeyController
from desktop.controllers.settings.opening import SettingsOpener
from desktop.controllers.updates import Updates
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.settings.setting import Page


def add_parts(context: Context, opener: SettingsOpener, hotkeys: HotkeyController, updates: Updates) -> None:
    """Those of the app."""
    opener.add_part(Page.HOTKEYS, hotkeys.page)
    opener.add_part(Page.STORAGE, partial(_storage, context))
    opener.add_part(Page.UPDATES, updates.part)
    add_ways(context, opener)


def add_ways(context: Context, opener: SettingsOpener) -> None:
    """Buttons that open the windows in which the rest of a subject is."""
    for page, action, about, words in (
        (
            Page.UPLOADS,
            Action.SETUP,
            tr("A private server, or a sign-in to one with an address; permissions; devices."),
            tr("Set Heddle up &anew …"),
        ),
        (
            Page.TRANSCRIPTION,
            Action.TRANSCRIPTS,
            tr("What was written down, and the models that listen: fetch them here."),
            tr("Open &transcripts and models …"),
        ),
        (
            Page.DIAGNOSTICS,
            Action.DIAGNOSTICS,
            tr("What works on this computer, what does not, and a report for whoever looks into it."),
            tr("Open &diagnostics …"),
        ),
    ):
        opener.add_part(page, partial(_opening, context, action, about, words))


def _storage(context: Context) -> QWidget:
    from desktop.controllers.settings.storage import StorageController

    return StorageController(context).part


def _opening(context: Context, action: Action, about: str, words: str) -> QWidget:
    from desktop.views.settings.opening import OpeningPart

    part = OpeningPart(about, words)
    part.clicked.connect(lambda: context.actions.perform(action))
    return part

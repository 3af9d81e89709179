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
    opener.add_part(
        Page.TRANSCRIPTION,
        partial(
            _opening, context, Action.TRANSCRIPTS,
            tr("What was written down, what waits, and the models on this computer."),
            tr("Open &transcripts"),
        ),
    )  # fmt: skip
    opener.add_part(
        Page.DIAGNOSTICS,
        partial(
            _opening, context, Action.DIAGNOSTICS,
            tr("What works on this computer and what does not, and a report on a bug without private data."),
            tr("Open &diagnostics"),
        ),
    )  # fmt: skip


def _storage(context: Context) -> QWidget:
    from desktop.controllers.settings.storage import StorageController

    return StorageController(context).part


def _opening(context: Context, action: Action, about: str, words: str) -> QWidget:
    from desktop.views.settings.opening import OpeningPart

    part = OpeningPart(about, words)
    part.clicked.connect(lambda: context.actions.perform(action))
    return part

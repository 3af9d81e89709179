"""Keys, the tools to draw with, the speaker's notes, the camera's bubble."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from desktop.models import hotkeys
from desktop.models.actions import Action
from desktop.models.bubble import Bubble
from desktop.models.drawing import COLOURS, Drawing, Tool
from desktop.models.hotkeys import ALWAYS, DEFAULTS
from desktop.models.notes import Notes
from desktop.settings.setting import Page
from desktop.views import theme
from desktop.views.bubble import BubbleWindow
from desktop.views.draw.tools import DrawTools
from desktop.views.notes import NotesWindow
from desktop.views.settings.hotkeys import HotkeysPage
from desktop.views.settings.window import SettingsWindow
from tests.screenshots.settings import window


def page() -> SettingsWindow:
    """Each state that a key can have."""
    texts = {**DEFAULTS, Action.LIBRARY: "Ctrl+Shift+L", Action.SETTINGS: "Ctrl+C"}
    wanted, wrong = hotkeys.assignments(texts.__getitem__)
    view, part = window(Page.HOTKEYS), HotkeysPage()
    view.add_part(Page.HOTKEYS, part)
    view.resize(view.width(), theme.space(view, 112))  # all of it, without a scroll bar
    part.show_table(
        hotkeys.table(
            wanted,
            wrong=wrong,
            doubles=hotkeys.without_doubles(wanted)[1],
            refused={Action.MUTE: "Another program has it."},
            held=ALWAYS,
            named={},
        )
    )
    return view


def tools() -> QWidget:
    """With something to undo."""
    view = DrawTools()
    drawing = Drawing().begin(Tool.PEN, COLOURS[0], (0, 0)).finish(0.0)
    view.show_state(drawing, Tool.ARROW, COLOURS[0], fading=False)
    view.adjustSize()
    return view


def notes() -> QWidget:
    """On a system that films it."""
    view = NotesWindow()
    text = "Good morning!\n\nToday: how our link is there before the recording ends.\n\n1. Two keys"
    view.show_notes(Notes(text, size=16), running=True)
    view.show_whether_seen(seen=True)
    return view


def bubble() -> QWidget:
    """Before the camera's first picture."""
    view = BubbleWindow(see_through=False)
    view.show_words("The camera opens …")
    view.show_bubble(Bubble(), QRect(0, 0, 216, 216))
    return view


SHOTS: dict[str, Callable[[], QWidget]] = {"page": page, "tools": tools, "notes": notes, "bubble": bubble}

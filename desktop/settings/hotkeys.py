"""The rows of hotkeys: one for each action."""

from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.hotkeys import DEFAULTS, title
from desktop.settings.setting import Kind, Page, setting


def hotkey(action: Action) -> str:
    """The field for the keys of an action."""
    about = tr("Keys that do it from any program, such as Ctrl+Alt+H; `none` for none.")
    return setting(DEFAULTS[action], Page.HOTKEYS, title(action), about, kind=Kind.HOTKEY)

"""The commands of the library as Qt's actions, with their words and keys."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.i18n import tr
from desktop.models.library.commands import Command
from desktop.models.library.items import Folder
from desktop.views import theme

_KEYS = {
    Command.COPY_LINK: "Ctrl+L",
    Command.BROWSE: "Ctrl+B",
    Command.TAGS: "Ctrl+T",
    Command.TRANSCRIBE: "Ctrl+Shift+T",
    Command.SHARE: "Ctrl+Shift+S",
    Command.EXPORT: "Ctrl+E",
    Command.TRASH: "Del",
}
_SYMBOLS = {
    Command.OPEN: "play",
    Command.COPY_LINK: "link",
    Command.BROWSE: "open",
    Command.SHOW_FILE: "folder",
    Command.SHARE: "share",
    Command.EXPORT: "download",
    Command.KEEP: "storage",
    Command.TRANSCRIBE: "transcription",
    Command.RETRY: "refresh",
    Command.HOLD: "pause",
    Command.RESUME: "play",
    Command.UPLOAD: "upload",
    Command.CONFLICT: "warning",
    Command.TRASH: "trash",
    Command.RESTORE: "undo",
}
_GROUPS: tuple[tuple[Command, ...], ...] = (
    (Command.OPEN, Command.BROWSE, Command.SHOW_FILE),
    (Command.COPY_LINK, Command.COPY_EMBED, Command.QR, Command.SHARE),
    (Command.RENAME, Command.TAGS, Command.MOVE),
    (Command.TRANSCRIBE, Command.STOP_TRANSCRIBING, Command.TRANSCRIPT),
    (
        Command.CONFLICT,
        Command.RETRY,
        Command.HOLD,
        Command.RESUME,
        Command.UPLOAD,
        Command.EXPORT,
        Command.KEEP,
    ),
    (Command.TRASH, Command.RESTORE, Command.ERASE),
)


class Commands:
    """Owned by a window: its actions, so that their keys work there. `do` carries one out."""

    def __init__(self, window: QWidget, do: Callable[[Command], object]) -> None:
        self._window = window
        self.actions: dict[Command, QAction] = {}
        self._explained: set[Command] = set()
        for command, words in _words().items():
            action = QAction(words, window)
            if command in _SYMBOLS:
                action.setIcon(theme.icon(_SYMBOLS[command]))
            if command in _KEYS:
                action.setShortcut(QKeySequence(_KEYS[command]))
            action.triggered.connect(lambda _checked=False, one=command: do(one))
            window.addAction(action)
            self.actions[command] = action
        self.allow(())

    def allow(self, commands: Collection[Command]) -> None:
        """Only these can be done now."""
        for command, action in self.actions.items():
            action.setEnabled(command in commands)

    def say(self, command: Command, words: str, *, explained: bool) -> None:
        """Other words for one; where they are `explained`, it stays in the menu although it is grey."""
        self.actions[command].setText(words)
        if explained:
            self._explained.add(command)
        else:
            self._explained.discard(command)

    def menu(self, folders: Sequence[Folder], move: Callable[[str], object]) -> QMenu:
        """What can be done, for the chosen recordings; the caller shows it, and it ends with that."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        for group in _GROUPS:
            some = [
                self.actions[command]
                for command in group
                if self.actions[command].isEnabled() or command in self._explained
            ]
            for action in some:
                if action is self.actions[Command.MOVE]:
                    menu.addMenu(_folders(menu, folders, move))
                else:
                    menu.addAction(action)
            if some:
                menu.addSeparator()
        return menu


def _folders(parent: QMenu, folders: Sequence[Folder], move: Callable[[str], object]) -> QMenu:
    menu = QMenu(tr("&Move to folder"), parent)
    menu.addAction(tr("No folder"), lambda: move(""))
    for one in folders:
        menu.addAction(one.name.replace("&", "&&"), partial(move, one.id))
    return menu


def _words() -> dict[Command, str]:
    return {
        Command.OPEN: tr("&Play"),
        Command.COPY_LINK: tr("&Copy link"),
        Command.COPY_EMBED: tr("Copy &embed code"),
        Command.QR: tr("Show as &QR code"),
        Command.BROWSE: tr("Open in &browser"),
        Command.SHOW_FILE: tr("Show &file"),
        Command.RENAME: tr("Re&name"),
        Command.TAGS: tr("&Tags…"),
        Command.MOVE: tr("&Move to folder"),
        Command.SHARE: tr("&Sharing…"),
        Command.EXPORT: tr("E&xport…"),
        Command.KEEP: tr("&Keep a copy on this computer"),
        Command.TRANSCRIBE: tr("&Write down what is said"),
        Command.STOP_TRANSCRIBING: tr("St&op writing down"),
        Command.TRANSCRIPT: tr("S&how the transcript"),
        Command.RETRY: tr("Try &again"),
        Command.HOLD: tr("Pa&use upload"),
        Command.RESUME: tr("&Resume upload"),
        Command.UPLOAD: tr("&Upload"),
        Command.CONFLICT: tr("Decide between both &versions…"),
        Command.TRASH: tr("&Delete"),
        Command.RESTORE: tr("&Restore"),
        Command.ERASE: tr("Delete for &good…"),
    }

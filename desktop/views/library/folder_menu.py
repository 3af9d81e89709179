"""What one does with folders: a menu, and the two questions that it asks."""

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QWidget

from desktop.i18n import tr
from desktop.models.library.items import Folder, FolderChange
from desktop.views.question import confirm

_LONGEST = 100  # characters of a name, as the server has it

Wanted = Callable[[FolderChange], object]


def folder_menu(parent: QWidget, folder: Folder | None, wanted: Wanted) -> QMenu:
    """For `folder`; None where there is none."""
    menu = QMenu(parent)
    if folder is None:
        menu.addAction(tr("&New folder…"), lambda: _new(parent, None, wanted))
        return menu
    menu.addAction(tr("&New folder in it…"), lambda: _new(parent, folder.id, wanted))
    menu.addAction(tr("&Rename…"), lambda: _rename(parent, folder, wanted))
    menu.addAction(tr("&Delete folder…"), lambda: _delete(parent, folder, wanted))
    return menu


def _new(parent: QWidget, above: str | None, wanted: Wanted) -> None:
    if name := _ask_name(parent, tr("New folder"), ""):
        wanted(FolderChange(None, name, above))


def _rename(parent: QWidget, folder: Folder, wanted: Wanted) -> None:
    name = _ask_name(parent, tr("Rename the folder"), folder.name)
    if name and name != folder.name:
        wanted(FolderChange(folder.id, name))


def _ask_name(parent: QWidget, title: str, name: str) -> str:
    text, ok = QInputDialog.getText(parent, title, tr("Name"), QLineEdit.EchoMode.Normal, name)
    return text.strip()[:_LONGEST] if ok else ""


def _delete(parent: QWidget, folder: Folder, wanted: Wanted) -> None:
    if confirm(
        tr("Delete the folder"),
        tr("Delete the folder “{name}”?", name=folder.name),
        tr("What lies in it is kept, and moves up."),
        tr("&Delete the folder"),
        parent,
        grave=False,
    ):
        wanted(FolderChange(folder.id, None))

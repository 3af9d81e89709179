"""Folders, which the server keeps: made, renamed and deleted there. Nothing of it waits while it is away."""

from typing import TYPE_CHECKING, Any

from desktop.context import Context
from desktop.i18n import tr
from desktop.models.library.items import FolderChange
from desktop.models.session import Problem
from uploader.errors import UploadError
from uploader.rest import Changed, NotFound, operations

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController


class Folders:
    def __init__(self, context: Context, library: "LibraryController") -> None:
        self._context, self._library = context, library

    def change(self, wanted: FolderChange) -> None:
        """Has the server do it; what became of it is shown when it has."""
        keeper = self._library.keeper
        if keeper is None or keeper.sync is None:
            self._context.messages.tell(Problem(tr("No server is set up"), tr("Folders are kept there.")))
            return
        self._context.background.run(
            keeper.sync.answer(_call(wanted)), lambda _: self._library.again(), self._failed
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, NotFound | Changed):
            self._library.again()  # somebody was faster, and it is shown how it is now
        elif isinstance(error, UploadError):
            hint = tr("Folders are kept on the server; try again when it can be reached.")
            self._context.messages.tell(Problem(error.title, error.detail, hint))
        else:
            self._library.tell(error)


def _call(wanted: FolderChange) -> Any:
    if wanted.id is None:
        return operations.create_folder({"name": wanted.name or "", "parentId": wanted.parent_id})
    if wanted.name is None:
        return operations.delete_folder(wanted.id)
    return operations.update_folder(wanted.id, {"name": wanted.name})

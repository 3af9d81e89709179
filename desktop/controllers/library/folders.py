"""Folders, which the server keeps: made, renamed and deleted there. Nothing of it waits while it is away."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from desktop.context import Context
from desktop.i18n import tr
from desktop.models.library.items import Folder, FolderChange
from desktop.models.library.query import Query
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
        if wanted.id is not None and wanted.name is None:
            self._delete(wanted.id)
        else:
            self._send(_call(wanted), lambda _: self._library.again())

    def _delete(self, folder_id: str) -> None:
        """What lies in it moves up; whoever takes that back finds it there again."""
        store = self._library.store

        def look() -> tuple[Sequence[Folder], Sequence[str]]:
            inside = store.items(store.ids(Query(folder=folder_id)))
            return store.folders(), [item.key for item in inside.values()]

        def looked(found: tuple[Sequence[Folder], Sequence[str]]) -> None:
            folders, keys = found
            folder = next((one for one in folders if one.id == folder_id), None)
            below = [one.id for one in folders if one.parent_id == folder_id]

            def done(_answer: Any) -> None:
                self._library.again()
                if folder:
                    words = tr("The folder “{name}” is deleted", name=folder.name)
                    self._library.offer_undo(words, lambda: self._bring_back(folder, keys, below))

            self._send(operations.delete_folder(folder_id), done)

        self._context.background.in_thread(look, looked, self._library.tell)

    def _bring_back(self, folder: Folder, keys: Sequence[str], below: Sequence[str]) -> None:
        store, at = self._library.store, time.time()

        def made(answer: Any) -> None:
            new = answer.value["id"]
            for one in below:
                self._send(operations.update_folder(one, {"parentId": new}), lambda _: None)

            def fill() -> None:
                for key in keys:  # which lie where the deletion put them, as far as we know
                    store.edit(key, {"folderId": new}, at, {"folderId": folder.parent_id})

            self._context.background.in_thread(fill, lambda _: self._library.again(), self._library.tell)

        self._send(operations.create_folder({"name": folder.name, "parentId": folder.parent_id}), made)

    def _send(self, call: Any, done: Any) -> None:
        keeper = self._library.keeper
        if keeper and keeper.sync:
            self._context.background.run(keeper.sync.answer(call), done, self._failed)

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
    return operations.update_folder(wanted.id, {"name": wanted.name or ""})

"""Share settings: asked of the server and written there. A password is kept nowhere here, so nothing of them
waits while the server is away.
"""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop.context import Context
from desktop.i18n import tr
from desktop.models.library.items import Item
from desktop.models.library.wording import embed_code
from desktop.models.session import Problem
from desktop.views.library.sharing import ShareDialog
from uploader.errors import UploadError
from uploader.rest import ApiError, Changed, operations

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController


class Sharing(QObject):
    """One dialog about one recording."""

    def __init__(self, context: Context, library: "LibraryController", item: Item, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._library, self._item = context, library, item
        self._etag: str | None = None
        self.dialog = ShareDialog(item.title, library.front)
        self.dialog.save_wanted.connect(self._save)
        self.dialog.copy_wanted.connect(self._copy)
        self.dialog.destroyed.connect(self.deleteLater)
        self._open = True
        self.dialog.finished.connect(self._closed)

    def open(self) -> None:
        """Shows the dialog, and asks how it is shared."""
        self.dialog.open()
        self._ask()

    def _ask(self) -> None:
        call = operations.get_share_settings(self._item.recording_id or "")
        self._send(call, self._show)

    def _show(self, answer: Any) -> None:
        if self._open:
            self._etag = answer.etag
            self.dialog.show_settings(answer.value)

    def _save(self, changed: dict[str, Any]) -> None:
        body: Any = changed
        call = operations.update_share_settings(self._item.recording_id or "", body, if_match=self._etag)
        self._send(call, lambda _answer: self._saved())

    def _saved(self) -> None:
        self._library.again()
        if self._open:
            self.dialog.accept()

    def _send(self, call: Any, done: Any) -> None:
        keeper = self._library.keeper
        if keeper is None or keeper.sync is None:
            self.dialog.show_problem(Problem(tr("No server is set up")))
            return
        self._context.background.run(keeper.sync.answer(call), done, self._failed)

    def _failed(self, error: Exception) -> None:
        if not self._open:
            return
        if isinstance(error, Changed):
            self.dialog.show_problem(
                Problem(tr("Somebody changed it meanwhile"), hint=tr("This is how it is now; choose again."))
            )
            self._ask()
        elif isinstance(error, ApiError):
            self.dialog.show_problem(Problem(tr("The server did not take that"), error.sentence))
        elif isinstance(error, UploadError):
            hint = tr("Sharing is decided on the server; try again when it can be reached.")
            self.dialog.show_problem(Problem(error.title, error.detail, hint))
        else:
            self._library.tell(error)

    def _copy(self, what: str) -> None:
        link = self.dialog.link.text()
        QGuiApplication.clipboard().setText(embed_code(link) if what == "embed" else link)

    def _closed(self, _result: int) -> None:
        self._open = False

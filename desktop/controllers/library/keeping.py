"""Copies of recordings on this computer, one after the other, with how far they are and a way out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.background import Work
from desktop.context import Context
from desktop.i18n import tr
from desktop.library.keeper import Keeper
from desktop.library.keeping import keep
from desktop.models.library.items import Item
from desktop.settings import recordings_folder
from desktop.views.library.export import ProgressDialog

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController


class Keeping(QObject):
    """Its windows leave the library free: a long recording takes its time."""

    _progress = Signal(object, float)  # a dialog, how much is done; from any thread

    def __init__(self, context: Context, library: "LibraryController", parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._library = context, library
        self._dialogs: dict[ProgressDialog, Work] = {}
        self._under_way: set[str] = set()  # keys of items
        self._progress.connect(self._show)

    def keep(self, items: Sequence[Item]) -> None:
        """Brings those here that are not on their way yet."""
        wanted = [item for item in items if item.key not in self._under_way]
        keeper = self._library.keeper
        if keeper is None or not wanted:
            return
        folder = recordings_folder(self._context.settings.value)
        many = tr("Keeping copies of {count} recordings", count=len(wanted))
        one = tr("Keeping a copy of “{title}”", title=wanted[0].title)
        dialog = ProgressDialog(many if len(wanted) > 1 else one, self._library.window)
        self._under_way |= {item.key for item in wanted}

        def told(part: float) -> None:
            self._progress.emit(dialog, part)

        def ended() -> None:
            self._under_way -= {item.key for item in wanted}
            if self._dialogs.pop(dialog, None):
                dialog.accept()
            self._library.again()

        def failed(error: Exception) -> None:
            ended()
            self._library.tell(error)

        def done(paths: Sequence[Path]) -> None:
            ended()
            words = tr("{count} recordings are on this computer", count=len(paths))
            self._context.messages.notify(words if len(paths) > 1 else tr("The copy is here"), str(paths[-1]))

        work = self._context.background.run(_all(keeper, wanted, folder, told), done, failed)
        self._dialogs[dialog] = work
        dialog.cancelled.connect(lambda: self._cancel(dialog, wanted))
        dialog.show()

    def close(self) -> None:
        """The app ends; what has come is there the next time."""
        for dialog in list(self._dialogs):
            dialog.reject()

    def _cancel(self, dialog: ProgressDialog, items: Sequence[Item]) -> None:
        self._under_way -= {item.key for item in items}
        work = self._dialogs.pop(dialog, None)
        if work:
            work.cancel()
        self._library.again()  # some of them may be here

    def _show(self, dialog: ProgressDialog, part: float) -> None:
        if dialog in self._dialogs:
            dialog.show_progress(part)


async def _all(
    keeper: Keeper, items: Sequence[Item], folder: Path, told: Callable[[float], object]
) -> list[Path]:
    """Until one fails: most likely the next would as well."""
    paths: list[Path] = []
    for item in items:
        paths.append(await keep(keeper, item, folder, lambda part: told((len(paths) + part) / len(items))))
    return paths

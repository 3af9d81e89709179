"""The library's small questions: tags, a decision between two versions, a QR code, deleting for good."""

import io
from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.library.edits import Edit, EditState
from desktop.models.library.items import LONGEST_TAG, Folder, Item
from desktop.views import theme
from desktop.views.question import confirm
from desktop.views.words import plain_tip

_Buttons = QDialogButtonBox.StandardButton
_MOST_SHOWN = 60  # letters of one version


class TagsDialog(QDialog):
    """Which tags the recordings have; what only some of them have shows as half chosen."""

    changed = Signal(list, list)  # tags to add, tags to remove

    def __init__(self, items: Sequence[Item], known: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Tags"))
        self.new = QLineEdit(placeholderText=tr("New tag, then Enter"), maxLength=LONGEST_TAG)
        self.new.setAccessibleName(tr("New tag"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Tags"))
        self._before: dict[str, Qt.CheckState] = {}
        for tag in sorted({*known, *(tag for item in items for tag in item.tags)}, key=str.casefold):
            having = sum(tag in item.tags for item in items)
            some = Qt.CheckState.PartiallyChecked if having else Qt.CheckState.Unchecked
            self._add(tag, Qt.CheckState.Checked if having == len(items) else some)
        buttons = QDialogButtonBox(_Buttons.Ok | _Buttons.Cancel)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        theme.primary(buttons.button(_Buttons.Ok))
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        for widget in (self.new, self.list, buttons):
            layout.addWidget(widget)
        self.resize(theme.em(self, 45), theme.space(self, 40))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter adds the tag that is written, for another to follow; it ends the dialog where none is."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.focusWidget() is self.new and self.new.text().strip():
            self._take_new()
        else:
            super().keyPressEvent(event)

    def _add(self, tag: str, state: Qt.CheckState) -> QListWidgetItem:
        entry = QListWidgetItem(tag)
        entry.setCheckState(state)
        entry.setSizeHint(QSize(0, theme.space(self, 3.4)))
        self.list.addItem(entry)
        self._before.setdefault(tag, state)
        return entry

    def _take_new(self) -> None:
        tag = " ".join(self.new.text().split())
        self.new.clear()
        if not tag:
            return
        for entry in self._entries():
            if entry.text().casefold() == tag.casefold():
                entry.setCheckState(Qt.CheckState.Checked)
                return
        entry = self._add(tag, Qt.CheckState.Unchecked)
        entry.setCheckState(Qt.CheckState.Checked)
        self.list.scrollToItem(entry)

    def _entries(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _accept(self) -> None:
        self._take_new()
        touched = [entry for entry in self._entries() if entry.checkState() is not self._before[entry.text()]]
        added = [entry.text() for entry in touched if entry.checkState() is Qt.CheckState.Checked]
        removed = [entry.text() for entry in touched if entry.checkState() is Qt.CheckState.Unchecked]
        if added or removed:
            self.changed.emit(added, removed)
        self.accept()


class ConflictDialog(QDialog):
    """Both versions, field by field; the person decides, and only then is anything written over."""

    decided = Signal(list)  # the fields for which one's own version counts

    def __init__(
        self, item: Item, edit: Edit, folders: Sequence[Folder] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Two versions"))
        names = {one.id: one.name for one in folders}
        refused = edit.state is EditState.REFUSED
        words = (
            tr("The server did not take your change of “{title}”: {why}", title=item.title, why=edit.problem)
            if refused
            else tr("“{title}” was changed here and elsewhere. Which version shall it be?", title=item.title)
        )
        head = QLabel(words, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._theirs = {} if refused else dict(edit.theirs)
        self.mine: dict[str, QRadioButton] = {}
        grid = QGridLayout()
        for column, title in enumerate(("", tr("Yours"), tr("On the server"))):
            label = QLabel(title)
            theme.scaled_font(label, 1.0, bold=True)
            grid.addWidget(label, 0, column)
        for row, name in enumerate(sorted(edit.mine if refused else edit.theirs), 1):
            grid.addWidget(QLabel(_field(name)), row, 0)
            now = edit.base.get(name) if refused else edit.theirs[name]
            mine = _version(_field(name), tr("Yours"), _value(edit.mine[name], names))
            theirs = _version(_field(name), tr("On the server"), _value(now, names))
            group = QButtonGroup(self)
            group.addButton(mine)
            group.addButton(theirs)
            mine.setChecked(True)
            self.mine[name] = mine
            grid.addWidget(mine, row, 1)
            grid.addWidget(theirs, row, 2)
        buttons = QDialogButtonBox(_Buttons.Apply | _Buttons.Cancel)
        buttons.button(_Buttons.Apply).clicked.connect(self._apply)
        theme.primary(buttons.button(_Buttons.Apply))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        layout.addWidget(head)
        layout.addLayout(grid)
        layout.addStretch()
        layout.addWidget(buttons)
        self.resize(theme.em(self, 80), layout.sizeHint().height())

    def _apply(self) -> None:
        self.decided.emit([name for name, button in self.mine.items() if button.isChecked()])
        self.accept()


class QrDialog(QDialog):
    """The link for a telephone's camera."""

    def __init__(self, title: str, link: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        picture.setAccessibleName(tr("QR code of {link}", link=link))
        picture.setPixmap(qr_code(link, theme.em(self, 40)))
        text = QLabel(link, alignment=Qt.AlignmentFlag.AlignCenter)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(_Buttons.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        for widget in (picture, text, buttons):
            layout.addWidget(widget)


def qr_code(text: str, side: int) -> QPixmap:
    """Black on white also in the dark: cameras want it so. As near to `side` pixels as whole modules come."""
    import segno  # noqa: PLC0415 - only for whoever asks for one

    code = segno.make(text, micro=False)
    written = io.BytesIO()
    code.save(written, kind="png", border=4, scale=max(1, side // code.symbol_size()[0]))
    picture = QPixmap()
    picture.loadFromData(written.getvalue())
    return picture


def confirm_erase(items: Sequence[Item], parent: QWidget | None) -> bool:
    """Whether the person is sure."""
    one = tr("Delete “{title}” for good?", title=items[0].title)
    many = tr("Delete {count} recordings for good?", count=len(items))
    return confirm(
        tr("Delete for good"),
        many if len(items) > 1 else one,
        tr("On the server nothing of it is left. A file on this computer goes into the system's trash."),
        tr("&Delete for good"),
        parent,
        grave=True,
    )


def _field(name: str) -> str:
    words = {
        "title": tr("Title"),
        "description": tr("Description"),
        "folderId": tr("Folder"),
        "tags": tr("Tags"),
        "trashed": tr("In the trash"),
    }
    return words.get(name, name)


def _version(field: str, whose: str, text: str) -> QRadioButton:
    """One of two; of a long text what fits, and all of it in the tip and for screen readers."""
    line = " ".join(text.split())
    button = QRadioButton((line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…").replace("&", "&&"))
    button.setToolTip(plain_tip(text))
    button.setAccessibleName(f"{field}, {whose}: {text}")
    return button


def _value(value: object, folders: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or tr("none")
    return folders.get(str(value), str(value)) if value not in (None, "") else tr("none")

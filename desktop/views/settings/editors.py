"""What one sets a setting with, by its kind: each editor shows a value and tells of another."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.devices import Choice
from desktop.settings.setting import Kind, Setting, Value
from desktop.views import theme

_UNBOUNDED = 1_000_000


class Editor(QWidget):
    """`chosen` comes when the person is done, not with each letter, and never from `show_value`."""

    chosen = Signal(object)

    def __init__(self, row: Setting, field: QWidget) -> None:
        super().__init__()
        self.row, self.field = row, field
        self.setFocusProxy(field)
        field.setAccessibleName(row.title)
        field.setAccessibleDescription(row.about)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.addWidget(field)

    def show_value(self, value: Value) -> None:
        """Without telling of it."""
        raise NotImplementedError


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self, row: Setting) -> None:
        self.box = QCheckBox(row.title)
        super().__init__(row, self.box)
        self.line.addStretch(1)
        self.box.clicked.connect(lambda _checked=False: self.chosen.emit(self.box.isChecked()))

    def show_value(self, value: Value) -> None:
        self.box.setChecked(bool(value))


class NumberEditor(Editor):
    """A whole number; the smallest step below the least stands for the default where that is None."""

    def __init__(self, row: Setting) -> None:
        self.box = QSpinBox()
        super().__init__(row, self.box)
        least = row.least or 0
        optional = row.default is None
        self._unset = least - 1 if optional else None
        self.box.setRange(least - optional, _UNBOUNDED if row.most is None else row.most)
        if optional:
            self.box.setSpecialValueText(_unset_words(row))
        self.box.setSuffix(f" {row.unit}" if row.unit else "")
        self.box.setKeyboardTracking(False)
        # A style sheet's padding is no matter to the field of a QSpinBox.
        self.box.lineEdit().setTextMargins(theme.space(self.box, 0.6), 0, 0, 0)
        self.box.setMinimumWidth(theme.em(self, 14))
        self.line.addStretch(1)
        self.box.valueChanged.connect(lambda value: self.chosen.emit(None if value == self._unset else value))

    def show_value(self, value: Value) -> None:
        self.box.blockSignals(True)
        self.box.setValue(value if isinstance(value, int) else self._unset or 0)
        self.box.blockSignals(False)


class ChoiceEditor(Editor):
    """One of a few."""

    def __init__(self, row: Setting) -> None:
        self.box = QComboBox()
        super().__init__(row, self.box)
        if row.default is None:
            self.box.addItem(_unset_words(row), None)
        for value, words in row.choices.items():
            self.box.addItem(words, value)
        self.line.addStretch(1)
        self.box.activated.connect(lambda index: self.chosen.emit(self.box.itemData(index)))

    def show_value(self, value: Value) -> None:
        self.box.setCurrentIndex(self.box.findData(value))


class TextEditor(Editor):
    """A line of text; empty stands for the default."""

    def __init__(self, row: Setting) -> None:
        self.box = QLineEdit(placeholderText=_unset_words(row))
        super().__init__(row, self.box)
        self._shown = ""
        self.box.editingFinished.connect(self._done)

    def show_value(self, value: Value) -> None:
        self._shown = self.row.shown(value)
        if not self.box.hasFocus() or not self.box.isModified():
            self.box.setText(self._shown)

    def _done(self) -> None:
        if self.box.text().strip() != self._shown:
            self.chosen.emit(self.box.text().strip() or None)
        self.box.setModified(False)


class NameEditor(Editor):
    """A line of text that opens a list of what there is; empty stands for the default."""

    def __init__(self, row: Setting) -> None:
        self.box = QComboBox(editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        super().__init__(row, self.box)
        self.text = QLineEdit(placeholderText=_unset_words(row))
        self.box.setLineEdit(self.text)
        self.box.setCompleter(None)  # type: ignore[arg-type]  # its stubs know no null; names are chosen or typed
        self._shown = ""
        self.box.activated.connect(lambda index: self._take(self.box.itemData(index)))
        self.text.editingFinished.connect(lambda: self._take(self.text.text().strip() or None))

    def show_suggested(self, choices: Sequence[Choice]) -> None:
        """The list, below the default; what stands in the line stays."""
        typed, modified = self.text.text(), self.text.isModified()
        self.box.clear()
        self.box.addItem(_unset_words(self.row), None)
        for one in choices:
            self.box.addItem(one.words, one.value)
        self.text.setText(typed)
        self.text.setModified(modified)

    def show_value(self, value: Value) -> None:
        self._shown = self.row.shown(value)
        if not self.text.hasFocus() or not self.text.isModified():
            self.text.setText(self._shown)

    def _take(self, value: str | None) -> None:
        self.text.setText(value or "")
        self.text.setModified(False)
        if (value or "") != self._shown:
            self.chosen.emit(value)


class PathEditor(TextEditor):
    """A line of text, and a button for whoever would rather look."""

    def __init__(self, row: Setting) -> None:
        super().__init__(row)
        self.browse = QPushButton(tr("Choose…"))
        self.browse.setAccessibleName(tr("Choose: {title}", title=row.title))
        self.browse.clicked.connect(self._browse)
        self.line.addWidget(self.browse)

    def _browse(self) -> None:
        start = self.box.text() or str(Path.home())
        if self.row.kind is Kind.FOLDER:
            path = QFileDialog.getExistingDirectory(self, self.row.title, start)
        else:
            path, _ = QFileDialog.getOpenFileName(self, self.row.title, start)
        if path:
            self.box.setText(path)
            self._done()


EDITORS: Mapping[Kind, Callable[[Setting], Editor]] = {
    Kind.TEXT: TextEditor,
    Kind.NAME: NameEditor,
    Kind.SPOKEN: NameEditor,
    Kind.NUMBER: NumberEditor,
    Kind.SWITCH: SwitchEditor,
    Kind.CHOICE: ChoiceEditor,
    Kind.LANGUAGE: ChoiceEditor,
    Kind.FOLDER: PathEditor,
    Kind.FILE: PathEditor,
    Kind.ADDRESS: TextEditor,
    Kind.RATE: TextEditor,
    Kind.HOTKEY: TextEditor,
    Kind.KEY: TextEditor,
}


def _unset_words(row: Setting) -> str:
    return row.otherwise

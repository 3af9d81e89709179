"""The settings: pages on the left, their rows on the right, a field that finds rows. What is set counts at
once; there is nothing to confirm.
"""

from collections.abc import Container, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.settings_page import SHOWN, Line
from desktop.models.suggested import Suggested
from desktop.settings.setting import Page
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.settings.editors import NameEditor
from desktop.views.settings.row import Row
from desktop.views.words import heading

_ICONS = {Page.DEVICES: "camera", Page.UPLOADS: "upload", Page.UPDATES: "refresh", Page.RECORDING: "record"}


class SettingsWindow(QWidget):
    """Shows lines and passes on what a person chooses."""

    chosen = Signal(str, object)  # the setting's name, its value
    reset = Signal(str)
    searched = Signal(str)
    page_shown = Signal(object)  # the Page, for whoever fills in a part of it

    def __init__(self, lines: Mapping[str, Line]) -> None:
        super().__init__()
        self.setWindowTitle(tr("Heddle: settings"))
        self.banner = Banner()
        self.search = QLineEdit(placeholderText=tr("Search settings"), clearButtonEnabled=True)
        self.search.setAccessibleName(tr("Search settings"))
        self.pages = QListWidget()
        self.pages.setAccessibleName(tr("Pages of settings"))
        self.stack = QStackedWidget()
        self.nothing = QLabel(tr("No setting has these words."))
        self.rows: dict[str, Row] = {}
        self._parts: dict[Page, QVBoxLayout] = {}
        self._fill(lines)
        self._arrange()
        self.search.textChanged.connect(self.searched)
        self.pages.currentRowChanged.connect(self._turn)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)
        self.pages.setCurrentRow(0)

    def show_lines(self, lines: Mapping[str, Line]) -> None:
        """What every setting is now."""
        for name, line in lines.items():
            self.rows[name].show_line(line)

    def show_suggested(self, suggested: Suggested) -> None:
        """What some settings may be; any other name stays possible."""
        for name, choices in suggested.items():
            editor = self.rows[name].editor
            if isinstance(editor, NameEditor):
                editor.show_suggested(choices)

    def show_found(self, names: Container[str], pages: Container[Page]) -> None:
        """The rows that a search left, and the pages that have any."""
        for name, row in self.rows.items():
            row.setVisible(name in names)
        left = [index for index, page in enumerate(SHOWN) if page in pages]
        for index in range(len(SHOWN)):
            self.pages.item(index).setHidden(index not in left)
        self.nothing.setVisible(not left)
        self.stack.setVisible(bool(left))
        if left and self.pages.currentItem().isHidden():
            self.pages.setCurrentRow(left[0])

    def add_part(self, page: Page, part: QWidget) -> None:
        """Below the rows of a page, on a card of its own: what is more than a row."""
        group, layout = QFrame(), self._parts[page]
        theme.card(group)
        inside = QVBoxLayout(group)
        theme.roomy(inside)
        inside.addWidget(part)
        layout.insertWidget(layout.count() - 1, group)

    def show_page(self, page: Page) -> None:
        """Turns to it."""
        self.search.clear()
        self.pages.setCurrentRow(SHOWN.index(page))

    def _fill(self, lines: Mapping[str, Line]) -> None:
        for page in SHOWN:
            body = QWidget()
            self._parts[page] = layout = QVBoxLayout(body)
            layout.addWidget(heading(page.words))
            layout.addWidget(self._group(page, lines))
            layout.addStretch(1)
            margin = theme.space(self, 2)
            layout.setContentsMargins(margin, margin, margin, margin)
            layout.setSpacing(theme.space(self, 1.5))
            area = QScrollArea(widgetResizable=True)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setWidget(body)
            self.stack.addWidget(area)
            entry = QListWidgetItem(theme.icon(_ICONS.get(page, page.value)), page.words)
            entry.setSizeHint(QSize(0, theme.space(self, 3.8)))
            self.pages.addItem(entry)

    def _group(self, page: Page, lines: Mapping[str, Line]) -> QFrame:
        """The rows of a page, on one card."""
        group = QFrame()
        theme.card(group)
        layout = QVBoxLayout(group)
        theme.roomy(layout)
        layout.setSpacing(theme.space(self, 2))
        for name, line in lines.items():
            if line.row.page is page:
                self.rows[name] = row = Row(line)
                row.chosen.connect(lambda value, name=name: self.chosen.emit(name, value))
                row.reset.connect(lambda name=name: self.reset.emit(name))
                layout.addWidget(row)
        group.setVisible(layout.count() > 0)
        return group

    def _arrange(self) -> None:
        self.nothing.hide()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        beside = QWidget()
        theme.side(beside)
        beside.setFixedWidth(theme.em(self, 36))
        side = QVBoxLayout(beside)
        theme.roomy(side)
        side.addWidget(self.search)
        side.addWidget(self.pages, 1)
        self.pages.setFrameShape(QListWidget.Shape.NoFrame)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.side(self.pages)
        side_of_icon = theme.space(self, 2.4)
        self.pages.setIconSize(QSize(side_of_icon, side_of_icon))
        right = QVBoxLayout()
        right.addWidget(self.banner)
        right.addWidget(self.stack, 1)
        right.addWidget(self.nothing, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(beside)
        layout.addLayout(right, 1)
        theme.size_window(self, theme.em(self, 146), theme.space(self, 92))

    def _turn(self, index: int) -> None:
        if index >= 0:
            self.stack.setCurrentIndex(index)
            self.page_shown.emit(SHOWN[index])

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.close()

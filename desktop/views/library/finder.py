"""What is looked for: words, filters, order, and how it is shown."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.library.items import Standing
from desktop.models.library.query import Query, Sort
from desktop.views import theme
from desktop.views.library.sidebar import Spot

_TYPING_MS = 120


class Finder(QWidget):
    """One row above the recordings."""

    changed = Signal()
    layout_chosen = Signal(bool)  # a grid, or else a list
    import_wanted = Signal()
    refresh_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLineEdit(placeholderText=tr("Search titles and what was said"), clearButtonEnabled=True)
        self.text.setAccessibleName(tr("Search"))
        self.text.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.sort = QComboBox()
        self.sort.setAccessibleName(tr("Order"))
        for sort, words in _sorts().items():
            self.sort.addItem(words, sort)
        self.filters = _button(tr("&Filter"), tr("Show only some"))
        self.filters.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.filters.setIcon(theme.icon("filter"))
        self.filters.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.cards, self.lines = _switched("library", tr("Cards")), _switched("list", tr("List"))
        self.cards.setChecked(True)
        self.bring = _button(tr("&Upload…"), tr("Send video files to the server; or drop them here"))
        self.bring.setIcon(theme.icon("upload"))
        self.bring.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._standings: dict[Standing, QAction] = {}
        self._since, self._length = QActionGroup(self), QActionGroup(self)
        self._make_filters()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text, 1)
        layout.setSpacing(theme.space(self))
        for widget in (self.filters, self.sort, self._switch(), self.bring):
            layout.addWidget(widget)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.text.textChanged.connect(lambda _text: self._typing.start())
        self.sort.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.cards.toggled.connect(self.layout_chosen)
        self.bring.clicked.connect(self.import_wanted)
        self._by_keys(QKeySequence.StandardKey.Find, self.text.setFocus)
        self._by_keys(QKeySequence.StandardKey.Refresh, self.refresh_wanted.emit)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(theme.em(self, 90), super().sizeHint().height())

    def query(self, spot: Spot, now: datetime) -> Query:
        """What is to be shown of a spot."""
        days = _checked(self._since)
        shortest, longest = _checked(self._length) or (None, None)
        return Query(
            text=self.text.text(),
            place=spot.place,
            folder=spot.folder,
            tags=(spot.tag,) if spot.tag else (),
            standings=frozenset(one for one, action in self._standings.items() if action.isChecked()),
            since=(now - timedelta(days=days)).timestamp() if days else None,
            shortest_s=shortest,
            longest_s=longest,
            sort=Sort(self.sort.currentData()),  # Qt keeps the bare text
        )

    def reset(self) -> None:
        """Nothing is looked for, everything is shown."""
        self.text.clear()
        for action in self._standings.values():
            action.setChecked(False)
        for group in (self._since, self._length):
            group.actions()[0].setChecked(True)
        self._told()

    def _switch(self) -> QFrame:
        """Cards or lines, of which one is chosen."""
        switch = QFrame()
        switch.setProperty("kind", "switch")
        both = QHBoxLayout(switch)
        both.setContentsMargins(2, 2, 2, 2)
        both.setSpacing(0)
        group = QButtonGroup(self)
        for button in (self.cards, self.lines):
            group.addButton(button)
            both.addWidget(button)
        return switch

    def _by_keys(self, keys: QKeySequence.StandardKey, act: Callable[[], object]) -> None:
        action = QAction(self, shortcut=QKeySequence(keys))
        action.triggered.connect(lambda _checked: act())
        self.addAction(action)

    def _make_filters(self) -> None:
        menu = QMenu(self)
        _section(menu, tr("State"))
        for standing, words in _standings().items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.toggled.connect(self._told)
            self._standings[standing] = action
        since = {
            tr("Any time"): None,
            tr("Last 24 hours"): 1,
            tr("Last 7 days"): 7,
            tr("Last 30 days"): 30,
            tr("Last year"): 365,
        }
        _choices(menu, tr("Recorded"), self._since, since)
        length = {
            tr("Any length"): None,
            tr("Up to a minute"): (None, 60.0),
            tr("1 to 10 minutes"): (60.0, 600.0),
            tr("Longer than 10 minutes"): (600.0, None),
        }
        _choices(menu, tr("Length"), self._length, length)
        for group in (self._since, self._length):
            group.triggered.connect(lambda _action: self._told())
        menu.addSeparator()
        menu.addAction(tr("Show everything"), self.reset)
        self.filters.setMenu(menu)

    def _told(self, _checked_now: object = None) -> None:
        count = sum(action.isChecked() for action in self._standings.values())
        count += (_checked(self._since) is not None) + (_checked(self._length) is not None)
        self.filters.setText(tr("&Filter ({count})", count=count) if count else tr("&Filter"))
        self.changed.emit()


def _button(words: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(words)
    button.setToolTip(tip)
    button.setAccessibleDescription(tip)
    return button


def _switched(symbol: str, words: str) -> QToolButton:
    button = _button("", words)
    button.setIcon(theme.icon(symbol))
    button.setCheckable(True)
    button.setAccessibleName(words)
    return button


def _section(menu: QMenu, title: str) -> None:
    """A title in the menu; Qt's own is not drawn once a sheet shapes the entries."""
    menu.addSeparator()
    menu.addAction(title).setEnabled(False)


def _choices(menu: QMenu, title: str, group: QActionGroup, choices: Mapping[str, object]) -> None:
    _section(menu, title)
    for words, value in choices.items():
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(value is None)
        action.setData(value)
        group.addAction(action)


def _checked(group: QActionGroup) -> Any:
    action = group.checkedAction()
    return action.data() if action else None


def _sorts() -> dict[Sort, str]:
    return {
        Sort.BEST: tr("Best first"),
        Sort.NEWEST: tr("Newest first"),
        Sort.OLDEST: tr("Oldest first"),
        Sort.TITLE: tr("By title"),
        Sort.LONGEST: tr("Longest first"),
        Sort.SHORTEST: tr("Shortest first"),
        Sort.LARGEST: tr("Largest first"),
    }


def _standings() -> dict[Standing, str]:
    return {
        Standing.RECORDING: tr("Recording"),
        Standing.UPLOADING: tr("Uploading"),
        Standing.WAITING: tr("Waiting for the server"),
        Standing.HELD: tr("Upload paused"),
        Standing.PROCESSING: tr("Processing"),
        Standing.READY: tr("Ready"),
        Standing.LOCAL: tr("On this computer only"),
        Standing.FAILED: tr("Failed"),
    }

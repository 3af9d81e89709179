"""Assistant, transcripts and diagnostics, as the screenshots show them: usable by keys, and read aloud."""

import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

from tests.screenshots import diagnostics, firstrun, transcripts

SHOTS = {
    f"{area.__name__.rpartition('.')[2]}-{name}": make
    for area in (diagnostics, firstrun, transcripts)
    for name, make in area.SHOTS.items()
}
_CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QProgressBar)


@pytest.mark.parametrize("make", SHOTS.values(), ids=list(SHOTS))
def test_every_control_has_a_name_and_no_two_share_a_key(qtbot: Any, make: Callable[[], QWidget]) -> None:
    view = make()
    qtbot.addWidget(view)
    view.show()
    controls = [one for one in view.findChildren(QWidget) if isinstance(one, _CONTROLS) and one.isVisible()]
    nameless = [
        type(one).__name__
        for one in controls
        if not (one.accessibleName() or (isinstance(one, QAbstractButton) and one.text()))
        and not one.objectName().startswith("qt_")
        and type(one).__name__ not in ("QTableCornerButton", "QHeaderView", "QComboBoxListView")
    ]
    assert nameless == []
    words = [one.text() for one in controls if isinstance(one, QAbstractButton)]
    words += [one.text() for one in view.findChildren(QLabel) if one.buddy() and one.isVisible()]
    keys = [found[1].lower() for word in words for found in re.finditer(r"&(\w)", word)]
    assert sorted(keys) == sorted(set(keys))

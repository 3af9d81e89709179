"""What holds for every view of the app, as `python -m tests.screenshots` draws them, in every language."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget

import desktop.settings  # noqa: F401 - its table has the words of the language it is loaded in
from desktop.i18n import LANGUAGES
from tests.screenshots.__main__ import areas


def views(shots: Mapping[str, Callable[[], QWidget]]) -> Iterator[tuple[str, QWidget]]:
    """Each is shown, and closed when the next is asked for."""
    for name, make in shots.items():
        view = make()
        view.show()
        yield name, view
        view.close()
        view.deleteLater()


def seen(view: QWidget) -> list[QWidget]:
    return [one for one in view.findChildren(QWidget) if one.isVisible()]


def unnamed(view: QWidget) -> list[str]:
    """What the keyboard reaches, and a screen reader has no word for."""
    reached = [
        one
        for one in seen(view)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isEnabled()
        and one.focusProxy() is None
        and not one.objectName().startswith("qt_")
    ]
    return [repr(one) for one in reached if not _said(one)]


def _said(one: QWidget) -> str:
    told = QAccessible.queryAccessibleInterface(one)
    return told.text(QAccessible.Text.Name) if told else ""


def taken_twice(view: QWidget) -> dict[str, list[str]]:
    """Keys that lead to more than one thing: Qt then does neither."""
    keys: dict[str, list[str]] = {}
    for one in seen(view):
        for text in _texts(one):
            if key := QKeySequence.mnemonic(text).toString():
                keys.setdefault(key, []).append(text)
    return {key: texts for key, texts in keys.items() if len(texts) > 1}


def _texts(one: QWidget) -> list[str]:
    if isinstance(one, QTabBar):
        return [one.tabText(number) for number in range(one.count())]
    if isinstance(one, QAbstractButton) or (isinstance(one, QLabel) and one.buddy()):
        return [one.text()]
    return []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("area", areas())
def test_every_control_has_a_name_and_a_key_of_its_own(
    area: str, language: str, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = import_module(f"tests.screenshots.{area}").SHOTS
    # Not before: what is loaded only now would speak this language to the tests that follow.
    monkeypatch.setenv("HEDDLE_LANGUAGE", language)
    for name, view in views(shots):
        assert unnamed(view) == [], name
        assert taken_twice(view) == {}, name

"""Colours can be read, icons are drawn in them."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.views import theme
from desktop.views.tokens import DARK, LIGHT, Tokens

Role = QPalette.ColorRole
ICONS = sorted(path.stem for path in Path(theme.__file__).parent.parent.glob("resources/icons/*.svg"))
GROUNDS = ("ground", "side", "surface", "hover", "selected")
WORDS = [
    *((text, ground) for text in ("text", "muted") for ground in GROUNDS),
    *((text, ground) for text in ("accent", "live") for ground in GROUNDS),
    *(("text", ground) for ground in ("button", "button_hover", "button_down", "track")),
    ("on_selected", "selected"),
    *(("on_accent", ground) for ground in ("accent", "accent_hover", "accent_down")),
    *(("on_live", ground) for ground in ("live", "live_hover", "live_down")),
]
EDGES = [
    *(("edge", ground) for ground in ("ground", "side", "surface")),
    *(("accent", ground) for ground in (*GROUNDS, "button")),
]
ROLES = [
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.PlaceholderText, Role.Base),
    (Role.ButtonText, Role.Button),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.HighlightedText, Role.Highlight),
    (Role.Link, Role.Window),
]


def luminance(color: QColor) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_edges_are_seen_on_every_ground(colors: Tokens) -> None:
    """https://www.w3.org/TR/WCAG22/#contrast-minimum, #non-text-contrast"""
    table = {name: QColor(color) for name, color in asdict(colors).items()}
    for pairs, least in ((WORDS, 4.5), (EDGES, 3.0)):
        low = {pair: contrast(table[pair[0]], table[pair[1]]) for pair in pairs}
        assert {pair: found for pair, found in low.items() if found < least} == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_palette_can_be_read(name: str, qapp: Any) -> None:
    theme.apply(qapp, name)
    palette = qapp.palette()
    assert theme.is_dark(palette) is (name == "dark")
    for text, ground in ROLES:
        assert contrast(palette.color(text), palette.color(ground)) >= 4.5, (text, ground)
    theme.apply(qapp, "system")


def test_the_sheet_is_understood(qapp: Any, qtbot: Any, capfd: pytest.CaptureFixture[str]) -> None:
    """Qt says of a sheet that it cannot read no more than a line on the error output."""
    theme.apply(qapp, "dark")
    window = QPushButton("Record")
    qtbot.addWidget(window)
    theme.primary(window, "record")
    window.setFixedSize(300, 60)
    assert window.grab().toImage().pixelColor(20, 30).name() == DARK.live
    assert "$" not in qapp.styleSheet()
    assert "parse" not in capfd.readouterr().err
    theme.apply(qapp, "system")


def test_a_system_of_high_contrast_keeps_its_colours(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "_high_contrast", lambda: True)
    theme.apply(qapp, "light")
    assert theme.accent(qapp.palette()) == qapp.palette().color(Role.Highlight)
    assert LIGHT.accent not in qapp.styleSheet()
    colors = theme.tokens(qapp.palette())
    assert colors.selected == colors.accent  # what is chosen is seen without a shade of its own
    assert colors.on_selected == qapp.palette().color(Role.HighlightedText).name()
    monkeypatch.undo()
    theme.apply(qapp, "system")
    assert LIGHT.accent in qapp.styleSheet()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_an_empty_box_is_seen(name: str, qapp: Any, qtbot: Any) -> None:
    """Alone and in a list: by its edge, since its ground is that of fields."""
    theme.apply(qapp, name)
    entries, alone = QListWidget(), QCheckBox("Alone")
    for widget in (entries, alone):
        qtbot.addWidget(widget)
    entry = QListWidgetItem("fair")
    entry.setCheckState(Qt.CheckState.Unchecked)
    entry.setSizeHint(QSize(0, 40))
    entries.addItem(entry)
    entries.resize(200, 100)
    ground = QColor((DARK if name == "dark" else LIGHT).surface)
    wanted = QColor((DARK if name == "dark" else LIGHT).edge)
    for picture in (entries.grab().toImage(), alone.grab().toImage()):
        seen = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
        assert seen.count(wanted) >= 24  # four sides of a box
    assert contrast(wanted, ground) >= 3
    theme.apply(qapp, "system")


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("kind", ["", "primary", "record", "tool", "ticked", "chosen"])
def test_where_the_keyboard_is_is_seen(name: str, kind: str, qapp: Any, qtbot: Any) -> None:
    """An edge of two pixels changes with a contrast of 3: https://www.w3.org/TR/WCAG22/#focus-appearance"""
    theme.apply(qapp, name)
    window = QWidget()
    qtbot.addWidget(window)
    kinds: dict[str, type[QAbstractButton]] = {
        "tool": QToolButton, "ticked": QCheckBox, "chosen": QRadioButton
    }  # fmt: skip
    made = kinds.get(kind, QPushButton)
    button, other = made(), QPushButton("Elsewhere")
    button.setText("Record")
    if isinstance(button, QPushButton):
        theme.primary(button, kind)
    elif isinstance(button, QCheckBox | QRadioButton):
        button.setChecked(True)
    layout = QVBoxLayout(window)
    for one in (button, other):
        layout.addWidget(one)
    window.show()
    pictures = []
    for one in (other, button):
        one.setFocus()
        qtbot.waitUntil(one.hasFocus)
        pictures.append(window.grab(button.geometry()).toImage())
    before, after = pictures
    width, height = before.width(), before.height()
    places = [(x, y) for x in range(width) for y in range(height)]
    seen = [one for one in places if contrast(before.pixelColor(*one), after.pixelColor(*one)) >= 3]
    assert len(seen) >= 0.9 * 2 * 2 * (width + height)  # corners are round
    theme.apply(qapp, "system")


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn_in_the_colour_of_text(name: str, qapp: Any) -> None:
    theme.apply(qapp, "dark")
    image = theme.icon(name).pixmap(QSize(24, 24)).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 200
    ]
    assert len(inked) > 5
    wanted = qapp.palette().color(Role.ButtonText)
    assert all(abs(color.lightness() - wanted.lightness()) < 12 for color in inked)
    theme.apply(qapp, "system")


def test_what_is_disabled_is_paler(qapp: Any) -> None:
    picture = {
        mode: theme.icon("stop").pixmap(QSize(24, 24), mode).toImage().pixelColor(12, 12)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    }
    assert picture[QIcon.Mode.Normal] != picture[QIcon.Mode.Disabled]


def test_spaces_follow_the_font(qtbot: Any) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = theme.space(label), theme.em(label, 10)
    theme.scaled_font(label, 2.0)
    assert theme.space(label) > before[0] * 1.7
    assert theme.em(label, 10) > before[1] * 1.7


def test_a_window_is_no_larger_than_its_screen(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    theme.size_window(window, 200, 100)
    assert window.size() == QSize(200, 100)
    theme.size_window(window, 10 * room.width(), 10 * room.height())
    assert window.width() < room.width()
    assert window.height() < room.height()

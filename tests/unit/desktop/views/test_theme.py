"""Colours can be read, icons are drawn in them."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QStyle, QStyleOptionViewItem

from desktop.views import theme

Role = QPalette.ColorRole
ICONS = sorted(path.stem for path in Path(theme.__file__).parent.parent.glob("resources/icons/*.svg"))
PAIRS = [
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


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_can_be_read(name: str, qapp: Any) -> None:
    theme.apply(qapp, name)
    palette = qapp.palette()
    assert theme.is_dark(palette) is (name == "dark")
    for text, ground in PAIRS:
        assert contrast(palette.color(text), palette.color(ground)) >= 4.5, (text, ground)
    for color in (theme.accent(palette), theme.live(palette)):
        assert contrast(color, palette.color(Role.Window)) >= 4.5
    theme.apply(qapp, "system")


def test_an_empty_box_is_seen_in_the_dark(qapp: Any) -> None:
    """https://www.w3.org/TR/WCAG22/#non-text-contrast"""
    theme.apply(qapp, "dark")
    box = qapp.palette("QCheckBox")
    assert contrast(box.color(Role.Base), qapp.palette().color(Role.Window)) >= 3
    assert contrast(box.color(Role.Text), box.color(Role.Base)) >= 3
    theme.apply(qapp, "system")
    assert qapp.palette("QCheckBox").color(Role.Base) == qapp.palette().color(Role.Base)


def test_an_empty_box_in_a_list_is_seen_in_the_dark(qapp: Any, qtbot: Any) -> None:
    theme.apply(qapp, "dark")
    entries = QListWidget()
    qtbot.addWidget(entries)
    entries.setItemDelegate(theme.Ticks(entries))
    entry = QListWidgetItem("fair")
    entry.setCheckState(Qt.CheckState.Unchecked)
    entries.addItem(entry)
    picture = entries.grab().toImage()
    option = QStyleOptionViewItem()
    entries.initViewItemOption(option)
    option.rect = entries.visualItemRect(entry)
    entries.itemDelegate().initStyleOption(option, entries.indexFromItem(entry))
    box = (
        entries.style()
        .subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, entries)
        .translated(entries.viewport().pos())
    )
    ground = qapp.palette().color(Role.Base)
    assert contrast(picture.pixelColor(box.center()), ground) >= 2.5
    assert picture.pixelColor(box.right() + 3, box.top()) == ground
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

"""Labels that say something: headings, small print, problems. One form for all windows."""

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QWidget


def heading(text: str = "", parent: QWidget | None = None, *, scale: float = 1.5) -> QLabel:
    """Larger than the text around it."""
    label = QLabel(text, parent, wordWrap=True)
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    return label


def paragraph(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Wraps, and can be copied from."""
    label = QLabel(text, parent, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def muted(text: str = "", parent: QWidget | None = None, *, wraps: bool = True) -> QLabel:
    """Small print, beside what matters more."""
    label = QLabel(text, parent, wordWrap=wraps)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def plain_tip(text: str) -> str:
    """A tip that shows exactly this text, in lines that fit: Qt would take `<b>` in a title for a command."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


def say(label: QLabel, text: str) -> None:
    """Shows the text; without one the label takes no room."""
    label.setText(text)
    label.setVisible(bool(text))

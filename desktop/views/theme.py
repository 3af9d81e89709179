"""How Heddle looks, the same on every system: Fusion, with a palette and a style sheet made of `tokens.py`;
spaces in units of the font, icons in the colour of text. Every other view takes them from here.

Light or dark is what the system says, or the person's setting. Where the system asks for high contrast, the
colours are its own (decision 42).
"""

import string
from dataclasses import asdict
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessibilityHints,
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPalette,
    QPixmap,
    QRegion,
    QStyleHints,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QPushButton, QWidget

from desktop.views.tokens import DARK, FLOATING, LIGHT, Tokens

Role, Group = QPalette.ColorRole, QPalette.ColorGroup
Scheme = Qt.ColorScheme

_RESOURCES = Path(__file__).parent.parent / "resources"
_RADIUS = 0.6  # of what floats, in heights of a line
_SCHEMES = {"light": Scheme.Light, "dark": Scheme.Dark}


def apply(application: QApplication, theme: str = "system") -> None:
    """Fusion in `light`, `dark` or as the `system` has it, also when that changes while the app runs."""
    hints = application.styleHints()
    if not application.property("heddle-theme"):
        application.setStyle("Fusion")
        hints.colorSchemeChanged.connect(lambda _scheme: _paint(application))
        _hints()[1].contrastPreferenceChanged.connect(lambda _wanted: _paint(application))
    application.setProperty("heddle-theme", theme)
    if theme in _SCHEMES:
        hints.setColorScheme(_SCHEMES[theme])
    else:
        hints.unsetColorScheme()
    _paint(application)


def is_dark(palette: QPalette) -> bool:
    """By the colour of text: grounds may be seen through, and have none."""
    return palette.color(Role.WindowText).lightness() > 128


def tokens(palette: QPalette) -> Tokens:
    """The colours that go with a palette, by what they are for."""
    return _of_system(palette) if _high_contrast() else DARK if is_dark(palette) else LIGHT


def accent(palette: QPalette) -> QColor:
    """Of what is chosen or leads on."""
    return QColor(tokens(palette).accent)


def live(palette: QPalette) -> QColor:
    """Of what records, and of what cannot be undone."""
    return QColor(tokens(palette).live)


def space(widget: QWidget, times: float = 1.0) -> int:
    """Pixels of `times` half a line of the widget's font: sizes that follow the person's."""
    return max(1, round(QFontMetricsF(widget.font()).height() / 2 * times))


def em(widget: QWidget, times: float) -> int:
    """Pixels of `times` the width of a letter: for widths of what holds text."""
    return round(QFontMetricsF(widget.font()).averageCharWidth() * times)


def size_window(window: QWidget, width: int, height: int) -> None:
    """So large at first, where the screen has room for it: with large letters on a small one it has not."""
    room = window.screen().availableSize()
    frame = round(2 * _line())  # which the window manager draws around it
    window.resize(min(width, room.width() - frame), min(height, room.height() - 2 * frame))


def scaled_font(widget: QWidget, times: float, *, bold: bool = False) -> None:
    """Gives the widget a font so many times as large as its own."""
    font = widget.font()
    font.setPointSizeF(font.pointSizeF() * times)
    font.setBold(bold)
    widget.setFont(font)


def roomy(layout: QLayout) -> None:
    """The margins of a window, and what is between its parts."""
    half = _line() / 2
    edge = round(1.8 * half)
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(round(1.1 * half))


def primary(button: QPushButton, kind: str = "primary") -> None:
    """Makes it the one of its window that leads on; of the `kind` "record" it is large and red."""
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        if button.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            button.style().unpolish(button)
            button.style().polish(button)


def card(frame: QFrame) -> None:
    """On a rounded ground of its own."""
    frame.setProperty("kind", "card")


def side(widget: QWidget) -> None:
    """Stands beside what it leads to: places, pages."""
    widget.setProperty("kind", "side")


def floating(widget: QWidget) -> None:
    """Over the work of others: dark whatever that looks like, with what is in it."""
    widget.setProperty("kind", "floating")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if not _high_contrast():
        widget.setPalette(_palette(FLOATING))
        widget.setStyleSheet(_sheet(FLOATING, _line()))


def rounded(widget: QWidget) -> None:
    """Cuts a window's corners off, also where none can be seen through; whenever its size changes."""
    path, radius = QPainterPath(), _RADIUS * _line()
    path.addRoundedRect(QRectF(widget.rect()), radius, radius)
    widget.setMask(QRegion(path.toFillPolygon().toPolygon()))


def icon(name: str, role: QPalette.ColorRole = Role.ButtonText, *, floating: bool = False) -> QIcon:
    """`resources/icons/NAME.svg`, drawn in the colour that text has where it is painted; `floating` for what
    `floating()` made dark."""
    return QIcon(_Tinted(name, role, floating=floating))


def pixmap(name: str, size: int, color: QColor, ratio: float = 1.0) -> QPixmap:
    """The same as a picture of `size` points in a colour of the caller's."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _draw(painter, QRectF(0, 0, size, size), name, color)
    painter.end()
    return picture


def _paint(application: QApplication) -> None:
    wanted = _SCHEMES.get(str(application.property("heddle-theme")))
    scheme = wanted or application.styleHints().colorScheme()
    if _high_contrast():
        application.setPalette(QPalette())  # the system's own
        sheet = _sheet(_of_system(application.palette()), _line())
    else:
        chosen = DARK if scheme is Scheme.Dark else LIGHT
        application.setPalette(_palette(chosen))
        sheet = _sheet(chosen, _line())
    if sheet != application.styleSheet():
        application.setStyleSheet(sheet)


def _high_contrast() -> bool:
    return _hints()[1].contrastPreference() is Qt.ContrastPreference.HighContrast


@cache
def _hints() -> tuple[QStyleHints, QAccessibilityHints]:
    """Held together: PySide6 takes the second for deleted once nobody holds the first (6.11 and 6.12)."""
    hints = QGuiApplication.styleHints()
    return hints, hints.accessibility()


def _line() -> float:
    return QFontMetricsF(QApplication.font()).height()


@cache
def _palette(colors: Tokens) -> QPalette:
    """For what paints itself, and for what of Fusion shows through."""
    roles = {
        Role.Window: colors.ground, Role.WindowText: colors.text, Role.Base: colors.surface,
        Role.AlternateBase: colors.side, Role.Text: colors.text, Role.PlaceholderText: colors.muted,
        Role.Button: colors.button, Role.ButtonText: colors.text, Role.BrightText: colors.on_live,
        Role.ToolTipBase: colors.text, Role.ToolTipText: colors.ground,
        Role.Light: colors.surface, Role.Midlight: colors.line, Role.Mid: colors.track,
        Role.Dark: colors.edge, Role.Shadow: colors.muted, Role.Highlight: colors.accent,
        Role.HighlightedText: colors.on_accent,
        Role.Accent: colors.accent, Role.Link: colors.accent, Role.LinkVisited: colors.accent,
    }  # fmt: skip
    palette = QPalette()
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.BrightText, Role.Highlight):
        palette.setColor(Group.Disabled, role, QColor(colors.disabled))
    return palette


def _of_system(palette: QPalette) -> Tokens:
    """A palette of high contrast has few colours: edges take that of text, what would be a shade is the
    ground, and what is chosen is marked."""

    def name(role: QPalette.ColorRole, group: QPalette.ColorGroup = Group.Active) -> str:
        return palette.color(group, role).name()

    ground, text, button = name(Role.Window), name(Role.WindowText), name(Role.Button)
    marked, on_marked = name(Role.Highlight), name(Role.HighlightedText)
    return Tokens(
        ground=ground, side=ground, surface=name(Role.Base), text=text, muted=text,
        disabled=name(Role.WindowText, Group.Disabled), line=text, edge=text,
        button=button, button_hover=button, button_down=button, hover=ground, track=ground,
        selected=marked, on_selected=on_marked,
        accent=marked, accent_hover=marked, accent_down=marked, on_accent=on_marked,
        live=marked, live_hover=marked, live_down=marked, on_live=on_marked,
    )  # fmt: skip


@cache
def _sheet(colors: Tokens, line: float) -> str:
    """`line` is the height of one of text, in pixels."""
    text = (_RESOURCES / "style" / "heddle.qss").read_text(encoding="utf-8")
    ink = "black" if QColor(colors.on_accent).lightness() < 128 else "white"
    images = (_RESOURCES / "style").as_posix()
    pad, wide = round(0.24 * line), round(0.45 * line)
    flat = colors.button == colors.ground  # with high contrast: edges say what shades say otherwise
    flat_or_not = {
        "checked": colors.accent if flat else "transparent",
        "rim": colors.edge if flat else "transparent",
        "around": f"1px solid {colors.edge}" if flat else "0",
        "handle": colors.edge if flat else colors.button_down,
        "done": colors.ground if flat else colors.selected,
        "chosen_focus": colors.text if flat else colors.accent,
    }
    lengths = {"pad": pad, "pad_inner": pad - 1, "wide": wide, "wide_inner": wide - 1}
    return string.Template(text).substitute(asdict(colors), images=images, ink=ink, **lengths, **flat_or_not)


@cache
def _source(name: str) -> str:
    return (_RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _draw(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    drawn = QSvgRenderer(_source(name).replace("currentColor", color.name()).encode())
    drawn.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    painter.setOpacity(color.alphaF())
    drawn.render(painter, rect)


class _Tinted(QIconEngine):
    """Draws the icon anew wherever and however large it is wanted."""

    def __init__(self, name: str, role: QPalette.ColorRole, *, floating: bool = False) -> None:
        super().__init__()
        self._name, self._role, self._floating = name, role, floating

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        group = Group.Disabled if mode is QIcon.Mode.Disabled else Group.Active
        dark = self._floating and not _high_contrast()
        palette = _palette(FLOATING) if dark else QApplication.palette()
        on_marked = mode is QIcon.Mode.Selected or self._role is Role.BrightText
        role = Role.HighlightedText if on_marked and _high_contrast() else self._role
        _draw(painter, QRectF(rect), self._name, palette.color(group, role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802 - Qt's name
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        picture = QPixmap(size * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Tinted(self._name, self._role, floating=self._floating)

    def key(self) -> str:
        return f"heddle-{self._name}"

"""How Heddle looks: light or dark, the accent, spaces in units of the font, icons that take the colour of the
text. Every other view takes them from here.

Colours are the system's, so that its high contrast is ours too. Where it has none to give, as on a bare X11,
or none of the wanted kind, they are those written here.
"""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem, QWidget

Role, Group = QPalette.ColorRole, QPalette.ColorGroup
Scheme = Qt.ColorScheme

_ICONS = Path(__file__).parent.parent / "resources" / "icons"
_SCHEMES = {"light": Scheme.Light, "dark": Scheme.Dark}

# Heddle's own two colours, from its mark: for what is chosen, and for what records.
_ACCENT = {Scheme.Light: "#4049b8", Scheme.Dark: "#8f97ff"}
_LIVE = {Scheme.Light: "#c53a1e", Scheme.Dark: "#ff7a5c"}
# Every pair of text and ground has a contrast of 4.5 or more (a test counts).
_LIGHT = {
    Role.Window: "#f6f5f2", Role.WindowText: "#1f2028", Role.Base: "#ffffff", Role.AlternateBase: "#efeeea",
    Role.Text: "#1f2028", Role.PlaceholderText: "#65666f", Role.Button: "#ecebe6", Role.ButtonText: "#1f2028",
    Role.ToolTipBase: "#1f2028", Role.ToolTipText: "#f6f5f2", Role.BrightText: "#ffffff",
    Role.Light: "#ffffff", Role.Midlight: "#e4e3de", Role.Mid: "#c3c2bc", Role.Dark: "#9b9a94",
    Role.Shadow: "#5c5c60", Role.HighlightedText: "#ffffff",
}  # fmt: skip
_DARK = {
    Role.Window: "#1d1e24", Role.WindowText: "#ecebe6", Role.Base: "#2a2b33", Role.AlternateBase: "#32333c",
    Role.Text: "#ecebe6", Role.PlaceholderText: "#a9aab4", Role.Button: "#3a3b46", Role.ButtonText: "#ecebe6",
    Role.ToolTipBase: "#ecebe6", Role.ToolTipText: "#1d1e24", Role.BrightText: "#ffffff",
    Role.Light: "#3c3d48", Role.Midlight: "#33343e", Role.Mid: "#464753", Role.Dark: "#101115",
    Role.Shadow: "#000000", Role.HighlightedText: "#15161b",
}  # fmt: skip
# Fusion fills what can be ticked as it fills fields, and an empty one would hardly be seen in the dark.
_DARK_BOX = "#6d6e7e"
_GREY = {Scheme.Light: "#8b8b90", Scheme.Dark: "#777883"}


def apply(application: QApplication, theme: str = "system") -> None:
    """Fusion in `light`, `dark` or as the `system` has it, also when that changes while the app runs."""
    hints = application.styleHints()
    if not application.property("heddle-theme"):
        application.setStyle("Fusion")
        hints.colorSchemeChanged.connect(lambda _scheme: _paint(application))
    application.setProperty("heddle-theme", theme)
    if theme in _SCHEMES:
        hints.setColorScheme(_SCHEMES[theme])
    else:
        hints.unsetColorScheme()
    _paint(application)


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its ground."""
    return palette.color(Role.WindowText).lightness() > palette.color(Role.Window).lightness()


def accent(palette: QPalette) -> QColor:
    """Of what is chosen or leads on."""
    return QColor(_ACCENT[_scheme_of(palette)])


def live(palette: QPalette) -> QColor:
    """Of what records, and of what cannot be undone."""
    return QColor(_LIVE[_scheme_of(palette)])


def space(widget: QWidget, times: float = 1.0) -> int:
    """Pixels of `times` half a line of the widget's font: sizes that follow the person's."""
    return max(1, round(QFontMetricsF(widget.font()).height() / 2 * times))


def em(widget: QWidget, times: float) -> int:
    """Pixels of `times` the width of a letter: for widths of what holds text."""
    return round(QFontMetricsF(widget.font()).averageCharWidth() * times)


def scaled_font(widget: QWidget, times: float, *, bold: bool = False) -> None:
    """Gives the widget a font so many times as large as its own."""
    font = widget.font()
    font.setPointSizeF(font.pointSizeF() * times)
    font.setBold(bold)
    widget.setFont(font)


def icon(name: str, role: QPalette.ColorRole = Role.ButtonText) -> QIcon:
    """`resources/icons/NAME.svg`, drawn in the colour that text has where it is painted."""
    return QIcon(_Tinted(name, role))


def pixmap(name: str, size: int, color: QColor, ratio: float = 1.0) -> QPixmap:
    """The same as a picture of `size` points in a colour of the caller's."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _draw(painter, QRectF(0, 0, size, size), name, color)
    painter.end()
    return picture


class Ticks(QStyledItemDelegate):
    """For lists whose entries can be ticked: their boxes are seen as well as any others."""

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        boxes = QApplication.palette("QCheckBox")  # type: ignore[call-overload]  # its stubs say bytes, it takes text
        option.palette.setColor(Role.Base, boxes.color(Role.Base))


def _paint(application: QApplication) -> None:
    theme = str(application.property("heddle-theme"))
    given, wanted = application.styleHints().colorScheme(), _SCHEMES.get(theme)
    has_it = given is not Scheme.Unknown and wanted in (None, given)
    palette = QPalette() if has_it else _palette(wanted or Scheme.Light)
    application.setPalette(palette)
    boxes = QPalette(palette)
    if not has_it and wanted is Scheme.Dark:
        boxes.setColor(Role.Base, QColor(_DARK_BOX))
    for kind in ("QCheckBox", "QRadioButton"):
        application.setPalette(boxes, kind)  # type: ignore[arg-type]  # the stubs want bytes


@cache
def _palette(scheme: Qt.ColorScheme) -> QPalette:
    palette = QPalette()
    for role, color in (_DARK if scheme is Scheme.Dark else _LIGHT).items():
        palette.setColor(role, QColor(color))
    for role in (Role.Highlight, Role.Link, Role.Accent):
        palette.setColor(role, QColor(_ACCENT[scheme]))
    palette.setColor(Role.LinkVisited, QColor(_ACCENT[scheme]).darker(110))
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        palette.setColor(Group.Disabled, role, QColor(_GREY[scheme]))
    palette.setColor(Group.Disabled, Role.Highlight, QColor(_GREY[scheme]))
    return palette


def _scheme_of(palette: QPalette) -> Qt.ColorScheme:
    return Scheme.Dark if is_dark(palette) else Scheme.Light


@cache
def _source(name: str) -> str:
    return (_ICONS / f"{name}.svg").read_text(encoding="utf-8")


def _draw(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    drawn = QSvgRenderer(_source(name).replace("currentColor", color.name()).encode())
    drawn.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    painter.setOpacity(color.alphaF())
    drawn.render(painter, rect)


class _Tinted(QIconEngine):
    """Draws the icon anew wherever and however large it is wanted."""

    def __init__(self, name: str, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        group = Group.Disabled if mode is QIcon.Mode.Disabled else Group.Active
        role = Role.HighlightedText if mode is QIcon.Mode.Selected else self._role
        _draw(painter, QRectF(rect), self._name, QApplication.palette().color(group, role))

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
        return _Tinted(self._name, self._role)

    def key(self) -> str:
        return f"heddle-{self._name}"

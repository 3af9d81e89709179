"""Strokes of a drawing, painted."""

import itertools
import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBitmap,
    QBrush,
    QColor,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
)

from desktop.models.drawing import Stroke, Tool

_HEAD = 4.5  # length of an arrow's head, in widths of its line
_MARKER_ALPHA = 0.4


def paint(painter: QPainter, stroke: Stroke, strength: float = 1.0) -> None:
    """The stroke as it is seen; `strength` 1 is all of it."""
    colour = QColor(stroke.colour)
    colour.setAlphaF(strength * (_MARKER_ALPHA if stroke.tool is Tool.HIGHLIGHTER else 1.0))
    _draw(painter, stroke, QBrush(colour))


def region(stroke: Stroke) -> QRegion:
    """The points that it covers, where windows cannot be seen through. Of a highlighter every second pair of
    rows: so what is below it stays legible."""
    area = bounds(stroke)
    bitmap = QBitmap(area.size())
    bitmap.clear()
    painter = QPainter(bitmap)
    painter.translate(-area.topLeft())
    _draw(painter, stroke, QBrush(Qt.GlobalColor.color1))
    painter.end()
    covered = QRegion(bitmap)
    if stroke.tool is Tool.HIGHLIGHTER:
        covered &= _rows(area.width(), area.height())
    return covered.translated(area.topLeft())


def bounds(stroke: Stroke) -> QRect:
    """What it may touch, in whole points."""
    polygon = QPolygonF([QPointF(*point) for point in stroke.points])
    room = stroke.width * _HEAD + 2
    return polygon.boundingRect().adjusted(-room, -room, room, room).toAlignedRect()


def tool_icon(tool: Tool, colour: QColor, side: int, scale: float) -> QPixmap:
    """A picture of the tool: what it draws."""
    pixmap = QPixmap(round(side * scale), round(side * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / 24, side / 24)
    if tool is Tool.ERASER:
        _paint_eraser(painter, colour)
    else:
        points = {
            Tool.PEN: tuple((4 + step, 12 - 7 * math.sin(step / 2.5)) for step in range(17)),
            Tool.HIGHLIGHTER: ((3.0, 12.0), (21.0, 12.0)),
        }.get(tool, ((4.0, 19.0), (20.0, 5.0)))
        painter.setPen(Qt.PenStyle.NoPen)
        _draw(painter, Stroke(tool, "", points), QBrush(colour), 10.0 if tool is Tool.HIGHLIGHTER else 2.0)
    painter.end()
    return pixmap


def _paint_eraser(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QPen(colour, 2))
    painter.translate(12, 12)
    painter.rotate(-40)
    painter.drawRoundedRect(QRectF(-9, -4.5, 18, 9), 2, 2)
    painter.drawLine(QPointF(-3, -4.5), QPointF(-3, 4.5))


def _draw(painter: QPainter, stroke: Stroke, brush: QBrush, width: float | None = None) -> None:
    width = width or stroke.width
    flat = stroke.tool is Tool.HIGHLIGHTER
    cap = Qt.PenCapStyle.FlatCap if flat else Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(brush, width, Qt.PenStyle.SolidLine, cap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = [QPointF(*point) for point in stroke.points]
    if len(points) == 1:
        painter.drawLine(points[0], points[0] + QPointF(width / 2 if flat else 0.01, 0))
    elif stroke.tool is Tool.BOX:
        painter.drawRect(QRectF(points[0], points[1]).normalized())
    elif stroke.tool is Tool.ELLIPSE:
        painter.drawEllipse(QRectF(points[0], points[1]).normalized())
    elif stroke.tool is Tool.ARROW:
        _draw_arrow(painter, points[0], points[1], brush, width)
    else:
        painter.drawPath(_smooth(points))


def _draw_arrow(painter: QPainter, tail: QPointF, tip: QPointF, brush: QBrush, width: float) -> None:
    along = tip - tail
    length = math.hypot(along.x(), along.y())
    if not length:
        return
    along /= length
    head = min(width * _HEAD, length)
    side = QPointF(-along.y(), along.x()) * head * 0.5
    neck = tip - along * head
    painter.drawLine(tail, neck + along * head * 0.3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawPolygon(QPolygonF([tip, neck + side, neck - side]))


def _smooth(points: list[QPointF]) -> QPainterPath:
    """Through the middles of the ways between the points, which rounds the corners of a quick hand."""
    path = QPainterPath(points[0])
    for one, other in itertools.pairwise(points[1:]):
        path.quadTo(one, (one + other) / 2)
    path.lineTo(points[-1])
    return path


def _rows(width: int, height: int) -> QRegion:
    rows = QRegion()
    for top in range(0, height, 4):
        rows += QRect(0, top, width, 2)
    return rows

"""How one recording is painted: as a card with its poster, or as a line of a list."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.i18n import tr
from desktop.models.library.items import LONGEST_TITLE, Item, Moment, Standing
from desktop.models.library.wording import facts, mark_words, moment_words
from desktop.models.words import duration
from desktop.views import theme
from desktop.views.library.rows import ITEM, MOMENTS, PERCENT, PICTURE, STATE
from desktop.views.tokens import Tokens

Index = QModelIndex | QPersistentModelIndex
Role = QPalette.ColorRole
_SHADE = 170  # alpha of what lies under white words on a picture
_LIVE = frozenset({Standing.RECORDING, Standing.FAILED})


class _Painted(QStyledItemDelegate):
    """What cards and lines share."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._symbol_for: tuple[int, int, float] | None = None
        self._symbol_drawn = QPixmap()
        # A moving picture in place of the poster, for the key it belongs to.
        self.moving: tuple[str, Callable[[], QPixmap]] | None = None

    @property
    def gap(self) -> int:
        return theme.space(self._view)

    @property
    def line(self) -> int:
        return QFontMetrics(self._view.font()).height()

    def moment_at(self, index: Index) -> Moment | None:
        """The place in the transcript that a card shows while words are looked for."""
        moments: Sequence[Moment] = index.data(MOMENTS) or ()
        return moments[0] if moments else None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802 - Qt's
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setMaxLength(LONGEST_TITLE)
        return editor

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> Tokens:
        """Paints what is chosen or under the pointer; the colours of what stands on it."""
        colors, state = theme.tokens(option.palette), option.state
        above = colors
        if state & QStyle.StateFlag.State_Selected:
            self._round(painter, option.rect, QColor(colors.selected))
            if (ink := colors.on_selected) != colors.text:  # one colour alone is read on it
                above = replace(colors, text=ink, muted=ink, live=ink)
        elif state & QStyle.StateFlag.State_MouseOver:
            self._round(painter, option.rect, QColor(colors.hover))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRoundedRect(option.rect.adjusted(2, 2, -3, -3), self.gap, self.gap)
        return above

    def _round(self, painter: QPainter, rect: QRect, color: QColor, radius: float | None = None) -> None:
        path = QPainterPath()
        radius = self.gap if radius is None else radius
        path.addRoundedRect(rect.adjusted(1, 1, -1, -1).toRectF(), radius, radius)
        painter.fillPath(path, color)

    def _poster(self, painter: QPainter, rect: QRect, index: Index, item: Item, palette: QPalette) -> None:
        path = QPainterPath()
        path.addRoundedRect(rect.toRectF(), self.gap * 0.75, self.gap * 0.75)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(rect, palette.color(QPalette.ColorGroup.Active, Role.Mid))
        picture: QPixmap | None = index.data(PICTURE)
        if self.moving and self.moving[0] == item.key:
            picture = self.moving[1]()
        if picture is not None and not picture.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(_covering(rect, picture), picture)
        else:
            self._symbol(painter, rect, palette)
        painter.restore()

    def _symbol(self, painter: QPainter, rect: QRect, palette: QPalette) -> None:
        side = min(rect.width(), rect.height()) // 3
        color = palette.color(QPalette.ColorGroup.Active, Role.Dark)
        wanted = side, color.rgba(), self._view.devicePixelRatioF()
        if self._symbol_for != wanted:
            self._symbol_for = wanted
            self._symbol_drawn = theme.pixmap("play", side, color, wanted[2])
        drawn = self._symbol_drawn
        at = rect.center()
        painter.drawPixmap(at.x() - side // 2, at.y() - side // 2, drawn)

    def _bar(self, painter: QPainter, rect: QRect, index: Index, palette: QPalette) -> None:
        """How far it is, at the foot of the poster."""
        percent: int | None = index.data(PERCENT)
        if percent is None:
            return
        foot = QRect(rect.left(), rect.bottom() - self.gap // 2 + 1, rect.width(), self.gap // 2)
        path = QPainterPath()
        path.addRoundedRect(rect.toRectF(), self.gap * 0.75, self.gap * 0.75)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(foot, QColor(0, 0, 0, _SHADE))
        foot.setWidth(foot.width() * percent // 100)
        painter.fillRect(foot, theme.accent(palette))
        painter.restore()

    def _badge(
        self, painter: QPainter, rect: QRect, text: str, *, left: bool, color: QColor | None = None
    ) -> None:
        """White words on a dark ground in a lower corner, or an upper one for what is said on the left."""
        metrics = QFontMetrics(painter.font())
        width, height = metrics.horizontalAdvance(text) + self.gap, metrics.height()
        margin = self.gap * 3 // 4
        x = rect.left() + margin if left else rect.right() - width - margin
        y = rect.top() + margin if left else rect.bottom() - height - margin
        place = QRect(x, y, min(width, rect.width() - 2 * margin), height)
        self._round(painter, place.adjusted(-1, -1, 1, 1), color or QColor(0, 0, 0, _SHADE), self.gap / 2)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(
            place,
            Qt.AlignmentFlag.AlignCenter,
            metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width()),
        )


class Card(_Painted):
    """Poster above, title and what is to say below."""

    columns = 4  # the view says how many fit

    def card_size(self, width: int) -> QSize:
        poster = (width - 2 * self.gap) * 9 // 16
        return QSize(width, poster + 3 * self.gap + 3 * self.line + self.gap)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802, ARG002 - Qt's
        return self._view.gridSize()  # type: ignore[attr-defined,no-any-return]  # a QListView's

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item | None = index.data(ITEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = option.rect.adjusted(self.gap, self.gap, -self.gap, -self.gap)
        poster = QRect(inner.left(), inner.top(), inner.width(), inner.width() * 9 // 16)
        if item is None:
            self._round(painter, poster, option.palette.color(Role.AlternateBase))
            painter.restore()
            return
        colors = self._ground(painter, option)
        self._poster(painter, poster, index, item, option.palette)
        self._bar(painter, poster, index, option.palette)
        self._badges(painter, poster, item, option.palette)
        words = QRect(inner.left(), poster.bottom() + self.gap, inner.width(), inner.height())
        self._words(painter, words, index, colors, option)
        painter.restore()

    def title_rect(self, rect: QRect) -> QRect:
        """Where the title stands, and is written anew."""
        inner = rect.adjusted(self.gap, self.gap, -self.gap, -self.gap)
        top = inner.top() + inner.width() * 9 // 16 + self.gap
        return QRect(inner.left(), top, inner.width(), self.line)

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: Index,  # noqa: ARG002 - Qt's
    ) -> None:
        place = self.title_rect(option.rect)
        editor.setGeometry(place.adjusted(-2, -self.gap // 3, 2, self.gap // 3))

    def _badges(self, painter: QPainter, poster: QRect, item: Item, palette: QPalette) -> None:
        if item.duration_s:
            self._badge(painter, poster, duration(item.duration_s), left=False)
        if mark := mark_words(item):
            color = theme.live(palette).darker(150) if item.conflict else None
            self._badge(painter, poster, mark, left=True, color=color)
        elif item.standing is Standing.RECORDING:
            self._badge(painter, poster, tr("Recording"), left=True, color=theme.live(palette).darker(150))

    def _words(
        self, painter: QPainter, rect: QRect, index: Index, colors: Tokens, option: QStyleOptionViewItem
    ) -> None:
        item: Item = index.data(ITEM)
        rect.setHeight(self.line)
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(colors.text))
        _elided(painter, rect, item.title)
        painter.setFont(option.font)
        painter.setPen(QColor(colors.muted))
        rect.translate(0, self.line)
        _elided(painter, rect, facts(item, datetime.now().astimezone(), short=True))
        rect.translate(0, self.line)
        moment = self.moment_at(index)
        if moment is not None:
            painter.setPen(QColor(colors.text))
            _elided(painter, rect, moment_words(moment))
            return
        painter.setPen(QColor(colors.live if item.standing in _LIVE else colors.muted))
        _elided(painter, rect, _state_or_tags(index, item))


class Line(_Painted):
    """Small poster, title with facts below it, state to the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802, ARG002 - Qt's
        return QSize(option.rect.width(), 2 * self.line + 2 * self.gap)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item | None = index.data(ITEM)
        if item is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self._ground(painter, option)
        inner = option.rect.adjusted(self.gap, self.gap, -self.gap, -self.gap)
        poster = QRect(inner.left(), inner.top(), inner.height() * 16 // 9, inner.height())
        self._poster(painter, poster, index, item, option.palette)
        self._bar(painter, poster, index, option.palette)
        left = poster.right() + 2 * self.gap
        state_width = inner.width() // 4
        title = QRect(left, inner.top(), inner.right() - left - state_width, self.line)
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(colors.text))
        _elided(painter, title, item.title)
        painter.setFont(option.font)
        moment = self.moment_at(index)
        painter.setPen(QColor(colors.text if moment else colors.muted))
        said = moment_words(moment) if moment else facts(item, datetime.now().astimezone())
        _elided(painter, title.translated(0, self.line), said)
        state = QRect(inner.right() - state_width, inner.top(), state_width, inner.height())
        painter.setPen(QColor(colors.live if item.conflict or item.standing in _LIVE else colors.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        words = " · ".join(filter(None, (mark_words(item), _state_or_tags(index, item))))
        metrics = QFontMetrics(option.font)
        painter.drawText(state, right, metrics.elidedText(words, Qt.TextElideMode.ElideRight, state.width()))
        painter.restore()

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: Index,  # noqa: ARG002 - Qt's
    ) -> None:
        inner = option.rect.adjusted(self.gap, self.gap, -self.gap, -self.gap)
        left = inner.left() + inner.height() * 16 // 9 + 2 * self.gap
        editor.setGeometry(
            left - 2, inner.top() - 2, inner.right() - left - inner.width() // 4, self.line + 6
        )


def _state_or_tags(index: Index, item: Item) -> str:
    return index.data(STATE) or " ".join(f"#{tag}" for tag in item.tags)


def _elided(painter: QPainter, rect: QRect, text: str) -> None:
    metrics = QFontMetrics(painter.font())
    painter.drawText(
        rect,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width()),
    )


def _covering(rect: QRect, picture: QPixmap) -> QRect:
    """The picture as large as the place, over its edges rather than under them."""
    size = QSize(picture.size())
    size.scale(rect.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    place = QRect(rect.topLeft(), size)
    place.moveCenter(rect.center())
    return place

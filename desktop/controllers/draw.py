"""Drawing on the screen: the mouse's ways become strokes, on the screen on which the pointer is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QScreen

from desktop.context import Context
from desktop.models.actions import Action
from desktop.models.drawing import COLOURS, Drawing, Tool
from desktop.models.session import ACTIVE, Session
from desktop.platform import keyboard
from desktop.platform.own_windows import leave_out

if TYPE_CHECKING:
    from desktop.views.draw.overlay import DrawOverlay
    from desktop.views.draw.tools import DrawTools

_PICTURE_MS = 40  # of what fades


@dataclass(slots=True)
class _Sheet:
    """One screen and what is drawn on it."""

    view: "DrawOverlay"
    drawing: Drawing


class DrawController(QObject):
    """`toggle` begins and ends; what was drawn stays until it fades, is cleared, or the recording ends."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._tools: DrawTools | None = None
        self._sheets: dict[str, _Sheet] = {}
        self._sheet: _Sheet | None = None  # the one that is drawn on
        self._typed_in: int | None = None  # the window that had the keyboard before
        self._tool, self._colour, self._fades = Tool.PEN, COLOURS[0], False
        self._was_active = False
        self._fading = QTimer(self, singleShot=True)
        self._fading.timeout.connect(self._fade)
        context.actions.handle(Action.DRAW, self.toggle)
        context.bridge.changed.connect(self._follow)
        context.settings.changed.connect(lambda _now, _before: self._fade())

    @property
    def drawing(self) -> bool:
        """Whether the mouse draws now."""
        return self._sheet is not None

    def toggle(self) -> None:
        """Begins to draw on the pointer's screen, or ends it."""
        if self._sheet:
            self.leave()
        else:
            self._enter(QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen())

    def leave(self) -> None:
        """Clicks go to what is below again, and keys to who had them; the strokes stay."""
        sheet, self._sheet = self._sheet, None
        if sheet:
            if self._typed_in and sheet.view.isActiveWindow():
                keyboard.give_to(self._typed_in)
            sheet.drawing = sheet.drawing.finish(time.monotonic())
            sheet.view.set_active(on=False)
            self._fade()
        if self._tools:
            self._tools.hide()

    def close(self) -> None:
        """Takes all away. Idempotent."""
        self.leave()
        self._fading.stop()
        for sheet in self._sheets.values():
            sheet.view.hide()
            sheet.view.deleteLater()
        self._sheets.clear()
        if self._tools:
            self._tools.deleteLater()
            self._tools = None

    def _enter(self, screen: QScreen) -> None:
        sheet = self._sheets.get(screen.name())
        if sheet is None:
            sheet = self._sheets[screen.name()] = self._new_sheet(screen)
        self._sheet = sheet
        tools = self._have_tools()
        tools.adjustSize()
        place = screen.availableGeometry()
        tools.move(place.center().x() - tools.width() // 2, place.top() + tools.fontMetrics().height())
        self._typed_in = keyboard.holder(QGuiApplication.platformName())
        sheet.view.set_active(on=True)
        tools.show()
        tools.raise_()
        leave_out(int(tools.winId()))
        self._show()

    def _new_sheet(self, screen: QScreen) -> _Sheet:
        from desktop.platform.compositing import windows_can_be_seen_through
        from desktop.views.draw.overlay import DrawOverlay

        see_through = windows_can_be_seen_through(QGuiApplication.platformName())
        view = DrawOverlay(screen, see_through=see_through)
        view.pressed.connect(self._press)
        view.moved.connect(self._move)
        view.released.connect(self._release)
        view.addActions(self._have_tools().actions())  # their keys work while the mouse draws
        return _Sheet(view, Drawing())

    def _have_tools(self) -> "DrawTools":
        if self._tools is None:
            from desktop.views.draw.tools import DrawTools

            tools = self._tools = DrawTools()
            tools.tool_chosen.connect(self._choose_tool)
            tools.colour_chosen.connect(self._choose_colour)
            tools.fading_chosen.connect(self._choose_fading)
            tools.undo_wanted.connect(lambda: self._change(Drawing.undo))
            tools.redo_wanted.connect(lambda: self._change(Drawing.redo))
            tools.clear_wanted.connect(lambda: self._change(Drawing.clear))
            tools.done.connect(self.leave)
        return self._tools

    def _press(self, at: QPointF) -> None:
        if self._tool is Tool.ERASER:
            self._change(lambda drawing: drawing.erase(at.toTuple()))
        else:
            self._change(lambda drawing: drawing.begin(self._tool, self._colour, at.toTuple()))

    def _move(self, to: QPointF, straight: bool) -> None:
        if self._tool is Tool.ERASER:
            self._change(lambda drawing: drawing.erase(to.toTuple()))
        else:
            self._change(lambda drawing: drawing.extend(to.toTuple(), straight=straight))

    def _release(self) -> None:
        self._change(lambda drawing: drawing.finish(time.monotonic()))
        self._fade()

    def _change(self, how: Callable[[Drawing], Drawing]) -> None:
        if self._sheet:
            self._sheet.drawing = how(self._sheet.drawing)
            self._show()

    @property
    def _stay_s(self) -> float:
        """How long a stroke stays; 0 for ever."""
        return float(self._context.settings.value.draw_fade) if self._fades else 0.0

    def _choose_tool(self, tool: Tool) -> None:
        self._tool = tool
        self._show()

    def _choose_colour(self, colour: str) -> None:
        self._colour = colour
        self._show()

    def _choose_fading(self, on: bool) -> None:
        self._fades = on
        self._fade()
        self._show()

    def _show(self) -> None:
        if self._sheet:
            self._sheet.view.show_drawing(self._sheet.drawing, self._stay_s)
            if self._tools:
                self._tools.show_state(self._sheet.drawing, self._tool, self._colour, fading=self._fades)

    def _fade(self) -> None:
        """Wakes up only while something fades, or is about to."""
        now, waits = time.monotonic(), []
        for sheet in self._sheets.values():
            sheet.drawing = sheet.drawing.faded(now, self._stay_s)
            sheet.view.show_drawing(sheet.drawing, self._stay_s)
            if (left := sheet.drawing.next_change(now, self._stay_s)) is not None:
                waits.append(max(_PICTURE_MS, round(1000 * left)))
        self._show()
        if waits:
            self._fading.start(min(waits))
        else:
            self._fading.stop()

    def _follow(self, session: Session) -> None:
        active = session.phase in ACTIVE
        if self._was_active and not active:
            self.close()
        self._was_active = active

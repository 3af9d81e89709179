"""The camera's bubble: its window and the recorder's drawing of it, kept in one place.

See `models/bubble.py` for how a film never shows two of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.context import Context
from desktop.controllers.camera_pictures import CameraPictures
from desktop.i18n import tr
from desktop.models import bubble as model
from desktop.models.actions import Action
from desktop.models.bubble import Arrangement, Bubble, Grip, Remembered, Shape
from desktop.models.choice import NOBODY, Choices, Source
from desktop.models.region import Box
from desktop.models.session import ACTIVE, ENDED, Phase, Session
from desktop.platform.own_windows import stays_out
from desktop.views import screens

if TYPE_CHECKING:
    from desktop.views.bubble import BubbleWindow

_LAYOUT_MS = 40  # between two places told while it is dragged where nobody films the window
_TAKING = {Phase.PREPARING, Phase.RECORDING, Phase.PAUSED, Phase.STOPPING}


class BubbleController(QObject):
    """Shows itself when a recording with a camera begins; `toggle` shows and hides it at any time."""

    def __init__(
        self, context: Context, choices: Choices, filmed: Callable[[], Box | None], remembered: Remembered
    ) -> None:
        """`filmed` says which part of the desktop is recorded."""
        super().__init__(context.application)
        self._context, self._choices, self._filmed = context, choices, filmed
        self._remembered = remembered
        self.bubble = remembered.load()
        self.window: BubbleWindow | None = None
        self._wanted = False  # by the person, or by the recording
        self._left_out = False  # the system leaves the window out of recordings
        self._grip, self._from = Grip.REST, QPoint()
        self._before = Session()
        self._pictures = CameraPictures(context)
        self._telling = QTimer(self, singleShot=True, interval=_LAYOUT_MS)
        self._telling.timeout.connect(self._tell)
        context.actions.handle(Action.BUBBLE, self.toggle)
        context.bridge.changed.connect(self._follow)

    def start_fields(self) -> dict[str, object]:
        """What a recording that begins now is to be told of it."""
        if not self._camera:
            return {}
        return {**self.bubble.layout_fields(), "mirrored": self.bubble.mirrored}

    def toggle(self) -> None:
        """Shows the window or hides it; while recording, the bubble in the recording with it."""
        if not self._camera:
            return
        if self._context.bridge.session.phase not in ACTIVE:
            self._wanted = not self._wanted
            self._show()
        elif self.bubble.arrangement is Arrangement.SCREEN:
            self._change(arrangement=Arrangement.BUBBLE)
        else:
            self._change(arrangement=Arrangement.SCREEN)

    def screens_changed(self) -> None:
        """A recording goes on with the part of the desktop that it began with, and the window lies there."""
        if not self._recording:
            self._place()

    def close(self) -> None:
        """At the end of the app; idempotent."""
        self._wanted = False
        self._pictures.stop()
        window, self.window = self.window, None
        if window:
            window.hide()
            window.deleteLater()

    @property
    def _camera(self) -> str:
        """The camera of the next recording; empty for none."""
        camera = self._choices.last.camera or self._context.settings.value.camera
        return "" if camera in (None, NOBODY) else str(camera)

    @property
    def _is_filmed(self) -> bool:
        """Whether a recording shows our window: the recorder films a window from its own memory."""
        return not self._left_out and self._choices.last.source in {Source.DISPLAY, Source.REGION}

    @property
    def _area(self) -> Box:
        return self._filmed() or screens.screen_of(QGuiApplication.primaryScreen()).box

    @property
    def _recording(self) -> bool:
        return self._context.bridge.session.phase in _TAKING

    @property
    def _film_height(self) -> int:
        return self._context.bridge.session.height or self._choices.last.height

    def _follow(self, session: Session) -> None:
        before, self._before = self._before, session
        if session.phase in ENDED or session.phase is Phase.STARTING:
            self._grip = Grip.REST
        if session.phase in ACTIVE and before.phase not in ACTIVE and self._camera:
            self._wanted = True
        if session.phase not in ACTIVE and before.phase in ACTIVE:
            self._wanted = False
            if self.bubble.arrangement is Arrangement.SCREEN:  # hidden for this recording
                self.bubble = replace(self.bubble, arrangement=Arrangement.BUBBLE)
        if session.layout != before.layout:
            self._answered()
        self._pictures.follow(session)
        if session.camera_gone != before.camera_gone:
            self._tell_of_camera(session.camera_gone)
        if (session.phase, session.height) != (before.phase, before.height):
            self._show()

    def _tell_of_camera(self, gone: str) -> None:
        if self.window:
            self.window.show_words(gone or tr("The camera opens …"))
            if gone:
                self.window.show_image(None)
            self._show()

    def _show(self) -> None:
        """The window as it is to be now."""
        arrangement = self.bubble.arrangement
        visible = self._wanted and bool(self._camera)
        filmed = self._is_filmed and self._recording
        visible &= model.seen(arrangement, filmed=filmed, placed=_can_be_placed())
        if not visible:
            if self.window:
                self.window.hide()
            self._pictures.stop()
            return
        window = self.window or self._make()
        self._pictures.ask(self._camera, mirrored=self.bubble.mirrored)
        self._place()
        if not window.isVisible():
            window.show()
            self._left_out = stays_out(int(window.winId()))
            self._place()
        # The recorder draws no bubble of a camera that is gone: its last picture is not to be in the film.
        window.set_seen(seen=not (filmed and self._context.bridge.session.camera_gone))

    def _make(self) -> "BubbleWindow":
        from desktop.platform.compositing import windows_can_be_seen_through
        from desktop.views.bubble import BubbleWindow

        see_through = windows_can_be_seen_through(QGuiApplication.platformName())
        window = self.window = BubbleWindow(see_through=see_through)
        window.show_words(tr("The camera opens …"))
        self._pictures.came.connect(window.show_image)
        window.grabbed.connect(self._grab)
        window.dragged.connect(self._drag)
        window.dropped.connect(self._drop)
        window.nudged.connect(self._nudge)
        window.turned.connect(lambda notches: self._replace(self.bubble.resized(notches)))
        window.size_chosen.connect(lambda size: self._replace(self.bubble.with_size(size)))
        window.shape_chosen.connect(lambda shape: self._change(shape=shape))
        window.mirror_chosen.connect(lambda on: self._mirror(on=on))
        window.arrangement_chosen.connect(lambda one: self._change(arrangement=one))
        window.hide_wanted.connect(self.toggle)
        return window

    def _place(self) -> None:
        """Where the recorder draws it; a little smaller where that has to hide it."""
        if self.window is None or self._grip is Grip.FREE:
            return
        place = self.bubble.place(self._area)
        edge = 0
        if self._is_filmed and self._recording and self.bubble.arrangement is Arrangement.BUBBLE:
            edge = model.inset(self._area, self._film_height)
        inner = Box(place.x + edge, place.y + edge, place.width - 2 * edge, place.height - 2 * edge)
        self.window.show_bubble(self.bubble, screens.go(self.window, inner))

    def _grab(self) -> None:
        window = self.window
        if window is None:
            return
        self._from = window.pos()
        self._grip = Grip.FREE
        if self._is_filmed and self._recording and self.bubble.arrangement is Arrangement.BUBBLE:
            self._grip = Grip.ASKED
            self._context.bridge.layout({"layout": str(Arrangement.SCREEN)})

    def _drag(self, by: QPoint) -> None:
        if self.window is None or self._grip is not Grip.FREE:
            return
        self.window.move(self._from + by)
        if not self._is_filmed:
            self._bring_home(self.window)
            if self._recording and not self._telling.isActive():
                self._telling.start()

    def _drop(self) -> None:
        """The recorder draws it from now on where the window lies; the window goes below."""
        window, grip = self.window, self._grip
        if window is None:
            return
        self._grip = Grip.REST
        if grip is Grip.FREE:
            self._bring_home(window)
        self._telling.stop()
        self._remembered.save(self.bubble)
        self._place()
        self._tell()

    def _bring_home(self, window: "BubbleWindow") -> None:
        """The bubble is where the window is, or as near as it can be."""
        area, size = self._area, self.bubble.place(self._area)
        now = screens.pixels(window)
        # The window may be smaller than the bubble, around the same middle.
        self.bubble = self.bubble.moved_to(
            now.x + (now.width - size.width) // 2, now.y + (now.height - size.height) // 2, area
        )

    def _nudge(self, by: QPoint) -> None:
        """By keys: out of sight for a moment where it is filmed, so that no film shows both places."""
        now = self.bubble.place(self._area)
        self._replace(self.bubble.moved_to(now.x + by.x(), now.y + by.y(), self._area))

    def _replace(self, bubble: Bubble) -> None:
        """Another size, shape or place. What is drawn over the window comes first where it hides it."""
        before, self.bubble = self.bubble, bubble
        if bubble == before:
            return
        self._remembered.save(bubble)
        hidden = self._is_filmed and self._recording
        if hidden and (bubble.x, bubble.y) != (before.x, before.y) and self.window:
            self.window.set_seen(seen=False)
            self._tell()
        elif hidden and model.covers(before, bubble):
            self._tell()
        else:
            self._place()
            self._tell()
        if not self._recording:
            self._show()

    def _change(self, *, shape: Shape | None = None, arrangement: Arrangement | None = None) -> None:
        now = self.bubble
        self._replace(replace(now, shape=shape or now.shape, arrangement=arrangement or now.arrangement))
        if arrangement is not None:
            self._show()

    def _mirror(self, *, on: bool) -> None:
        self.bubble = replace(self.bubble, mirrored=on)
        self._remembered.save(self.bubble)
        if self._recording:
            self._context.bridge.camera({"mirrored": on})
        else:
            self._pictures.ask(self._camera, mirrored=on, again=True)

    def _tell(self) -> None:
        self._context.bridge.layout(self.bubble.layout_fields())

    def _answered(self) -> None:
        """The recorder draws as it was told; where it was told more since then, its last answer counts."""
        layout = self._context.bridge.session.layout or {}
        if self._grip is Grip.ASKED:
            if layout.get("layout") == str(Arrangement.SCREEN):
                self._grip = Grip.FREE
        elif self._grip is Grip.REST and self._recording and self._is_drawn(layout):
            self._show()

    def _is_drawn(self, layout: Mapping[str, object]) -> bool:
        """Whether the recorder draws the bubble as it is here."""
        return self.bubble.layout_fields().items() <= layout.items()


def _can_be_placed() -> bool:
    """On Wayland no program says where its windows lie."""
    return not QGuiApplication.platformName().startswith("wayland")

"""What lies over the screen while something is recorded: the countdown before, the control bar during, and a
line around what is recorded where that is a part of the screen."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from desktop.context import Context
from desktop.models.actions import Action
from desktop.models.placing import place
from desktop.models.region import Box
from desktop.models.session import Phase, Session
from desktop.platform.own_windows import leave_out
from desktop.views import screens
from desktop.views.control_bar import ControlBar
from desktop.views.countdown import CountdownOverlay
from desktop.views.region_frame import RegionFrame, can_be_framed

_FRAMED = {Phase.COUNTING, Phase.RECORDING, Phase.PAUSED}
_SHOWN = {Phase.PREPARING, Phase.RECORDING, Phase.PAUSED, Phase.STOPPING}
# Before zero: it is gone, and what was under it drawn, when the first picture is taken.
_GONE_BEFORE_MS = 200


class OverlaysController(QObject):
    """The windows are made when they are first wanted, and last as long as the app."""

    def __init__(
        self, context: Context, filmed: Callable[[], Box | None], region: Callable[[], Box | None]
    ) -> None:
        """`filmed` says which part of the desktop is recorded, `region` where that is a part of a screen."""
        super().__init__(context.application)
        self._context, self._filmed, self._region = context, filmed, region
        self._placed = self._framed = False
        self.frame: RegionFrame | None = None
        self._keys: Mapping[Action, str] = {}
        self.bar: ControlBar | None = None
        self.countdown: CountdownOverlay | None = None
        self._end = QTimer(self, singleShot=True, interval=1000 - _GONE_BEFORE_MS)
        self._end.timeout.connect(self._hide_countdown)
        context.bridge.changed.connect(self._follow)

    def close(self) -> None:
        """At the end of the app; idempotent."""
        for window in (self.bar, self.countdown):
            if window is not None:
                window.hide()
                window.deleteLater()
        self.bar = self.countdown = None
        if self.frame is not None:
            self.frame.close()
            self.frame = None

    def show_keys(self, keys: Mapping[Action, str]) -> None:
        """The hotkeys there are."""
        self._keys = keys
        if self.bar is not None:
            self.bar.show_keys(keys)

    def screens_changed(self) -> None:
        """A bar that lay on a screen that is gone comes to one that is there; where the region lies now, the
        recorder knows."""
        if self.frame is not None:
            self.frame.hide()
        if self.bar is not None and self._placed and not screens.is_shown(self.bar):
            self._place(self.bar)

    def _follow(self, session: Session) -> None:
        self._count(session)
        self._show_frame(session)
        if session.phase in _SHOWN:
            self._show_bar(session)
        elif self.bar is not None and self.bar.isVisible():
            self.bar.hide()
            self._placed = False

    def _count(self, session: Session) -> None:
        if session.phase is not Phase.COUNTING:
            self._end.stop()
            self._hide_countdown()
        elif session.seconds_left and not self._end.isActive():
            if self.countdown is None:
                self.countdown = CountdownOverlay()
                self.countdown.cancelled.connect(lambda: self._context.actions.perform(Action.CANCEL))
                leave_out(int(self.countdown.winId()))
            self._show_countdown(self.countdown, session.seconds_left)
            if session.seconds_left == 1:
                self._end.start()

    def _hide_countdown(self) -> None:
        if self.countdown is not None:
            self.countdown.hide()

    def _show_frame(self, session: Session) -> None:
        before = self._framed
        # Nothing is to be made while the first picture is waited for.
        self._framed = session.phase in _FRAMED or (before and session.phase is Phase.PREPARING)
        if self._framed and not before and can_be_framed() and (region := self._region()):
            self.frame = self.frame or RegionFrame(self)
            self.frame.show_around(region)
            for side in self.frame.sides:
                leave_out(int(side.winId()))
        if self.frame is not None:
            self.frame.show_live(on=session.phase is Phase.RECORDING)
            if not self._framed:
                self.frame.hide()

    def _show_bar(self, session: Session) -> None:
        if self.bar is None:
            self.bar = ControlBar()
            self.bar.wanted.connect(self._context.actions.perform)
            self.bar.stop_wanted.connect(self._context.bridge.stop)
            self.bar.show_keys(self._keys)
        self.bar.show_session(session)
        if not self._placed and session.phase is not Phase.STOPPING:
            self._placed = True
            self._place(self.bar)
            self.bar.show()
            self.bar.raise_()
            leave_out(int(self.bar.winId()))

    def _place(self, bar: ControlBar) -> None:
        """Out of the picture; where there is no room for that, in a corner of it and small, unless the system
        leaves the bar out of pictures anyway."""
        filmed = self._filmed()
        boxes = [screens.screen_of(one).box for one in screens.ordered()]
        bar.set_folded(folded=False)
        spot, inside = _spot(bar, filmed, boxes)
        if inside and not leave_out(int(bar.winId())):
            bar.set_folded(folded=True)
            spot, _ = _spot(bar, filmed, boxes)
        bar.move(screens.go(bar, spot).topLeft())

    def _show_countdown(self, countdown: CountdownOverlay, seconds: int) -> None:
        """In the middle of what is filmed; on the first screen where nobody knows."""
        filmed = self._filmed() or screens.screen_of(screens.ordered()[0]).box
        countdown.show_seconds(seconds, screens.go(countdown, filmed))


def _spot(bar: ControlBar, filmed: Box | None, boxes: list[Box]) -> tuple[Box, bool]:
    """Where it goes, and whether that is in the picture. It is as large as its screen's scale makes it."""
    scale = screens.screen_of(screens.showing(filmed or boxes[0])).scale
    spot, inside = place(_pixels(bar, scale), filmed, boxes, _gap(bar, scale))
    other = screens.screen_of(screens.showing(spot)).scale
    if other != scale:
        spot, inside = place(_pixels(bar, other), filmed, boxes, _gap(bar, other))
    return spot, inside


def _pixels(bar: ControlBar, scale: float) -> tuple[int, int]:
    size = bar.sizeHint()
    return round(size.width() * scale), round(size.height() * scale)


def _gap(bar: ControlBar, scale: float) -> int:
    return round(bar.fontMetrics().height() * scale)

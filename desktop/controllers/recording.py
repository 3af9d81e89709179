"""Recording: what actions ask for, and what follows of a take by itself: its link on the clipboard, words
about its end, a computer that stays awake.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.context import Context
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.choice import Choices
from desktop.models.ending import Ending, ending, late_link
from desktop.models.session import ACTIVE, ENDED, Phase, Problem, Session
from desktop.platform import awake, disturb
from desktop.settings import Settings

TWICE_S = 0.6  # whoever presses again so soon meant it once
LATE_S = 10.0  # after so long the clipboard may hold something else
_BEGINNING = {Phase.READY, Phase.COUNTING, Phase.PREPARING}
_BUSY = {Phase.COUNTING, Phase.PREPARING, Phase.RECORDING, Phase.PAUSED, Phase.STOPPING}


class RecordingController(QObject):
    """Owns no window: those follow the bridge's Session."""

    def __init__(self, context: Context, choices: Choices) -> None:
        super().__init__(context.application)
        self._context, self._choices = context, choices
        self._before = Session()
        self._link = ""  # of the newest recording
        self._copied = False  # the link of this take is on the clipboard
        self._told = False  # of the end of this take
        self._told_not_quiet = False
        self._awake = _Held(context, awake.hold)
        self._quiet = _Held(context, disturb.hold, self._not_quiet)
        self._stopped_at: float | None = None  # monotonic
        self._dropping = False  # the take that ends is not wanted
        self._toggled_at = -math.inf  # monotonic
        self.title = ""  # of the next recording, and of no other
        self.more_fields: Callable[[], Mapping[str, object]] = dict  # what else a recording is told
        for action, handler in {
            Action.RECORD: self.toggle,
            Action.PAUSE: context.bridge.pause_or_resume,
            Action.RESTART: self.restart,
            Action.CANCEL: self.cancel,
            Action.MUTE: lambda: context.bridge.mute(on=not context.bridge.session.muted),
            Action.MARKER: context.bridge.mark,
            Action.COPY_LINK: self.copy_link,
        }.items():
            context.actions.handle(action, handler)
        context.bridge.changed.connect(self._follow)
        context.settings.changed.connect(self._settings_changed)

    def toggle(self) -> None:
        """Starts with what was chosen last; while there is a recording, stops it.

        A second press at once does neither: it would film somebody who believes to have stopped.
        """
        before, self._toggled_at = self._toggled_at, time.monotonic()
        if self._toggled_at - before < TWICE_S:
            return
        bridge = self._context.bridge
        if bridge.session.phase in ACTIVE:
            bridge.stop()
        else:
            title, self.title = self.title, ""
            bridge.start({**self._choices.last.start_fields(title), **self.more_fields()})

    def restart(self) -> None:
        """Puts the take aside and begins the same again; its link is nobody's business."""
        self._dropping = True
        self._context.bridge.restart()

    def cancel(self) -> None:
        """Puts the take aside."""
        self._dropping = True
        self._context.bridge.cancel()

    def copy_link(self) -> None:
        """That of the recording that runs, or of the newest one."""
        link = self._context.bridge.session.share_url or self._link
        if link:
            self.copy(link)

    def copy(self, link: str) -> None:
        """Puts a link on the clipboard."""
        self._context.application.clipboard().setText(link)

    def open_link(self, link: str) -> None:
        """Shows it in the person's browser."""
        if link.startswith(("http://", "https://")):
            QDesktopServices.openUrl(QUrl(link))

    def close(self) -> None:
        """Gives back what was asked of the system."""
        self._awake.drop_now()
        self._quiet.drop_now()

    def _follow(self, session: Session) -> None:
        before, self._before = self._before, session
        if session.phase in {Phase.STARTING, Phase.READY} or (session.share_url is None and before.share_url):
            self._copied = self._told = False
            self._stopped_at = None
        if session.phase is not before.phase and session.phase in _BEGINNING:
            self._dropping = False
        self._link = session.share_url or self._link
        self._tell_troubles(session.troubles, before.troubles)
        if session.phase is Phase.STOPPING or session.phase is Phase.FINISHED:
            self._hand_over_link(session)
        if session.phase in ENDED and not self._told:
            self._told = True
            self._tell(ending(session))
        self._keep(session)

    def _tell_troubles(self, now: Sequence[Problem], before: Sequence[Problem]) -> None:
        """At once: what is done about them saves the rest of the take."""
        same = now[: len(before)] == before  # else it is another recorder that tells
        for trouble in now[len(before) :] if same else now:
            self._context.messages.tell(trouble)

    def _settings_changed(self, now: Settings, before: Settings) -> None:
        if now.server != before.server:
            self._context.bridge.renew()

    def _hand_over_link(self, session: Session) -> None:
        """At stop at once, before the file is finished; where it comes later, then."""
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
        if session.share_url is None or self._copied or self._dropping:
            return
        self._copied = True
        if time.monotonic() - self._stopped_at < LATE_S:
            self.copy(session.share_url)
            if self._told:  # of an end without a link
                self._tell(late_link(session.share_url, copied=True))
        else:
            self._tell(late_link(session.share_url, copied=False))

    def _keep(self, session: Session) -> None:
        settings, busy = self._context.settings.value, session.phase in _BUSY
        self._awake.want(on=busy and settings.keep_awake)
        self._quiet.want(on=busy and settings.do_not_disturb)

    def _not_quiet(self, error: Exception) -> None:
        """Told once: it will be the same the next time."""
        if not self._told_not_quiet:
            self._told_not_quiet = True
            hint = tr('Turn "Do not disturb" off in the settings.')
            why = Problem(tr("Notifications are not held back"), str(error), hint, severity="warning")
            self._context.messages.tell(why)

    def _tell(self, end: Ending | None) -> None:
        if end is None:
            return
        link, problem = end.link, end.problem
        if problem.severity == "info":
            act = (lambda: self.open_link(link)) if link else None
            self._context.messages.notify(problem.title, problem.detail, act)
        else:
            self._context.messages.tell(problem)


class _Held(QObject):
    """Something asked of the system for a while. Asking and giving back may wait, so threads do it."""

    def __init__(
        self,
        context: Context,
        hold: Callable[[str], awake.Release],
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__(context.application)
        self._context, self._hold, self._say = context, hold, refused
        self._wanted = self._in_vain = False
        self._asking = False
        self._release: awake.Release | None = None

    def want(self, *, on: bool) -> None:
        """From now on, or no more."""
        self._wanted = on
        self._in_vain = self._in_vain and on  # the next time it is asked again
        if on and self._release is None and not self._asking and not self._in_vain:
            self._asking = True
            reason = tr("The screen is being recorded")
            self._context.background.in_thread(lambda: self._hold(reason), self._got, self._refused)
        elif not on and self._release is not None:
            release, self._release = self._release, None
            self._context.background.in_thread(release)

    def drop_now(self) -> None:
        """At the end of the app, when no thread would do it any more."""
        release, self._release = self._release, None
        if release:
            release()

    def _got(self, release: awake.Release) -> None:
        self._asking, self._release = False, release
        self.want(on=self._wanted)

    def _refused(self, error: Exception) -> None:
        """A recording is no worse for it."""
        self._asking, self._in_vain = False, self._wanted
        if self._say:
            self._say(error)

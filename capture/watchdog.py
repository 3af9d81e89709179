"""A screen source that is watched: one that hangs or fails is opened anew, and the film goes on meanwhile.

The source lives on a thread of its own, so that a call into a driver or a server that never answers holds up
nobody. While it does not answer, the film shows the last picture; so it does while there is no source at all.
What was hanging is left to itself: a thread cannot be ended from outside.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from capture.errors import CaptureError, ScreenChanged, ScreenLost, ScreenRefused
from capture.fitted import FittedSource
from capture.health import Health, display_trouble, screen_away, screen_back, screen_stalled
from capture.model import Picture
from capture.pool import Buffer
from capture.ports import Attentive, Placed, ScreenSource

log = logging.getLogger(__name__)

PATIENCE_S = 0.25  # a grab that takes longer is waited for in later ticks: the film's grid is not to suffer
STALL_S = 3.0
RETRY_S = 1.0
CLOSE_S = 1.0
GIVE_UP_S = 120.0  # a session that ended for good is no film of its last picture

Open = Callable[[], ScreenSource]


@dataclass(frozen=True, slots=True)
class Limits:
    """All in seconds: when a grab counts as hanging, how long until the next attempt, and until the end."""

    stall_s: float = STALL_S
    retry_s: float = RETRY_S
    give_up_s: float = GIVE_UP_S


class WatchedSource:
    """A ScreenSource over those that `reopen` gives, beginning with `first`.

    ScreenLost when no picture came for `give_up_s`; what fails before its first picture is not opened again.
    """

    def __init__(self, first: ScreenSource, reopen: Open, limits: Limits = Limits()) -> None:
        self.width, self.height = first.width, first.height
        self._reopen, self._limits = reopen, limits
        self._line = _Line(lambda: first)
        self._last: Buffer | None = None  # held while there is no source to ask
        self._filmed = False
        self._lost_at: float | None = None
        self._retry_at = 0.0
        self._why: Exception | None = None
        self._trouble: Health | None = None

    def grab(self, *, thorough: bool) -> Picture | None:
        if self._line.dead:
            self._try_again()
            return None
        if not thorough and self._filmed and self._line.quiet():
            return None
        patience_s = PATIENCE_S if self._filmed else self._limits.stall_s
        answer = self._line.ask(thorough=thorough, patience_s=patience_s)
        if isinstance(answer, ScreenChanged) and not self._filmed:  # since it was opened: in a countdown
            self._line.close(0.0)
            self._line = _Line(self._fitting)
            answer = self._line.ask(thorough=thorough, patience_s=patience_s)
        if isinstance(answer, Exception):
            self._fail(answer)
            return None
        if answer is None:
            if self._line.silent_s >= self._limits.stall_s:
                self._abandon()
            return None
        self._filmed = True
        if self._lost_at is not None:
            self._lost_at = None
            self._trouble = screen_back()
        picture, trouble = answer
        self._trouble = trouble or self._trouble
        if picture is not None and self._last is not None:
            self._last.release()
            self._last = None
        return picture

    def again(self) -> Picture:
        if self._last is not None:
            return Picture(self._last.retain(), 0)
        return self._line.again()

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        source = self._line.source
        return source.find(x, y) if isinstance(source, Placed) else None

    def trouble(self) -> Health | None:
        trouble, self._trouble = self._trouble, None
        return trouble

    def close(self) -> None:
        self._line.close(CLOSE_S)

    def _fail(self, error: Exception) -> None:
        """The source said that it is broken, or could not be opened."""
        if not self._filmed or isinstance(error, ScreenRefused):
            raise error
        if isinstance(error, ScreenChanged):
            log.info("the screen changed: %s", error)
            self._let_go(error, retry_s=0.0)
            self._trouble = display_trouble("All of it is shown in the size that the film has.")
            return
        log.warning("the screen was lost: %s", error)
        self._lose(error, screen_away(str(error)))

    def _abandon(self) -> None:
        if not self._filmed:
            raise ScreenLost("The screen gives no picture", f"None came in {self._limits.stall_s:g} s.")
        log.warning("the screen has not answered for %.1f s", self._limits.stall_s)
        self._lose(ScreenLost("The screen does not answer"), screen_stalled(self._limits.stall_s))

    def _lose(self, why: Exception, health: Health) -> None:
        self._let_go(why, self._limits.retry_s)
        if self._lost_at is None:
            self._lost_at, self._trouble = time.monotonic(), health

    def _let_go(self, why: Exception, retry_s: float) -> None:
        """Shows the last picture until there is another source."""
        if self._last is None:
            self._last = self._line.again().buffer
        self._line.close(0.0)
        self._why, self._retry_at = why, time.monotonic() + retry_s

    def _try_again(self) -> None:
        now = time.monotonic()
        if self._lost_at is not None and now - self._lost_at > self._limits.give_up_s:
            raise ScreenLost(
                "The screen went away",
                f"It did not come back within {self._limits.give_up_s:g} s: {self._why}",
                "What was recorded until then is kept and plays.",
            )
        if now >= self._retry_at:
            self._line = _Line(self._fitting)

    def _fitting(self) -> ScreenSource:
        """Another source, whose pictures have the size of the first one's."""
        source = self._reopen()
        if (source.width, source.height) == (self.width, self.height):
            return source
        return FittedSource(source, self.width, self.height)


Answer = tuple[Picture | None, Health | None] | Exception


class _Line:
    """A source on its own thread, asked one thing at a time."""

    def __init__(self, open_source: Open) -> None:
        self._open = open_source
        self._source: ScreenSource | None = None
        self._attentive: Attentive | None = None
        self._questions: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._asked_at: float | None = None
        self._late = False
        self.dead = False
        self._thread = threading.Thread(target=self._run, name="heddle-screen", daemon=True)
        self._thread.start()

    @property
    def source(self) -> ScreenSource | None:
        return self._source

    @property
    def silent_s(self) -> float:
        """How long the question that was asked has been unanswered."""
        return time.monotonic() - self._asked_at if self._asked_at is not None else 0.0

    def ask(self, *, thorough: bool, patience_s: float) -> Answer | None:
        """What `grab` gave or raised; None when it has not done so yet. Waits once for each question."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            self._questions.put(thorough)
        try:
            answer = self._answers.get(timeout=0 if self._late else patience_s)
        except queue.Empty:
            self._late = True
            return None
        self._asked_at, self._late = None, False
        return answer

    def quiet(self) -> bool:
        """Whether asking would be in vain: two changes of threads at each tick cost more than looking."""
        if self._attentive is None or self._asked_at is not None:
            return False
        try:
            return self._attentive.quiet()
        except CaptureError:
            return False  # the thread finds the same, and says so

    def again(self) -> Picture:
        if self._source is None:
            raise ScreenLost("There is no picture yet", "The screen was not grabbed before.")
        return self._source.again()

    def close(self, timeout: float) -> None:
        """Have the thread close the source, and wait for that so long."""
        if not self.dead:
            self.dead = True
            self._questions.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            source = self._source = self._open()
            self._attentive = source if isinstance(source, Attentive) else None
        except Exception as error:  # noqa: BLE001 - told to whoever asks
            self._answers.put(error)
            return
        try:
            while (thorough := self._questions.get()) is not None:
                self._answers.put(self._answer(source, thorough=thorough))
        finally:
            source.close()

    def _answer(self, source: ScreenSource, *, thorough: bool) -> Answer:
        try:
            return source.grab(thorough=thorough), source.trouble()
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            return error

"""One take from command to file: the only place where the state changes, on one thread."""

from __future__ import annotations

import math
import queue
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from capture import aside, registry, reports, selftest
from capture.camera.desk import CameraDesk
from capture.camera.model import CameraRequest
from capture.camera.options import describe_treatment, parse_treatment
from capture.countdown import Countdown
from capture.errors import CaptureError, IllegalCommand
from capture.health import Health, HealthBoard, ends_soon
from capture.layout import Layout, describe_layout, parse_layout
from capture.marks import Marks
from capture.model import Counters, Result, StartCommand, TakeInfo
from capture.pipeline import Listener, Pipeline
from capture.screenlock import LockWatch
from capture.selftest import Tester, Verdict, worries
from capture.sound import describe_levels
from capture.starter import Armed, Starter
from capture.states import FINAL, Event, State, advance, hint
from capture.statistics import Statistics
from capture.vigil import Vigil
from media.clock import MediaClock
from media.manifest import TakeState

FROZEN_S = 3.0  # the time is asked for twice a second at least
SOON_S = 60.0  # before a take ends by itself
OPENING_S = 3.0  # how long a cancelled take waits for what is just being opened
_BEFORE = (State.TESTING, State.COUNTING, State.PREPARING)
_LIVE = (State.RECORDING, State.PAUSED)

Emit = Callable[[dict[str, Any]], None]


class Session:
    """Takes commands (`handle`) and what the pipeline tells, emits events. `run_for` does the waiting.

    `emit` gets dictionaries with "event"; it may be called from this thread only.
    """

    def __init__(self, emit: Emit, cameras: CameraDesk | None = None) -> None:
        """`cameras` is lent by a session that may have a camera open already: a device opens only once."""
        self._emit = emit
        self.state = State.IDLE
        self.failed = False
        self._news: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._command: StartCommand | None = None
        self._starter: Starter | None = None
        self._tester: Tester | None = None
        self._cameras = cameras or CameraDesk(lambda health: self.post(lambda: self._tell(health)))
        self._lent = cameras is not None
        self._pipeline: Pipeline | None = None
        self._fresh()

    def _fresh(self) -> None:
        """Everything that belongs to one take alone, anew; the objects tell which take a call belongs to."""
        self._clock = MediaClock(frozen_s=FROZEN_S)
        self._vigil = Vigil(self._clock)
        self._screen_lock = LockWatch(None)
        self._counters = Counters()
        self._board = HealthBoard()
        self._marks = Marks()
        self._info: TakeInfo | None = None
        self._pipeline = None
        self._countdown = Countdown()
        self._statistics = Statistics(self._clock, self._counters)
        self._stop_by: float | None = None  # stop at the first picture; without one, then

    @property
    def over(self) -> bool:
        return self.state in FINAL

    def announce(self) -> None:
        """Say that the engine is armed."""
        self._emit_state()

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run on the session's thread; from any thread and from signal handlers."""
        self._news.put(call)

    def run_for(self, timeout_s: float) -> None:
        """Do what was posted, and what is due by the clock: the countdown, the statistics."""
        try:
            call = self._news.get(timeout=max(0.0, min(timeout_s, self._due_in())))
        except queue.Empty:
            pass
        else:
            call()
        if self.state is State.COUNTING:
            self._count()
        elif self.state in _LIVE and self._statistics.due_in() <= 0:
            self._emit_stats()
        elif self.state is State.PREPARING and self._stop_by and time.monotonic() >= self._stop_by:
            self.cancel()

    def start(self, command: StartCommand) -> None:
        """Begin a take; devices that were never recorded with are tested first, where that is asked for."""
        if command.life.self_test and self.state is State.IDLE:
            tested = selftest.known(command)
            if tested is None:
                self.test(command, go_on=True)
                return
            command = tested
        if self._go(_beginning(command)):
            self._begin(command)

    def test(self, command: StartCommand, *, go_on: bool = False) -> None:
        """Record two seconds to a file of their own and say what is in them."""
        if self._go(Event.TEST):
            self._command = command  # a layout chosen meanwhile is kept in it
            self._tester = Tester(
                command,
                lambda verdict: self.post(lambda: self._on_tested(verdict, go_on=go_on)),
                self._cameras,
            )

    def pause(self) -> None:
        if self._go(Event.PAUSE):
            self._clock.pause()
            self._wake()

    def resume(self) -> None:
        if self._go(Event.RESUME):
            self._clock.resume()
            self._wake()

    def mark(self, title: str) -> None:
        """Remember this place of the take."""
        if self.state not in _LIVE:
            self.refuse(IllegalCommand("Cannot mark now", f"The recorder is {self.state}.", hint(self.state)))
            return
        marker = self._marks.add(self._clock.media_time(), title)
        self._emit({"event": "marker", "number": len(self._marks.all), **reports.marker(marker)})

    def mute(self, *, on: bool) -> None:
        """Record silence for the microphone from now on, or its sound again."""
        if self._pipeline is None or self.state not in _LIVE:
            self.refuse(IllegalCommand("Cannot mute now", f"The recorder is {self.state}.", hint(self.state)))
            return
        self._pipeline.mute(on=on)
        self._emit({"event": "muted", "on": on})

    def stop(self) -> None:
        """Finish the file; before there is one, `end`. Asked again, as by Ctrl-C and its parent at once, it
        changes nothing."""
        if self.state in _BEFORE:
            self.end()
        elif self.state is not State.STOPPING and not self.over and self._go(Event.STOP):
            self._finish(TakeState.FINISHED)

    def end(self) -> None:
        """Stop whatever there is: a take that records gets its end, one that does not yet is dropped. Where
        the first picture is about to come, it is waited for; the file then has at least one."""
        if self.state is State.PREPARING:
            self._stop_by = self._stop_by or time.monotonic() + OPENING_S
        elif self.state in _LIVE:
            self.stop()
        elif self.state not in (State.IDLE, State.STOPPING) and not self.over:
            self.cancel()

    def cancel(self) -> None:
        """The file is kept, but put aside: nothing recorded is lost. Before the first picture, none is."""
        if self._go(Event.CANCEL):
            self._finish(TakeState.CANCELLED)

    def restart(self) -> None:
        """Put this take aside, as `cancel` does, and begin the same again."""
        if not self._go(Event.RESTART) or self._command is None:
            return
        if self.state is State.COUNTING:
            self._countdown = Countdown(self._command.life.countdown)
            return
        result = self._close(TakeState.CANCELLED)
        if self.failed or result is None:
            self._go(Event.DROPPED, result)
            return
        self._emit({"event": "discarded", **reports.result(result, self._info)})
        if self._go(_beginning(self._command)):
            self._begin(self._command)

    def preview(self, request: CameraRequest | None) -> None:
        """Show the camera to a window, in any state; None ends that."""
        try:
            self._emit({"event": "preview", **self._cameras.preview(request)})
        except CaptureError as error:
            self.refuse(error)

    def close(self) -> None:
        """Give back what outlives a take; idempotent."""
        if not self._lent:
            self._cameras.close()

    def arrange(self, values: dict[str, Any]) -> None:
        """Change the layout as the fields of a `layout` command say; what they leave open stays."""
        command = self._command
        if self.over or command is None or command.camera is None:
            why = "This take has no camera." if command else f"The recorder is {self.state}."
            raise IllegalCommand("The layout cannot be changed", why, "Start a take with a camera.")
        layout = parse_layout(values, command.layout)
        self._command = replace(command, layout=layout)  # also for what is being opened, or begun again
        scene = self._pipeline.scene if self._pipeline is not None else None
        if scene is not None:
            scene.arrange(layout)
        self._emit({"event": "layout", **describe_layout(layout)})

    def treat(self, values: dict[str, Any]) -> None:
        """Mirror the camera and change what is behind the person as the fields of a `camera` command say."""
        command = self._command
        if self.over or command is None or command.camera is None:
            why = "This take has no camera." if command else f"The recorder is {self.state}."
            raise IllegalCommand("The camera's picture cannot be changed", why, "Start a take with a camera.")
        camera = parse_treatment(values, command.camera)
        self._cameras.treat(camera)
        self._command = replace(command, camera=camera)  # as for the layout
        self._emit({"event": "camera", **describe_treatment(camera)})

    def refuse(self, error: CaptureError) -> None:
        """Tell that a command cannot be followed; nothing changes."""
        self._emit({"event": "error", **error.describe()})

    def _begin(self, command: StartCommand) -> None:
        self._fresh()
        self._command = command
        self._countdown = Countdown(command.life.countdown)
        clock = self._clock
        self._starter = Starter(
            command,
            clock,
            self._counters,
            self._marks,
            open_camera=self._cameras.open,
            listener=self._listener(clock),
            done=lambda armed: self.post(lambda: self._on_armed(clock, armed)),
        )
        aside.sweep(command.output.parent)

    def _listener(self, clock: MediaClock) -> Listener:
        """What the threads of one take tell; after that take they are not listened to."""

        def post(call: Callable[[], None]) -> None:
            self.post(lambda: call() if clock is self._clock else None)

        return Listener(
            first_picture=lambda: post(self._on_first),
            limit_reached=lambda: post(self._on_limit),
            failed=lambda error: post(lambda: self._break(error)),
            health=lambda health: post(lambda: self._tell(health)),
            levels=lambda levels: post(lambda: self._emit({"event": "level", **describe_levels(levels)})),
        )

    def _count(self) -> None:
        left = self._countdown.news()
        if left is not None:
            self._emit({"event": "countdown", "secondsLeft": left})
        elif self._countdown.over and self._go(Event.ZERO) and self._pipeline is not None:
            self._pipeline.start()

    def _on_armed(self, clock: MediaClock, armed: Armed) -> None:
        if clock is not self._clock or self.state not in (State.COUNTING, State.PREPARING):
            armed.pipeline.stop(TakeState.CANCELLED)
            return
        self._info, self._pipeline = armed.info, armed.pipeline
        self._catch_up(armed.pipeline)
        if self.state is State.PREPARING:
            self._pipeline.start()

    def _catch_up(self, pipeline: Pipeline) -> None:
        """Layout and treatment as they were chosen while the take was opened."""
        command = self._command
        if pipeline.scene is None or command is None or command.camera is None:
            return
        pipeline.scene.arrange(command.layout or Layout())
        try:
            self._cameras.treat(command.camera)
        except CaptureError as error:
            self.refuse(error)

    def _on_tested(self, verdict: Verdict, *, go_on: bool) -> None:
        if self.state is not State.TESTING:
            return
        self._emit(verdict.describe())
        for health in worries(verdict):
            self._emit({"event": "health", **health.describe()})
        if not go_on:
            self._go(Event.TESTED)
        elif self._go(_beginning(verdict.command)):
            chosen = self._command or verdict.command
            self._begin(replace(verdict.command, layout=chosen.layout, camera=chosen.camera))

    def _on_first(self) -> None:
        if self.state is State.PREPARING:
            self._go(Event.READY)
            self._screen_lock = LockWatch(registry.open_lock())
            self._statistics.begin()
            if self._stop_by is not None:
                self.stop()

    def _ends_within(self, seconds: float) -> bool:
        """Whether a take that was to be longer than twice that reaches its limit so soon."""
        limit = self._command.seconds if self._command else None
        return limit is not None and limit > 2 * seconds and limit - self._clock.media_time() <= seconds

    def _on_limit(self) -> None:
        if self.state is State.RECORDING:
            self.stop()

    def _break(self, error: CaptureError) -> None:
        """Something ended the take; what there is becomes an ordinary file."""
        if self.over or self.state is State.IDLE:
            return
        self.failed = True
        self._emit({"event": "error", **error.describe()})
        before = self.state
        if before is State.STOPPING:
            return  # it is being finished already
        self._go(Event.BROKE)
        if before in _LIVE:
            self._finish(TakeState.FINISHED)
        elif self._pipeline is not None:
            self._pipeline.stop()

    def _finish(self, state: TakeState) -> None:
        result = self._close(state)
        if state is TakeState.CANCELLED:
            self._go(Event.DROPPED, result)
        else:
            self._go(Event.DONE if result and result.fragments else Event.BROKE, result)

    def _close(self, state: TakeState) -> Result | None:
        """The end of what runs or is being opened; None when nothing ran yet."""
        if self._tester is not None:
            self._tester.abandon(OPENING_S)
        self._screen_lock.close()
        if self._pipeline is None and self._starter is not None:
            self._starter.join(OPENING_S)
        result = self._pipeline.stop(state) if self._pipeline is not None else None
        while not self._news.empty():  # errors of the last second
            self._news.get_nowait()()
        return result

    def _wake(self) -> None:
        if self._pipeline is not None:
            self._pipeline.wake()

    def _go(self, event: Event, result: Result | None = None) -> bool:
        try:
            self.state = advance(self.state, event)
        except CaptureError as error:
            self.refuse(error)
            return False
        self._emit_state(result)
        return True

    def _tell(self, health: Health) -> None:
        if self._board.is_news(health):
            self._emit({"event": "health", **health.describe()})

    def _emit_state(self, result: Result | None = None) -> None:
        event: dict[str, Any] = {"event": "state", "state": str(self.state)}
        if self._info is not None and self.state in _LIVE:
            event |= reports.take(self._info)
        if result is not None:
            event |= reports.result(result, self._info)
        self._emit(event)

    def _due_in(self) -> float:
        """Seconds until something happens by the clock."""
        if self.state is State.COUNTING:
            return self._countdown.due_in()
        return self._statistics.due_in() if self.state in _LIVE else math.inf

    def _emit_stats(self) -> None:
        if self._pipeline is None:
            return
        self._pipeline.check()
        if self._ends_within(SOON_S):
            self._tell(ends_soon())
        for health in (*self._vigil.look(), *self._screen_lock.look()):  # each time it happens
            self._emit({"event": "health", **health.describe()})
        self._emit(self._statistics.take(self._pipeline))


def _beginning(command: StartCommand) -> Event:
    return Event.COUNT if command.life.countdown else Event.START

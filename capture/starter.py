"""Opening a take on a thread of its own: a portal may ask a person, a sound server may be slow to answer, and
commands are heard meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from capture.errors import CaptureError, StageFailed
from capture.marks import Marks
from capture.model import Counters, StartCommand, TakeInfo
from capture.opening import open_take
from capture.pipeline import Listener, Pipeline
from capture.staging import OpenCamera
from media.clock import MediaClock


@dataclass(frozen=True, slots=True)
class Armed:
    """A take that needs only its first picture. Whoever gets it stops the pipeline."""

    info: TakeInfo
    pipeline: Pipeline


class Starter:
    """`done` or `failed` is called once, on this thread, whatever happens."""

    def __init__(
        self,
        command: StartCommand,
        clock: MediaClock,
        counters: Counters,
        marks: Marks,
        *,
        open_camera: OpenCamera,
        listener: Listener,
        done: Callable[[Armed], None],
    ) -> None:
        self._command, self._clock, self._counters, self._marks = command, clock, counters, marks
        self._listener, self._done, self._open_camera = listener, done, open_camera
        self._thread = threading.Thread(target=self._run, name="heddle-open", daemon=True)
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            self._done(self._arm())
        except CaptureError as error:
            self._listener.failed(error)
        except Exception as error:  # noqa: BLE001 - a take that cannot begin says why, whatever went wrong
            self._listener.failed(
                StageFailed("The recording could not begin", f"{type(error).__name__}: {error}")
            )

    def _arm(self) -> Armed:
        listener, clock, counters = self._listener, self._clock, self._counters
        take = open_take(
            self._command, clock, counters, listener.health, self._marks, open_camera=self._open_camera
        )
        return Armed(take.info, take.arm(clock, counters, listener))

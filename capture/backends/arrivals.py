"""For screens whose pictures arrive by themselves: the newest waits until the film asks for it.

A system that hands out pictures (desktop duplication, ScreenCaptureKit, a grabbing device) does so at its
own pace. A `Feed` keeps the newest one; `ArrivingSource` copies the filmed part of it, compares and says what
changed. Where the system says what it redrew, only that is compared, and now and then (`thorough`)
everything: a system that misses changes is not believed any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from capture import fit
from capture.area import filmed
from capture.compare import all_bands, bands_of, changed_bands
from capture.errors import ScreenLost
from capture.health import Health, display_trouble, screen_away
from capture.model import Picture, Rect
from capture.pool import Buffer, pixel_pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

POOL_SIZE = 6
MISSES_TOLERATED = 2
FIRST_S = 10.0  # a system that asks the user first is asked through `capture/permissions.py`, not here
RETRY_S = 0.5
CLOSE_S = 3.0


class Arrival(Protocol):
    """A picture in the system's hands. `redrawn` is what may differ from the one before, None for all."""

    width: int
    height: int
    redrawn: Sequence[Rect] | None

    def copy(self, area: Rect, target: Pixels) -> None:
        """Write `area` of it as BGRA into `target`, black where the picture does not reach."""
        ...


class Feed(Protocol):
    """Where pictures arrive. All calls from one thread."""

    def newest(self) -> Arrival | None:
        """The newest picture; None when none came since the last call. Never waits for one."""
        ...

    def worry(self) -> Health | None:
        """What has been going wrong since the last call, for the user."""
        ...

    def lost(self) -> str | None:
        """Why no picture will ever come again; None while one may."""
        ...

    def close(self) -> None: ...


def paste(picture: Pixels, area: Rect, target: Pixels) -> None:
    """`area` of `picture` (BGRA) into `target`, black where the picture does not reach."""
    inside = area.clip(Rect(0, 0, picture.shape[1], picture.shape[0]))
    if inside != area:
        target[:] = 0
    if inside is not None:
        left, top = inside.x - area.x, inside.y - area.y
        target[top : top + inside.height, left : left + inside.width] = picture[
            inside.y : inside.bottom, inside.x : inside.right
        ]


def first_of(feed: Feed, wait_s: float = FIRST_S) -> Arrival:
    """The first picture; ScreenLost when none comes."""
    deadline = time.monotonic() + wait_s
    while True:
        arrival = feed.newest()
        if arrival is not None:
            return arrival
        reason = feed.lost()
        if reason is None and time.monotonic() > deadline:
            worry = feed.worry()
            reason = worry.detail if worry is not None else f"None came within {wait_s:g} s."
        if reason is not None:
            raise ScreenLost("The screen gives no picture", reason)
        time.sleep(0.005)  # feeds are asked, they do not call


class ArrivingSource:
    """A ScreenSource over a feed. It owns the feed and closes it."""

    def __init__(self, feed: Feed, region: Rect | None, *, whole: bool = False) -> None:
        """`whole`: a picture that changes its size is made to fit, as a window's, and not cut off."""
        self._feed, self._whole = feed, whole
        try:
            first = first_of(feed)
            self._first = self._size = first.width, first.height
            self._area = filmed(Rect(0, 0, *self._size), region)
        except BaseException:
            feed.close()
            raise
        self.width, self.height = self._area.width, self._area.height
        self._all = all_bands(self.height)
        self._pool = pixel_pool(lambda: np.zeros((self.height, self.width, 4), dtype=np.uint8), POOL_SIZE)
        self._waiting: Arrival | None = first
        self._pending = self._all
        self._reference: Buffer | None = None
        self._believed, self._missed = True, 0
        self._trouble: Health | None = None

    def grab(self, *, thorough: bool) -> Picture | None:
        self._hear()
        arrival = self._waiting
        if arrival is None:
            return None
        new = self._pool.take()
        if new is None:
            return None  # all on their way through the pipeline; the arrival waits
        new.retain()
        self._copy(arrival, new.pixels)
        expected = self._pending
        self._waiting, self._pending = None, 0
        changed = self._compare(new, self._all if thorough or not self._believed else expected)
        if changed & ~expected:
            self._missed += 1
            self._believed = self._missed <= MISSES_TOLERATED
        if not changed:
            new.release()
            return None
        old, self._reference = self._reference, new
        if old is not None:
            old.release()
        return self._picture(changed)

    def again(self) -> Picture:
        return self._picture(0)

    def trouble(self) -> Health | None:
        trouble, self._trouble = self._trouble or self._feed.worry(), None
        return trouble

    def close(self) -> None:
        self._waiting = None
        self._feed.close()

    def _hear(self) -> None:
        lost = self._feed.lost()
        if lost:
            raise ScreenLost("The screen went away", lost)
        arrival = self._feed.newest()
        if arrival is None:
            return
        self._waiting = arrival
        self._pending |= self._bands(arrival)
        if (arrival.width, arrival.height) != self._size:
            self._size, self._pending = (arrival.width, arrival.height), self._all
            if not self._whole:
                self._trouble = display_trouble("What lies outside of it now is recorded black.")

    def _copy(self, arrival: Arrival, target: Pixels) -> None:
        size = arrival.width, arrival.height
        if not self._whole or size == self._first:
            arrival.copy(self._area, target)
            return
        picture = np.empty((arrival.height, arrival.width, 4), dtype=np.uint8)
        arrival.copy(Rect(0, 0, *size), picture)
        fit.draw(picture, target, fit.place(*size, Rect(0, 0, self.width, self.height)))

    def _bands(self, arrival: Arrival) -> int:
        if arrival.redrawn is None or (self._whole and self._size != self._first):
            return self._all
        common = (rect.clip(self._area) for rect in arrival.redrawn)
        bands = 0
        for rect in common:
            if rect is not None:
                bands |= bands_of(rect.y - self._area.y, rect.bottom - self._area.y)
        return bands

    def _compare(self, new: Buffer, among: int) -> int:
        old = self._reference
        if old is None:
            return self._all
        return changed_bands(new.address, old.address, self.width * 4, self.height, among)

    def _picture(self, dirty: int) -> Picture:
        if self._reference is None:
            raise ScreenLost("There is no picture yet", "The screen was not grabbed before.")
        return Picture(self._reference.retain(), dirty, ())


class Reader(Protocol):
    """A device. `read` waits for the next picture, about a frame long; None when nothing changed.

    Any of `PulledFeed.errors` says that it has to be opened anew.
    """

    def read(self) -> Arrival | None: ...

    def close(self) -> None: ...


class PulledFeed:
    """A thread that reads a device and opens it anew when it fails: a locked screen comes back."""

    def __init__(
        self, open_reader: Callable[[], Reader], errors: tuple[type[Exception], ...], what: str
    ) -> None:
        self._open, self._errors, self._what = open_reader, errors, what
        self._lock = threading.Lock()
        self._newest: Arrival | None = None
        self._worry: Health | None = None
        self._closing = threading.Event()
        reader = open_reader()  # its errors are those of whoever opens the screen
        self._thread = threading.Thread(target=self._run, args=(reader,), name=f"heddle-{what}", daemon=True)
        self._thread.start()

    def newest(self) -> Arrival | None:
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def worry(self) -> Health | None:
        with self._lock:
            worry, self._worry = self._worry, None
        return worry

    def lost(self) -> str | None:
        return None if self._thread.is_alive() or self._closing.is_set() else f"{self._what} ended."

    def close(self) -> None:
        self._closing.set()
        self._thread.join(CLOSE_S)
        self._newest = None

    def _run(self, reader: Reader | None) -> None:
        while not self._closing.is_set():
            try:
                reader = reader or self._open()
                self._read(reader)
            except self._errors as error:
                self._say(screen_away(f"{self._what}: {error}"))
                if reader is not None:
                    reader.close()
                reader = None
                self._closing.wait(RETRY_S)
        if reader is not None:
            reader.close()

    def _read(self, reader: Reader) -> None:
        while not self._closing.is_set():
            arrival = reader.read()
            if arrival is not None:
                self._put(arrival)

    def _put(self, arrival: Arrival) -> None:
        """Nobody waits here: a picture that was not taken gives way to the next."""
        with self._lock:
            self._newest = arrival

    def _say(self, worry: Health) -> None:
        with self._lock:
            self._worry = worry

"""The screen of a Wayland session: shared by the desktop's portal, carried by PipeWire, pointer included.

The person chooses once which screen or window it is; the desktop's token answers the next times. `--display
ask` has it asked again. The picture keeps the size it began with: what changes its size later, as a window
does, is shown scaled into it, with black at the sides.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from capture import fit
from capture.area import bounds, filmed
from capture.compare import all_bands, bands_of, changed_bands, runs
from capture.errors import CaptureError, ScreenLost, ScreenRefused
from capture.health import Health, display_trouble, pointer_missing, screen_still
from capture.model import DisplayInfo, Picture, Rect, ScreenRequest, WindowInfo
from capture.pool import Buffer, pixel_pool
from capture.ports import Probe, ScreenSource

if sys.platform == "linux":
    from capture.backends import libpipewire, restore_token
    from capture.backends.mosaic import Mosaic, side_by_side
    from capture.backends.pipewire import Frame, Stream
    from capture.backends.portal import Portal, Sharing, source_types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

name = "screen_portal"

ASK, ALL = "ask", "all"
POOL_SIZE = 6
FIRST_FRAME_S = 10.0
_dialog = threading.Lock()
_asked: set[str] = set()  # kinds of choices that the person made since this process began
NOWHERE = Rect(0, 0, 0, 0)
MISSES_TOLERATED = 2


def probe(request: ScreenRequest) -> Probe:
    """Asks nobody: whether there is a portal, and a library to read its stream with."""
    if sys.platform != "linux":
        return Probe(usable=False, reason="the ScreenCast portal is for Linux")
    named = next((one for one in (request.display, request.window) if one and one not in (ASK, ALL)), None)
    if named:
        return Probe(
            usable=False, reason=f"the person chooses what a portal shares; {named!r} cannot be named"
        )
    try:
        libpipewire.library()
        portal = Portal()
    except OSError as error:
        return Probe(usable=False, reason=f"PipeWire's library is not installed: {error}")
    except ScreenLost as error:
        return Probe(usable=False, reason=error.detail)
    try:
        portal.abilities()
    except ScreenLost as error:
        return Probe(usable=False, reason=error.detail)
    finally:
        portal.close()
    return Probe(usable=True)


def displays() -> list[DisplayInfo]:
    """What can be asked for: the desktop tells nobody of its screens before the person chose one."""
    _portal_here()
    return [
        DisplayInfo(ASK, "A screen or window chosen in the desktop's dialog", NOWHERE, primary=True),
        DisplayInfo(ALL, "Several screens chosen in the desktop's dialog", NOWHERE, primary=False),
    ]


def windows() -> list[WindowInfo]:
    """As for displays, with windows alone in the dialog."""
    _portal_here()
    return [WindowInfo(ASK, "A window chosen in the desktop's dialog", "", NOWHERE)]


def _portal_here() -> None:
    answer = probe(ScreenRequest())
    if not answer.usable:
        raise ScreenLost("The desktop's portal cannot be used", answer.reason)


def open(request: ScreenRequest) -> ScreenSource:
    """ScreenRefused when the person does not want to share. Waits for their answer to the dialog."""
    portal = Portal()
    opened: list[_PortalSource] = []
    try:
        sharing = _share(portal, request)
        single = len(sharing.streams) == 1
        for shared in sharing.streams:
            stream = Stream(portal.remote(), shared.node, request.fps)
            region = request.region if single else None
            opened.append(_PortalSource(portal, stream, region, pointer=sharing.pointer))
        return opened[0] if single else _mosaic(opened, sharing, request.region)
    except BaseException:
        for source in opened:
            source.close()
        portal.close()
        raise


def _mosaic(sources: Sequence[_PortalSource], sharing: Sharing, region: Rect | None) -> Mosaic:
    places = []
    for source, shared in zip(sources, sharing.streams, strict=True):
        x, y = shared.position or (0, 0)
        # Places are in points of the desktop, pictures in pixels.
        factor = source.width / shared.size[0] if shared.size and shared.size[0] else 1.0
        places.append(Rect(round(x * factor), round(y * factor), source.width, source.height))
    places = side_by_side(places)
    return Mosaic(list(zip(sources, places, strict=True)), filmed(bounds(places), region))


def _share(portal: Portal, request: ScreenRequest) -> Sharing:
    """One dialog at a time, and one for a take: a stream that broke is opened again by the token."""
    types = source_types(window=True if request.window else False if request.display == ALL else None)
    if not _dialog.acquire(blocking=False):
        raise ScreenLost("The screen is not shared yet", "The desktop's dialog still waits for an answer.")
    try:
        several = request.display == ALL
        kind = f"{types}{ALL if several else ''}"
        ask = ASK in (request.display, request.window) and kind not in _asked
        token = None if ask else restore_token.kept(kind)
        sharing = portal.share(portal.abilities(), types, token, several=several)
        restore_token.keep(kind, sharing.restore_token)
        _asked.add(kind)
    finally:
        _dialog.release()
    return sharing


class _PortalSource:
    def __init__(self, portal: Portal, stream: Stream, region: Rect | None, *, pointer: bool) -> None:
        self._portal, self._stream, self._closed = portal, stream, False
        try:
            self._prepare(region, pointer=pointer)
        except BaseException:
            self.close()
            raise

    def _prepare(self, region: Rect | None, *, pointer: bool) -> None:
        self._size = self._first_size()
        self._area = filmed(Rect(0, 0, *self._size), region)
        self.width, self.height = self._area.width, self._area.height
        self._stride, self._all = self.width * 4, all_bands(self.height)
        self._pool = pixel_pool(lambda: np.zeros((self.height, self.width, 4), np.uint8), POOL_SIZE)
        self._scratch: Pixels = np.zeros((self.height, self.width, 4), np.uint8)
        self._reference: Buffer | None = None
        self._behind = False  # a frame was lost on us: the scratch is newer than the reference
        self._misses = 0
        self._paused = False
        self._fitted: tuple[int, int] = self._size
        self._trouble: Health | None = None if pointer else pointer_missing()

    def grab(self, *, thorough: bool) -> Picture | None:
        self._check()
        with self._stream.frame() as frame:
            changed = self._behind_changes() if frame is None else self._copy(frame, thorough=thorough)
        if not changed or self._reference is None:
            return None
        return Picture(self._reference.retain(), changed, ())

    def again(self) -> Picture:
        if self._reference is None:
            raise ScreenLost("There is no picture yet", "The screen was not grabbed before.")
        return Picture(self._reference.retain(), 0, ())

    def trouble(self) -> Health | None:
        trouble, self._trouble = self._trouble, None
        return trouble

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._stream.close()
        self._portal.close()

    def _first_size(self) -> tuple[int, int]:
        if not self._stream.arrived.wait(FIRST_FRAME_S):
            raise _no_picture(f"No picture came within {FIRST_FRAME_S:.0f} s of the desktop's yes.")
        if self._stream.ended:
            raise _no_picture(self._stream.ended)
        with self._stream.frame(keep=True) as frame:
            if frame is None:
                raise _no_picture("The desktop offers pictures in a form that cannot be read.")
            height, width = frame.pixels.shape[:2]
        return width, height

    def _check(self) -> None:
        """ScreenLost when there will be no more pictures; a pause of the desktop's only is told."""
        if self._portal.ended():
            # Not ScreenLost: nobody may fetch back by a token what the person has just taken away.
            raise ScreenRefused(
                "The screen is no longer shared",
                "The sharing was ended on the desktop, or the window was closed.",
                "What was recorded until then is kept. Record again to share anew.",
            )
        if self._stream.ended:
            raise ScreenLost("The screen went away", self._stream.ended, "What was recorded is kept.")
        if self._stream.paused and not self._paused:
            self._trouble = screen_still()
        self._paused = self._stream.paused

    def _copy(self, frame: Frame, *, thorough: bool) -> int:
        """Bring the reference up to date with the frame; the bands that changed."""
        shown = self._shown(frame)
        expected = self._all if self._behind else self._expected(frame)
        whole = thorough or self._misses > MISSES_TOLERATED
        changed = self._take_over(shown, self._all if whole else expected)
        if changed & ~expected:
            self._misses += 1  # this desktop's news of damage cannot be believed
        return changed

    def _take_over(self, shown: Pixels, among: int) -> int:
        """Copy what differs into the reference, into another buffer if somebody still reads this one."""
        old = self._reference
        changed = self._all
        if old is not None:
            changed = changed_bands(shown.ctypes.data, old.address, self._stride, self.height, among)
            if changed and not old.shared:
                for top, bottom in runs(changed, self.height):
                    old.pixels[top:bottom] = shown[top:bottom]
                self._behind = False
                return changed
        if not changed:
            self._behind = False
            return 0
        new = self._pool.take()
        if new is None:  # all are on their way through the pipeline: remember it, it may be the last for long
            if shown is not self._scratch:
                np.copyto(self._scratch, shown)
            self._behind = True
            return 0
        ctypes.memmove(new.address, shown.ctypes.data, self._stride * self.height)
        self._reference, self._behind = new.retain(), False
        if old is not None:
            old.release()
        return changed

    def _behind_changes(self) -> int:
        return self._take_over(self._scratch, self._all) if self._behind else 0

    def _expected(self, frame: Frame) -> int:
        """The bands in which the desktop says that something changed."""
        if frame.damage is None or self._fitted != self._size or self._reference is None:
            return self._all
        bands = 0
        for rect in frame.damage:
            common = rect.clip(self._area)
            if common is not None:
                bands |= bands_of(common.y - self._area.y, common.bottom - self._area.y)
        return bands

    def _shown(self, frame: Frame) -> Pixels:
        """The frame as the film shows it: our size, blue first, rows without gaps."""
        height, width = frame.pixels.shape[:2]
        if (width, height) != self._fitted:
            self._fitted = (width, height)
            self._trouble = display_trouble(
                f"What is shared is now {width} x {height} pixels; it is made to fit."
            )
        if self._fitted != self._size:
            return self._fit(frame)
        part = frame.pixels[self._area.y : self._area.bottom, self._area.x : self._area.right]
        if frame.swapped:
            cv2.cvtColor(part, cv2.COLOR_RGBA2BGRA, dst=self._scratch)
            return self._scratch
        if part.flags.c_contiguous:
            return part
        np.copyto(self._scratch, part)
        return self._scratch

    def _fit(self, frame: Frame) -> Pixels:
        height, width = frame.pixels.shape[:2]
        where = fit.place(width, height, Rect(0, 0, self.width, self.height))
        fit.draw(np.ascontiguousarray(frame.pixels), self._scratch, where)
        if frame.swapped:
            cv2.cvtColor(self._scratch, cv2.COLOR_RGBA2BGRA, dst=self._scratch)
        return self._scratch


def _no_picture(why: str) -> CaptureError:
    return ScreenLost(
        "The desktop shares the screen, but no picture comes",
        why,
        "See that PipeWire and its session manager run: `systemctl --user status pipewire wireplumber`.",
    )

"""ScreenCaptureKit through PyObjC: what can be filmed on a Mac, and streams of its pictures and its sound.

Unverified on a real system: see docs/platforms.md.
Source: https://developer.apple.com/documentation/screencapturekit/capturing-screen-content-in-macos,
https://developer.apple.com/documentation/screencapturekit/scstreamconfiguration and
https://pyobjc.readthedocs.io/en/latest/apinotes/ScreenCaptureKit.html. macOS 12.3, for sound 13.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

ANSWER_S = 10.0
BGRA = 0x42475241  # kCVPixelFormatType_32BGRA
DENIED = -3801  # SCStreamErrorUserDeclined
_ANCESTORS = 4


class KitError(OSError):
    """macOS refused, or did not answer; `denied` when the user has to allow it first."""

    def __init__(self, words: str, *, denied: bool = False) -> None:
        super().__init__(words)
        self.denied = denied


class Frameworks:
    """Apple's frameworks; KitError when the bridge to them is not installed."""

    def __init__(self) -> None:
        try:
            self.kit: Any = importlib.import_module("ScreenCaptureKit")
            self.media: Any = importlib.import_module("CoreMedia")
            self.quartz: Any = importlib.import_module("Quartz")
            self.objc: Any = importlib.import_module("objc")
        except ImportError as error:
            raise KitError(f"PyObjC is not installed ({error.name})") from error


class Sink(Protocol):
    """Where samples go; called from the system's threads."""

    def sample(self, buffer: Any) -> None: ...

    def stopped(self, reason: str) -> None: ...


def shareable(kit: Frameworks) -> Any:
    """The displays, windows and programs on the screen (SCShareableContent)."""
    selector = "getShareableContentExcludingDesktopWindows_onScreenWindowsOnly_completionHandler_"
    ask = getattr(kit.kit.SCShareableContent, selector)
    return _answer(lambda handler: ask(True, True, handler), "list what can be recorded")


def own_programs(content: Any) -> list[Any]:
    """Heddle's own programs: their windows are left out of the picture."""
    own = _own_processes()
    return [one for one in content.applications() if one.processID() in own]


class Stream:
    """A running SCStream that hands its samples of one kind to a sink."""

    def __init__(
        self, kit: Frameworks, content_filter: Any, configuration: Any, kind: int, sink: Sink
    ) -> None:
        self._closed = False
        # The stream keeps its delegate weakly: it lives as long as this.
        self._output = _output_class().alloc().init()
        self._output.sink = sink
        self._stream = kit.kit.SCStream.alloc().initWithFilter_configuration_delegate_(
            content_filter, configuration, self._output
        )
        done, error = self._stream.addStreamOutput_type_sampleHandlerQueue_error_(
            self._output, kind, None, None
        )
        if not done:
            raise _kit_error("add an output", error)
        _answer(self._stream.startCaptureWithCompletionHandler_, "start recording")

    def close(self) -> None:
        """Idempotent. Nothing arrives afterwards."""
        if self._closed:
            return
        self._closed = True
        self._output.sink = None
        try:
            _answer(self._stream.stopCaptureWithCompletionHandler_, "stop recording")
        except KitError:  # it had stopped by itself
            return


@lru_cache(maxsize=1)
def _output_class() -> Any:
    """The runtime knows a class by its name, once per process."""
    objc: Any = importlib.import_module("objc")

    def output(self: Any, _stream: Any, buffer: Any, _kind: int) -> None:
        sink = self.sink
        if sink is not None:
            sink.sample(buffer)

    def stopped(self: Any, _stream: Any, error: Any) -> None:
        sink = self.sink
        if sink is not None:
            sink.stopped(str(error.localizedDescription()))

    members = {
        "sink": None,
        "stream_didOutputSampleBuffer_ofType_": output,
        "stream_didStopWithError_": stopped,
    }
    parent = objc.lookUpClass("NSObject")
    protocols = [objc.protocolNamed(name) for name in ("SCStreamOutput", "SCStreamDelegate")]
    return type(parent)("HeddleStreamOutput", (parent,), members, protocols=protocols)


def _answer(ask: Callable[[Callable[..., None]], object], what: str) -> Any:
    """Call something that answers through a completion handler `(result?, error)`, and wait for it."""
    ready, answers = threading.Event(), list[Any]()

    def handler(*arguments: Any) -> None:
        answers.extend(arguments)
        ready.set()

    ask(handler)
    if not ready.wait(ANSWER_S):
        raise KitError(f"macOS did not {what} within {ANSWER_S:g} s")
    *results, error = answers
    if error is not None:
        raise _kit_error(what, error)
    return results[0] if results else None


def _kit_error(what: str, error: Any) -> KitError:
    if error is None:
        return KitError(f"macOS did not {what}")
    denied = int(error.code()) == DENIED
    return KitError(f"macOS did not {what}: {error.localizedDescription()}", denied=denied)


def _own_processes() -> set[int]:
    """This process and those above it that are Heddle's: not the terminal it was started from."""
    found, process = {os.getpid()}, os.getppid()
    for _ in range(_ANCESTORS):
        asked = ["/bin/ps", "-o", "ppid=,comm=", "-p", str(process)]
        try:
            words = subprocess.run(
                asked, capture_output=True, text=True, timeout=2, check=False
            ).stdout.split(None, 1)
        except (OSError, subprocess.TimeoutExpired):
            break
        if len(words) != 2 or not any(name in words[1].lower() for name in ("python", "heddle")):
            break
        found.add(process)
        process = int(words[0])
    return found

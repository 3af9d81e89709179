"""A Mac as PyObjC shows it: the four modules that ScreenCaptureKit takes, over a wall and a tone.

Selectors, constants and results as in https://developer.apple.com/documentation/screencapturekit and in the
metadata of PyObjC's packages. Samples come on a thread of the system's, as they do there.
"""

import os
import threading
import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.walls import Wall

COMPLETE, IDLE = 0, 1
SCREEN, AUDIO = 0, 1


def rect(x: float, y: float, width: float, height: float) -> SimpleNamespace:
    return SimpleNamespace(origin=SimpleNamespace(x=x, y=y), size=SimpleNamespace(width=width, height=height))


def described(**answers: Any) -> SimpleNamespace:
    """An object whose methods take nothing and answer these."""
    return SimpleNamespace(**{name: (lambda value=value: value) for name, value in answers.items()})


class NSError:
    def __init__(self, code: int, words: str) -> None:
        self._code, self._words = code, words

    def code(self) -> int:
        return self._code

    def localizedDescription(self) -> str:
        return self._words


class ObjectType(type):
    """PyObjC's metaclass: classes name their protocols, and are made once."""

    made: dict[str, type] = {}  # noqa: RUF012 - the runtime's one list of classes

    def __new__(
        cls, name: str, parents: tuple[type, ...], members: dict[str, Any], protocols: tuple[str, ...] = ()
    ) -> "ObjectType":
        if protocols:
            assert name not in cls.made, f"overriding existing Objective-C class {name}"
            assert list(protocols) == ["SCStreamOutput", "SCStreamDelegate"]
            made = super().__new__(cls, name, parents, members)
            cls.made[name] = made
            return made
        return super().__new__(cls, name, parents, members)

    def __init__(cls, name: str, parents: tuple[type, ...], members: dict[str, Any], **_: Any) -> None:
        super().__init__(name, parents, members)


class NSObject(metaclass=ObjectType):
    @classmethod
    def alloc(cls) -> Any:
        return cls()

    def init(self) -> Any:
        return self


class Configuration(NSObject):
    """SCStreamConfiguration: setters for the properties of its page, and no others."""

    KNOWN = frozenset(
        [
            "Width",
            "Height",
            "PixelFormat",
            "ColorSpaceName",
            "MinimumFrameInterval",
            "ShowsCursor",
            "ScalesToFit",
            "QueueDepth",
            "SourceRect",
            "CapturesAudio",
            "ExcludesCurrentProcessAudio",
            "SampleRate",
            "ChannelCount",
        ]
    )

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        if name.startswith("set") and name.endswith("_") and name[3:-1] in self.KNOWN:
            return lambda value: self.values.__setitem__(name[3:-1], value)
        raise AttributeError(name)


Configuration.setCapturesAudio_ = lambda self, value: self.values.__setitem__("CapturesAudio", value)  # type: ignore[attr-defined]  # the vendor's name


class ContentFilter(NSObject):
    """SCContentFilter."""

    wall: Wall

    def initWithDisplay_excludingApplications_exceptingWindows_(
        self, display: Any, programs: list[Any], windows: list[Any]
    ) -> "ContentFilter":
        assert windows == []
        self.excluded = [one.processID() for one in programs]
        return self

    def initWithDesktopIndependentWindow_(self, window: Any) -> "ContentFilter":
        self.excluded = []
        return self

    def pointPixelScale(self) -> float:
        return 2.0


class FakeMac:
    """The modules, and the streams that run."""

    def __init__(self, wall: Wall) -> None:
        self.wall, self.streams = wall, list[Any]()
        self.denied = False
        self.lies = False  # says that nothing was redrawn
        own = described(processID=os.getpid(), applicationName="Heddle")
        slides = described(processID=4242, applicationName="Presenter")
        window = {"windowLayer": 0, "owningApplication": slides}
        self.content = described(
            displays=[described(displayID=1, frame=rect(0, 0, wall.width, wall.height))],
            applications=[own, slides],
            windows=[
                described(windowID=7, title="", frame=rect(0, 0, 9, 9), **window),
                described(
                    windowID=8, title="Slides", frame=rect(5, 5, wall.width / 2, wall.height / 2), **window
                ),
            ],
        )

    def modules(self) -> dict[str, ModuleType]:
        return {
            "ScreenCaptureKit": self._module("ScreenCaptureKit", self._kit()),
            "CoreMedia": self._module("CoreMedia", self._media()),
            "Quartz": self._module("Quartz", self._quartz()),
            "objc": self._module(
                "objc", {"lookUpClass": {"NSObject": NSObject}.get, "protocolNamed": lambda name: name}
            ),
        }

    def _module(self, name: str, members: dict[str, Any]) -> ModuleType:
        module = ModuleType(name)
        vars(module).update(members)
        return module

    def _kit(self) -> dict[str, Any]:
        mac = self

        class Stream(FakeStream):
            system = mac

        ask = "getShareableContentExcludingDesktopWindows_onScreenWindowsOnly_completionHandler_"
        return {
            "SCShareableContent": SimpleNamespace(**{ask: self._tell_content}),
            "SCContentFilter": ContentFilter,
            "SCStreamConfiguration": Configuration,
            "SCStream": Stream,
            "SCStreamOutputTypeScreen": SCREEN,
            "SCStreamOutputTypeAudio": AUDIO,
            "SCFrameStatusComplete": COMPLETE,
            "SCStreamFrameInfoStatus": "SCStreamUpdateFrameStatus",
            "SCStreamFrameInfoDirtyRects": "SCStreamUpdateFrameDirtyRect",
        }

    def _media(self) -> dict[str, Any]:
        return {
            "CMTimeMake": lambda value, scale: (value, scale),
            "CMTimeGetSeconds": lambda when: when[0] / when[1],
            "CMSampleBufferGetSampleAttachmentsArray": lambda buffer, create: buffer.attachments,
            "CMSampleBufferGetImageBuffer": lambda buffer: buffer.image,
            "CMSampleBufferGetDataBuffer": lambda buffer: buffer.data,
            "CMSampleBufferGetPresentationTimeStamp": lambda buffer: buffer.at,
            "CMBlockBufferGetDataLength": len,
            "CMBlockBufferCopyDataBytes": lambda data, start, size, out: (0, data[start : start + size]),
        }

    def _quartz(self) -> dict[str, Any]:
        return {
            "kCGColorSpaceSRGB": "kCGColorSpaceSRGB",
            "CGDisplayCopyDisplayMode": lambda display: f"mode of {display}",
            "CGDisplayModeGetPixelWidth": lambda mode: self.wall.width,
            "CGDisplayModeGetPixelHeight": lambda mode: self.wall.height,
            "CVPixelBufferGetWidth": lambda image: image.width,
            "CVPixelBufferGetHeight": lambda image: image.height,
            "CVPixelBufferGetBytesPerRow": lambda image: image.row,
            "CVPixelBufferLockBaseAddress": lambda image, flags: image.lock(flags),
            "CVPixelBufferUnlockBaseAddress": lambda image, flags: image.unlock(flags),
            "CVPixelBufferGetBaseAddress": lambda image: image.address(),
        }

    def _tell_content(self, no_desktop: bool, on_screen: bool, handler: Callable[[Any, Any], None]) -> None:
        error = NSError(-3801, "The user declined TCCs for application capture") if self.denied else None
        answer = None if self.denied else self.content
        threading.Thread(target=handler, args=(answer, error)).start()


class PixelBuffer:
    """CVPixelBuffer: padded rows, readable only while locked."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.height, self.width = pixels.shape[:2]
        self.row = self.width * 4 + 64
        self._memory = np.zeros((self.height, self.row), dtype=np.uint8)
        self._memory[:, : self.width * 4] = pixels.reshape(self.height, -1)
        self._locked = False

    def lock(self, flags: int) -> int:
        assert flags == 1
        self._locked = True
        return 0

    def unlock(self, flags: int) -> int:
        assert flags == 1
        self._locked = False
        return 0

    def address(self) -> Any:
        assert self._locked
        return SimpleNamespace(as_buffer=lambda size: memoryview(self._memory).cast("B")[:size])


class FakeStream(NSObject):
    """SCStream: a thread gives pictures when something changed (else "idle"), or a tone, 10 ms at a time."""

    system: FakeMac

    def initWithFilter_configuration_delegate_(
        self, content_filter: ContentFilter, configuration: Configuration, delegate: Any
    ) -> "FakeStream":
        self.filter, self.wanted, self._delegate = content_filter, configuration.values, delegate
        self._ending = threading.Event()
        self._running: threading.Thread | None = None
        return self

    def addStreamOutput_type_sampleHandlerQueue_error_(
        self, output: Any, kind: int, queue: Any, error: None
    ) -> tuple[bool, Any]:
        self._output, self._kind = output, kind
        return True, None

    def startCaptureWithCompletionHandler_(self, handler: Callable[[Any], None]) -> None:
        self.system.streams.append(self)
        target = self._film if self._kind == SCREEN else self._play
        self._running = threading.Thread(target=target, daemon=True)
        self._running.start()
        handler(None)

    def stopCaptureWithCompletionHandler_(self, handler: Callable[[Any], None]) -> None:
        if self._ending.is_set():
            handler(NSError(-3808, "Attempted to stop a stream that is already stopped"))
            return
        self._end()
        handler(None)

    def break_off(self) -> None:
        """As when the user ends it from the menu bar."""
        self._end()
        self._delegate.stream_didStopWithError_(self, NSError(-3817, "The user stopped the stream"))

    def _end(self) -> None:
        self._ending.set()
        if self._running is not None:
            self._running.join()

    def _give(self, buffer: Any) -> None:
        self._output.stream_didOutputSampleBuffer_ofType_(self, buffer, self._kind)

    def _film(self) -> None:
        serial, told = 0, 0
        wall = self.system.wall
        while not self._ending.is_set():
            if not wall.wait(serial, 0.02):
                idle = [{"SCStreamUpdateFrameStatus": IDLE}]
                self._give(SimpleNamespace(attachments=idle, image=None))
                continue
            with wall.changed:
                serial, pixels = wall.serial, wall.pixels.copy()
                redrawn, told = wall.redrawn[told:], len(wall.redrawn)
            rects = [{"X": r.x, "Y": r.y, "Width": r.width, "Height": r.height} for r in redrawn]
            info = {"SCStreamUpdateFrameStatus": COMPLETE}
            info |= {"SCStreamUpdateFrameDirtyRect": [] if self.system.lies else rects}
            self._give(SimpleNamespace(attachments=[info], image=PixelBuffer(pixels)))

    def _play(self) -> None:
        begin, given = time.monotonic(), 0
        while not self._ending.wait(max(0.0, begin + (given + 480) / 48_000 - time.monotonic())):
            at = (given + np.arange(480)) / 48_000
            tone = (0.25 * np.sin(2 * np.pi * 440 * at)).astype(np.float32)
            when = (begin + given / 48_000, 1)
            self._give(SimpleNamespace(data=np.concatenate([tone, tone]).tobytes(), at=when))
            given += 480


def show_mac(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> FakeMac:
    from capture.backends import sck

    mac = FakeMac(wall)
    monkeypatch.setattr("sys.platform", "darwin")
    for name, module in mac.modules().items():
        monkeypatch.setitem(__import__("sys").modules, name, module)
    sck._output_class.cache_clear()
    ObjectType.made.clear()
    return mac

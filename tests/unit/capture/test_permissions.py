"""What the system allows, told without asking anybody."""

import ctypes
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from capture import permissions
from capture.backends import macos_privacy
from capture.permissions import Access, Status


def statuses() -> dict[str, str]:
    return {one.access.value: one.status.value for one in permissions.permissions()}


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has no permissions of its own")
@pytest.mark.parametrize(
    ("environ", "screen"),
    [
        ({}, Status.NOT_NEEDED),
        ({"DISPLAY": ":0"}, Status.NOT_NEEDED),
        ({"WAYLAND_DISPLAY": "wayland-0"}, Status.PORTAL),
        ({"XDG_SESSION_TYPE": "wayland"}, Status.PORTAL),
    ],
)
def test_linux_asks_through_the_portal_or_not_at_all(environ: dict[str, str], screen: Status) -> None:
    answers = {one.access: one.status for one in permissions.permissions(environ)}
    assert answers[Access.SCREEN] is answers[Access.INPUT] is screen
    assert answers[Access.CAMERA] is answers[Access.MICROPHONE] is Status.NOT_NEEDED


class FakeFramework:
    """A macOS library: functions take attributes as those of ctypes do."""

    def __init__(self, **answers: Any) -> None:
        for name, answer in answers.items():
            setattr(self, name, _function(answer))


def _function(answer: Any) -> Any:
    class Function:
        argtypes: Any = ()
        restype: Any = None

        def __call__(self, *arguments: Any) -> Any:
            return answer(*arguments) if callable(answer) else answer

    return Function()


@pytest.fixture
def macos(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    answers: dict[str, Any] = {"screen": True, "vide": 3, "soun": 2, "input": 2}
    strings: dict[int, bytes] = {}
    released: list[int] = []

    def string(_allocator: None, text: bytes, encoding: int) -> int:
        assert encoding == 0x08000100
        strings[len(strings) + 1] = text
        return len(strings)

    def send(device: int, selector: int, text: int) -> int:
        assert (device, selector) == (7, 8)
        return int(answers[strings[text].decode()])

    def named(expected: bytes, answer: int) -> Any:
        return lambda name: answer if name == expected else pytest.fail(f"unknown: {name!r}")

    frameworks = {
        "CoreGraphics": FakeFramework(
            CGPreflightScreenCaptureAccess=lambda: answers["screen"], CGRequestScreenCaptureAccess=True
        ),
        "IOKit": FakeFramework(IOHIDCheckAccess=lambda kind: answers["input"] if kind == 1 else 9),
        "AVFoundation": FakeFramework(),
        "CoreFoundation": FakeFramework(CFStringCreateWithCString=string, CFRelease=released.append),
        "libobjc.dylib": FakeFramework(
            objc_getClass=named(b"AVCaptureDevice", 7),
            sel_registerName=named(b"authorizationStatusForMediaType:", 8),
            objc_msgSend=send,
        ),
    }
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(macos_privacy, "_library", lambda path: frameworks[path.rsplit("/", 1)[1]])
    return answers


def test_macos_tells_all_four(macos: dict[str, Any]) -> None:
    assert statuses() == {
        "screen": "granted",
        "camera": "granted",
        "microphone": "denied",
        "input": "will_be_asked",
    }


@pytest.mark.parametrize(
    ("number", "status"), [(0, "will_be_asked"), (1, "denied"), (2, "denied"), (17, "unknown")]
)
def test_macos_numbers_become_words(macos: dict[str, Any], number: int, status: str) -> None:
    macos["vide"] = number
    assert statuses()["camera"] == status


def test_a_screen_that_macos_does_not_give_may_still_be_asked_for(macos: dict[str, Any]) -> None:
    macos["screen"] = False
    assert statuses()["screen"] == "will_be_asked"
    assert macos_privacy.ask_for_screen()


def test_macos_pages_are_those_of_privacy(macos: dict[str, Any]) -> None:
    pages = {one.access: one.page for one in permissions.permissions()}
    assert pages[Access.SCREEN].endswith("?Privacy_ScreenCapture")
    assert all(page.startswith("x-apple.systempreferences:") for page in pages.values())


def test_a_macos_without_these_functions_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(macos_privacy, "_library", lambda path: ctypes.CDLL("/nowhere.dylib"))
    assert set(statuses().values()) == {"unknown"}


def _registry(values: dict[tuple[str, str], str]) -> Any:
    class Key:
        def __init__(self, root: str, path: str) -> None:
            self.place = root, path.rsplit("ConsentStore\\", 1)[1]

        def __enter__(self) -> "Key":
            return self

        def __exit__(self, *_: object) -> None: ...

    def value(key: Key, name: str) -> tuple[str, int]:
        if name != "Value" or key.place not in values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return values[key.place], 1

    return SimpleNamespace(
        HKEY_CURRENT_USER="user", HKEY_LOCAL_MACHINE="machine", OpenKey=Key, QueryValueEx=value
    )


@pytest.mark.parametrize(
    ("values", "microphone"),
    [
        ({}, "unknown"),
        ({("user", "microphone"): "Allow"}, "granted"),
        ({("user", "microphone"): "Allow", ("user", "microphone\\NonPackaged"): "Deny"}, "denied"),
        ({("machine", "microphone"): "Deny", ("user", "microphone"): "Allow"}, "denied"),
        ({("user", "webcam"): "Deny", ("user", "microphone"): "Allow"}, "granted"),
    ],
)
def test_windows_has_switches(
    monkeypatch: pytest.MonkeyPatch, values: dict[tuple[str, str], str], microphone: str
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", _registry(values))
    answers = statuses()
    assert answers["microphone"] == microphone
    assert answers["screen"] == answers["input"] == "not_needed"
    pages = {one.access: one.page for one in permissions.permissions()}
    assert pages[Access.MICROPHONE] == "ms-settings:privacy-microphone"

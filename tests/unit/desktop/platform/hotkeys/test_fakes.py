"""Hotkeys of Windows and macOS, against objects that behave as their vendors document."""

import ctypes
import queue
from collections.abc import Iterator
from typing import Any

import pytest

from desktop.models.actions import Action
from desktop.models.chords import Chord, parse
from desktop.platform.hotkeys import macos, windows
from desktop.platform.hotkeys.port import Answer

WAIT_S = 10.0


def chord(text: str) -> Chord:
    found = parse(text)
    assert found is not None
    return found


class Windows:
    """user32 and kernel32 in one."""

    def __init__(self) -> None:
        self.messages: queue.Queue[tuple[int, int]] = queue.Queue()
        self.registered: dict[int, tuple[int, int]] = {}

    def PeekMessageW(self, *_: Any) -> int:
        return 0

    def GetCurrentThreadId(self) -> int:
        return 7

    def PostThreadMessageW(self, thread: int, message: int, _w: int, _l: int) -> int:
        assert thread == 7
        self.messages.put((message, 0))
        return 1

    def GetMessageW(self, into: Any, *_: Any) -> int:
        into._obj.message, into._obj.w_param = self.messages.get()
        return 1

    def RegisterHotKey(self, _window: None, number: int, modifiers: int, key: int) -> int:
        if key == 0x78:  # F9 is somebody's
            return 0
        self.registered[number] = (modifiers, key)
        return 1

    def UnregisterHotKey(self, _window: None, number: int) -> int:
        del self.registered[number]
        return 1

    def VkKeyScanW(self, letter: int) -> int:
        return 0x1BC if letter == ord(",") else -1

    def GetLastError(self) -> int:
        return windows.ALREADY_REGISTERED


@pytest.fixture
def windows_keys() -> Iterator[tuple[Windows, windows.WindowsKeys, "queue.Queue[Any]"]]:
    system, heard = Windows(), queue.Queue[Any]()
    keys = windows.WindowsKeys(system, system, heard.put, heard.put)
    yield system, keys, heard
    keys.close()
    keys.close()
    assert system.registered == {}


def test_windows_registers_presses_and_lets_go(
    windows_keys: tuple[Windows, windows.WindowsKeys, "queue.Queue[Any]"],
) -> None:
    system, keys, heard = windows_keys
    keys.hold({Action.RECORD: chord("Ctrl+Shift+L"), Action.PAUSE: chord("Meta+,"), Action.MUTE: chord("F9")})
    answer = heard.get(timeout=WAIT_S)
    assert answer.held == {Action.RECORD, Action.PAUSE}
    assert "Another program" in answer.refused[Action.MUTE]
    # MOD_NOREPEAT, MOD_CONTROL and MOD_SHIFT with the letter; MOD_WIN with the key of the comma.
    assert sorted(system.registered.values()) == [(0x4006, ord("L")), (0x4008, 0xBC)]
    number = next(number for number, (_, key) in system.registered.items() if key == 0xBC)
    system.messages.put((windows.WM_HOTKEY, number))
    assert heard.get(timeout=WAIT_S) is Action.PAUSE
    keys.hold({Action.RECORD: chord("Ctrl+Shift+L"), Action.QUIT: chord("Ctrl+Alt+=")})
    assert "no key" in heard.get(timeout=WAIT_S).refused[Action.QUIT]
    assert list(system.registered.values()) == [(0x4006, ord("L"))]


class Carbon:
    def __init__(self) -> None:
        self.registered: dict[int, tuple[int, int, int]] = {}
        self.handler: Any = None
        self.pressed = 0

    def GetApplicationEventTarget(self) -> int:
        return 1

    def InstallEventHandler(self, _target: int, handler: Any, count: int, kind: Any, *rest: Any) -> int:
        assert (count, kind._obj.event_class, kind._obj.kind) == (1, macos.CLASS_KEYBOARD, 5)
        self.handler = handler
        rest[1]._obj.value = 99
        return 0

    def RemoveEventHandler(self, handler: Any) -> int:
        assert handler.value == 99
        self.handler = None
        return 0

    def RegisterEventHotKey(
        self, code: int, modifiers: int, number: Any, _target: int, _options: int, key: Any
    ) -> int:
        if code == macos.CODES["F9"]:
            return macos.EXISTS
        key._obj.value = 100 + number.id
        self.registered[100 + number.id] = (code, modifiers, number.id)
        return 0

    def UnregisterEventHotKey(self, key: ctypes.c_void_p) -> int:
        assert key.value is not None
        del self.registered[key.value]
        return 0

    def GetEventParameter(self, _event: int, name: int, kind: int, _a: None, size: int, *rest: Any) -> int:
        assert (name, kind, size) == (macos.DIRECT_OBJECT, macos.TYPE_HOT_KEY, 8)
        rest[1]._obj.signature, rest[1]._obj.id = macos.SIGNATURE, self.pressed
        return 0


def test_macos_registers_presses_and_lets_go() -> None:
    carbon, heard = Carbon(), []
    answers: list[Answer] = []
    keys = macos.MacKeys(carbon, heard.append, answers.append)
    keys.hold(
        {Action.RECORD: chord("Ctrl+Shift+L"), Action.MUTE: chord("F9"), Action.PAUSE: chord("Alt+Menu")}
    )
    assert answers[-1].held == {Action.RECORD}
    assert "The system has it" in answers[-1].refused[Action.MUTE]
    assert "no key" in answers[-1].refused[Action.PAUSE]
    [(code, modifiers, number)] = carbon.registered.values()
    assert (code, modifiers) == (37, 0x0100 | 0x0200)  # kVK_ANSI_L, cmdKey, shiftKey
    carbon.pressed = number
    assert carbon.handler(0, 0, 0) == 0
    assert heard == [Action.RECORD]
    keys.hold({Action.DRAW: chord("Ctrl+Shift+D")})
    assert [code for code, _, _ in carbon.registered.values()] == [macos.CODES["D"]]
    keys.close()
    keys.close()
    assert carbon.registered == {}
    assert carbon.handler is None

"""A locked screen is told, and the take goes on: what the systems say of it, and what becomes of that."""

import ctypes
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from capture.backends.lock_macos import KEY, MacLock
from capture.backends.lock_windows import CURRENT_SESSION, SESSION_INFO_EX, InfoEx, WindowsLock
from capture.screenlock import LockWatch
from tests.support import media
from tests.support.processes import Program, wait_until

linux = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus")


class Told:
    """A system that says what it is told to."""

    def __init__(self) -> None:
        self.answer, self.closed = False, False

    def locked(self) -> bool:
        return self.answer

    def close(self) -> None:
        self.closed = True


def test_both_moments_are_told_once_and_how_long_it_was() -> None:
    system, now = Told(), [100.0]
    watch = LockWatch(system, now=lambda: now[0])
    assert watch.look() == []
    system.answer = True
    assert [health.code for health in watch.look()] == ["screen_locked"]
    assert watch.look() == []
    system.answer, now[0] = False, 190.0
    (told,) = watch.look()
    assert (told.code, "90 s" in told.detail) == ("screen_unlocked", True)
    assert watch.look() == []
    watch.close()
    assert system.closed


def test_where_nobody_can_say_nothing_is_locked() -> None:
    watch = LockWatch(None)
    assert watch.look() == []
    watch.close()


@pytest.fixture
def bus(no_leaks: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    from tests.support import locks

    with locks.open_bus(tmp_path_factory.mktemp("b")) as env:
        yield env


def order(double: Program, words: str) -> None:
    assert double.popen.stdin is not None
    double.popen.stdin.write(f"{words}\n".encode())
    double.popen.stdin.flush()


@linux
def test_a_take_goes_on_while_the_screen_is_locked(bus: Mapping[str, str], tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    with (
        Program([sys.executable, "-m", "tests.support.locks"], env=bus) as double,
        Program([sys.executable, "-m", "capture", "--control"], env=bus) as engine,
    ):
        double.says("ready")
        engine.event("state", state="idle")
        engine.send(command="start", output=str(path), backend="synthetic", encoder="libx264")
        engine.event("stats")
        order(double, "lock")
        assert engine.event("health", code="screen_locked")["severity"] == "warning"
        order(double, "unlock")
        engine.event("health", code="screen_unlocked")
        engine.send(command="stop")
        engine.event("state", state="finished")
    assert media.decode_errors(path) == ""


@linux
def test_hint_and_screen_saver_both_count(bus: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.backends import lock_dbus

    for name, value in bus.items():
        monkeypatch.setenv(name, value)
    with Program([sys.executable, "-m", "tests.support.locks"]) as double:
        double.says("ready")
        order(double, "lock")  # before anybody listens
        with closing(lock_dbus.open()) as lock:
            wait_until(lock.locked, timeout_s=10, what="the hint that was there already")
            order(double, "saver on\nunlock\nsaver off")
            wait_until(lambda: not lock.locked(), timeout_s=10, what="both gone")
            order(double, "saver on")
            wait_until(lock.locked, timeout_s=10, what="the screen saver alone")
        lock.close()


@linux
def test_a_bus_that_goes_away_takes_its_word_with_it(
    tmp_path_factory: pytest.TempPathFactory, no_leaks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture.backends import lock_dbus
    from tests.support import locks

    with ExitStack() as opened, ExitStack() as bus:
        for name, value in bus.enter_context(locks.open_bus(tmp_path_factory.mktemp("b"))).items():
            monkeypatch.setenv(name, value)
        with Program([sys.executable, "-m", "tests.support.locks"]) as double:
            double.says("ready")
            order(double, "lock")
            lock = opened.enter_context(closing(lock_dbus.open()))
            wait_until(lock.locked, timeout_s=10, what="the lock")
        bus.close()
        wait_until(lambda: not lock.locked(), timeout_s=10, what="no bus")


@linux
def test_without_a_bus_nothing_is_locked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from capture.backends import lock_dbus

    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with closing(lock_dbus.open()) as lock:
        assert not lock.locked()


class TerminalServices:
    """WTSQuerySessionInformation as documented: it allocates, the caller frees."""

    def __init__(self) -> None:
        self.flags, self.works, self.held = 1, True, 0
        self._info: Any = None

    def WTSQuerySessionInformationW(
        self, server: Any, session: int, kind: int, address: Any, size: Any
    ) -> int:
        assert (server, session, kind) == (None, CURRENT_SESSION, SESSION_INFO_EX)
        if not self.works:
            return 0
        self._info = InfoEx(level=1, session=1, flags=self.flags)
        ctypes.cast(address, ctypes.POINTER(ctypes.c_void_p)).contents.value = ctypes.addressof(self._info)
        ctypes.cast(size, ctypes.POINTER(ctypes.c_uint32)).contents.value = 232
        self.held += 1
        return 1

    def WTSFreeMemory(self, address: Any) -> None:
        assert address.value == ctypes.addressof(self._info)
        self.held -= 1


@pytest.mark.parametrize(("flags", "locked"), [(0, True), (1, False), (-1, False)])
def test_windows_says_so_in_the_flags_of_the_session(flags: int, locked: bool) -> None:
    services = TerminalServices()
    lock = WindowsLock(services)
    services.flags = flags
    assert lock.locked() is locked
    assert services.held == 0
    services.works = False
    assert not lock.locked()


class Graphics:
    """The parts of CoreGraphics and CoreFoundation that are asked. Objects are numbers, 0 is none."""

    def __init__(self) -> None:
        self.session: dict[bytes, int] | None = {}
        self.held: list[int] = []
        self._keys: dict[int, bytes] = {}

    def CFStringCreateWithCString(self, allocator: Any, text: bytes, encoding: int) -> int:
        self._keys[7] = text
        self.held.append(7)
        return 7

    def CGSessionCopyCurrentDictionary(self) -> int:
        if self.session is None:
            return 0
        self.held.append(9)
        return 9

    def CFDictionaryGetValue(self, dictionary: int, key: int) -> int:
        assert dictionary == 9
        return (self.session or {}).get(self._keys[key], 0)

    def CFBooleanGetValue(self, value: int) -> bool:
        return value == 2

    def CFRelease(self, one: int) -> None:
        self.held.remove(one)


def test_macos_says_so_in_the_dictionary_of_the_session() -> None:
    graphics = Graphics()
    lock = MacLock(graphics)
    assert not lock.locked()
    graphics.session = {KEY: 2}
    assert lock.locked()
    graphics.session = {KEY: 1}
    assert not lock.locked()
    graphics.session = None
    assert not lock.locked()
    lock.close()
    lock.close()
    assert graphics.held == []

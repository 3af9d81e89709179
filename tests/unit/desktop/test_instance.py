"""There is one app; a second start hands over what it was asked for."""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtNetwork import QLocalSocket

from desktop.instance import Instance, address, hand_over
from desktop.models.actions import Action
from desktop.models.requests import LARGEST, Request
from tests.support.processes import Program

SECOND = """
import sys
from desktop.instance import hand_over
from desktop.models.actions import Action
from desktop.models.requests import Request
print("handed over" if hand_over(Request(Action(sys.argv[1]))) else "nobody there")
"""
HOLDER = """
from desktop.instance import Instance
instance = Instance()
assert instance.begin()
print("holds", flush=True)
input()
"""


@pytest.fixture
def first(qapp: Any) -> Iterator[Instance]:
    instance = Instance()
    assert instance.begin()
    yield instance
    instance.close()


def test_a_second_start_hands_over_and_the_first_does_it(first: Instance, qtbot: Any) -> None:
    with (
        qtbot.waitSignal(first.asked, timeout=20_000) as asked,
        Program([sys.executable, "-c", SECOND, "library"]) as second,
    ):
        qtbot.waitUntil(lambda: not second.running, timeout=20_000)
        assert second.stdout == "handed over\n"
    assert asked.args == [Request(Action.LIBRARY)]


def test_without_a_first_there_is_nobody_to_ask(heddle_home: Path) -> None:
    assert not hand_over(Request())


def test_only_one_can_begin_and_the_next_when_it_ends(first: Instance) -> None:
    second = Instance()
    assert not second.begin()
    first.close()
    assert second.begin()
    second.close()
    second.close()


def test_a_killed_app_leaves_no_trace_that_hinders_the_next(qapp: Any, heddle_home: Path) -> None:
    with Program([sys.executable, "-c", HOLDER]) as other:
        other.says("holds")
        assert not Instance().begin()
        other.kill()
    assert not hand_over(Request())
    after = Instance()
    assert after.begin()
    after.close()


def test_who_starts_while_the_first_ends_is_the_next(first: Instance, qtbot: Any) -> None:
    first.turn_away()
    with Program([sys.executable, "-c", SECOND, "library"]) as second:
        qtbot.waitUntil(lambda: bool(second.stats.num_ctx_switches().voluntary), timeout=20_000)
        assert second.running
        first.close()
        qtbot.waitUntil(lambda: not second.running, timeout=20_000)
        assert second.stdout == "nobody there\n"


def test_another_home_is_another_app(
    first: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = address()
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("HEDDLE_HOME", str(tmp_path / "other"))
    assert address() != before
    assert not hand_over(Request())


@pytest.mark.skipif(sys.platform == "win32", reason="a path on POSIX systems alone")
def test_the_socket_is_the_persons_own(first: Instance) -> None:
    assert stat.S_IMODE(Path(address()).stat().st_mode) & 0o077 == 0
    assert len(address()) < 100  # of the 108 bytes that Linux has for it


@pytest.mark.parametrize("said", [b"nonsense\n", b'{"action": "explode"}\n', b"x" * (LARGEST + 2)])
def test_what_makes_no_sense_is_refused_and_asks_for_nothing(
    first: Instance, qtbot: Any, said: bytes
) -> None:
    asked: list[object] = []
    first.asked.connect(asked.append)
    socket = QLocalSocket()
    socket.connectToServer(address())
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.ConnectedState)
    socket.write(said)
    gone = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.state() is gone, timeout=5000)
    assert b"ok" not in socket.readAll().data()
    assert asked == []

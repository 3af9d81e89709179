"""Work off the Qt thread, and its results on it."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.background import Background


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


def test_a_coroutine_s_result_arrives_on_the_qt_thread(qtbot: QtBot, background: Background) -> None:
    came: list[tuple[int, str]] = []

    async def ask() -> int:
        await asyncio.sleep(0)
        assert threading.current_thread().name == "background"
        return 7

    background.run(ask(), lambda value: came.append((value, threading.current_thread().name)))
    qtbot.waitUntil(lambda: bool(came))
    assert came == [(7, threading.main_thread().name)]


def test_what_fails_says_so(qtbot: QtBot, background: Background) -> None:
    came: list[Exception] = []

    def fail() -> None:
        raise OSError("no such disk")

    background.in_thread(fail, failed=came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert str(came[0]) == "no such disk"


def test_cancelled_work_tells_nothing_and_stops(qtbot: QtBot, background: Background) -> None:
    stopped = threading.Event()
    told: list[object] = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    work = background.run(forever(), told.append, told.append)
    begun = background.run(asyncio.sleep(0))  # the loop has come to the first one by then
    with qtbot.waitSignal(begun.done):
        pass
    work.cancel()
    assert stopped.wait(5)
    qtbot.wait(20)
    assert told == []


def test_what_threads_were_given_is_waited_for(background: Background) -> None:
    go_on, done = threading.Event(), threading.Event()
    for one in (go_on.wait, done.set):
        background.in_thread(one)
    go_on.set()
    background.settle()
    assert done.is_set()


def test_closing_cancels_what_runs_and_leaves_no_thread(qtbot: QtBot) -> None:
    background = Background()
    background.run(asyncio.Event().wait())
    background.close()
    background.close()
    assert not [one for one in threading.enumerate() if one.name in {"background", "files"}]


def test_what_is_done_when_it_closes_is_not_told_any_more(qtbot: QtBot) -> None:
    """Whoever is told begins with the next thing, for which there are no threads any more."""
    came: list[int] = []
    background = Background()
    background.in_thread(lambda: 7, came.append)
    background.settle()
    background.close()
    QCoreApplication.processEvents()
    assert not came

"""A stage works in order on its own thread, refuses when full, and ends within its time."""

import threading
from collections.abc import Iterator

import pytest

from capture.stage import Stage


class Gate:
    """Work that waits until it is let through."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.done: list[int] = []

    def __call__(self, item: int) -> None:
        self.entered.set()
        assert self.open.wait(5)
        self.done.append(item)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


def test_items_are_worked_off_in_order_on_a_named_thread() -> None:
    seen: list[tuple[int, str]] = []
    stage: Stage[int] = Stage(
        "one", lambda item: seen.append((item, threading.current_thread().name)), size=10
    )
    stage.start()
    for number in range(5):
        assert stage.offer(number)
    assert stage.close(5)
    assert seen == [(number, "heddle-one") for number in range(5)]


def test_a_full_stage_refuses(gate: Gate) -> None:
    stage: Stage[int] = Stage("full", gate, size=2)
    stage.start()
    assert stage.offer(0)
    assert gate.entered.wait(5)
    assert stage.offer(1)
    assert stage.offer(2)
    assert stage.full
    assert not stage.offer(3)
    assert not stage.wait_room(0.01)
    gate.open.set()
    assert stage.close(5)
    assert gate.done == [0, 1, 2]


def test_who_waits_for_room_gets_it(gate: Gate) -> None:
    stage: Stage[int] = Stage("wait", gate, size=1)
    stage.start()
    stage.offer(0)
    assert gate.entered.wait(5)
    stage.offer(1)
    threading.Timer(0.02, gate.open.set).start()
    assert stage.offer(2, timeout=5)
    assert stage.close(5)
    assert gate.done == [0, 1, 2]


def test_closing_an_idle_stage_finishes_it_once() -> None:
    finished: list[str] = []
    stage: Stage[int] = Stage("idle", lambda item: None, size=1, finish=lambda: finished.append("x"))
    stage.start()
    assert stage.close(5)
    assert stage.close(5)
    assert finished == ["x"]
    assert not stage.offer(1)


def test_a_stage_that_was_never_started_can_be_closed() -> None:
    assert Stage("unused", lambda item: None, size=1).close(0)


def test_a_stage_that_hangs_is_told_apart(gate: Gate) -> None:
    stage: Stage[int] = Stage("slow", gate, size=2)
    stage.start()
    stage.offer(1)
    assert not stage.close(0.01)
    gate.open.set()
    assert stage.close(5)


def test_after_an_error_it_discards_what_comes_and_tells_once() -> None:
    errors: list[str] = []
    discarded: list[int] = []
    stage: Stage[int] = Stage(
        "bad",
        lambda item: 1 // item and None,
        size=10,
        discard=discarded.append,
        failed=lambda name, error: errors.append(f"{name}: {type(error).__name__}"),
    )
    for number in (1, 0, 0, 2):
        stage.offer(number)
    stage.start()
    assert stage.close(5)
    assert errors == ["bad: ZeroDivisionError"]
    assert discarded == [0, 2]


def test_aborting_drops_what_waits_and_still_finishes(gate: Gate) -> None:
    finished: list[str] = []
    dropped: list[int] = []
    stage: Stage[int] = Stage(
        "abort", gate, size=5, finish=lambda: finished.append("x"), discard=dropped.append
    )
    stage.start()
    for number in range(3):
        stage.offer(number)
    assert gate.entered.wait(5)
    stage.abort()
    gate.open.set()
    assert stage.close(5)
    assert (gate.done, dropped, finished) == ([0], [1, 2], ["x"])

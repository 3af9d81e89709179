"""A clock that tests move, for what counts requests."""

import time
from dataclasses import dataclass

import pytest
from limits.aio.storage import memory

from server.limits import service


@dataclass
class Clock:
    """Stands in for the module `time` where windows are counted."""

    at: float = 1_800_000_000.0

    def time(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(memory, "time", clock)
    monkeypatch.setattr(service, "time", clock)
    return clock

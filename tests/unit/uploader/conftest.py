"""A server that fails on demand and a journal of its own, for every test of the uploader that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.double import Double
from uploader.journal import Journal


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    with Double() as double:
        monkeypatch.setenv("HEDDLE_TOKEN", double.token)
        yield double


@pytest.fixture
def journal(heddle_home: Path) -> Iterator[Journal]:
    with Journal() as journal:
        yield journal

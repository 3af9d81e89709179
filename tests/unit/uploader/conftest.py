"""A server that fails on demand and a journal of its own, for every test of the uploader that asks."""

import os
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


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.mp4"
    path.write_bytes(os.urandom(300_000))
    return path

"""A server, a second user and something to film, for whole stories.

`HEDDLE_TEST_ALL_MOMENTS=1` runs the crash stories at every moment instead of the telling few.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import media
from tests.support.processes import Program
from tests.support.servers import Server
from tests.support.services import Pulse, Screen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a scenario."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.scenario)


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a file that leave it as they found it."""
    with Server(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture
def server(no_leaks: None, tmp_path: Path) -> Iterator[Server]:
    """A server of this test alone, to be killed and filled at will."""
    (tmp_path / "server").mkdir()
    with Server(tmp_path / "server" / "data") as server:
        yield server


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A six-second recording with sound, as the recorder makes it."""
    return media.make_recording(tmp_path_factory.mktemp("media") / "sample.mp4", 6.0)


@pytest.fixture
def stage(xvfb: Screen, pulse: Pulse, tmp_path: Path) -> Iterator[Screen]:
    """A screen on which a clock runs while a beep sounds each second."""
    command = [sys.executable, "-m", "tests.support.content", "clock", "--sound", "--fps", "15"]
    with Program(command, log_folder=tmp_path) as content:
        content.says("ready")
        yield xvfb

"""The library's window over real files and a real journal, without a server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.child import Child
from desktop.context import Context
from desktop.controllers.library.opening import Library
from desktop.controllers.library.window import LibraryController
from desktop.controllers.transcription import Transcription
from desktop.models.actions import Action
from media.manifest import Marker
from tests.support import media
from tests.support.library import keep_take, titles


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media.make_recording(tmp_path_factory.mktemp("film") / "film.mp4", 4.0)


@pytest.fixture
def takes(heddle_home: Path, film: Path) -> dict[str, Path]:
    folder = heddle_home / "recordings"
    return {
        "Budget": keep_take(folder, "Budget", film, markers=(Marker(2.0, "The numbers"),)),
        "Käse": keep_take(folder, "Käse", film, created_at="2026-11-21T10:00:00Z"),
    }


@pytest.fixture
def transcription(context: Context, qtbot: Any) -> Iterator[Transcription]:
    made = Transcription(context)
    made.open()
    yield made
    made.close()
    qtbot.waitUntil(lambda: not context.application.findChildren(Child), timeout=30_000)


@pytest.fixture
def library(
    context: Context, transcription: Transcription, takes: dict[str, Path], qtbot: Any
) -> Iterator[LibraryController]:
    opened = Library(context, transcription)
    context.actions.perform(Action.LIBRARY)
    try:
        controller = opened.controller
        qtbot.waitUntil(lambda: titles(controller) == ["Käse", "Budget"], timeout=10_000)
        yield controller
    finally:
        opened.close()

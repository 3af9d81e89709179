"""What was recorded before there was a server."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from desktop.context import Context
from desktop.controllers.library import commands
from desktop.controllers.library.opening import Library
from desktop.controllers.library.window import LibraryController
from desktop.controllers.transcription import Transcription
from media import manifest
from tests.support.library import titles, window
from uploader.journal import Journal


@pytest.mark.parametrize("wanted", [True, False])
def test_what_was_recorded_before_there_was_a_server_is_offered_once(
    library: LibraryController,
    takes: dict[str, Path],
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
    wanted: bool,
) -> None:
    context = library._context
    monkeypatch.setattr(commands, "ensure_running", lambda _path: None)
    told = manifest.read(takes["Budget"])
    manifest.write(takes["Budget"], replace(told, title="The budget"))
    offer = window(library).unsent
    library._refresh()
    qtbot.waitUntil(lambda: "The budget" in titles(library), timeout=10_000)
    assert not offer.isVisible(), "without a server there is nothing to offer"
    context.settings.change(server="http://127.0.0.1:1")
    qtbot.waitUntil(offer.isVisible, timeout=10_000)
    assert offer.title.text() == "2 recordings are only on this computer. Upload them?"
    (offer.button if wanted else offer.close_button).click()
    assert not offer.isVisible()
    qtbot.waitUntil(lambda: not library.unsent.look(), timeout=10_000)
    library._refresh()
    with Journal() as journal:
        if wanted:
            qtbot.waitUntil(lambda: len(journal.all()) == 2, timeout=10_000)
        assert sorted(one.title for one in journal.all()) == (["Käse", "The budget"] if wanted else [])
    assert not offer.isVisible()


def test_who_looks_elsewhere_is_told_of_what_was_recorded_before(
    context: Context, transcription: Transcription, takes: dict[str, Path], qtbot: Any
) -> None:
    opened = Library(context, transcription)
    context.settings.change(server="http://127.0.0.1:1")
    qtbot.waitUntil(lambda: bool(context.messages.problems), timeout=10_000)
    assert [one.title for one in context.messages.problems] == ["2 recordings are only on this computer"]
    context.settings.change(countdown=1)
    opened.close()

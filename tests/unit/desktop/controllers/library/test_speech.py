"""What is said, written down from the library."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from desktop.context import Context
from desktop.controllers.library.window import LibraryController
from desktop.controllers.transcription import Transcription
from desktop.models.library.commands import Command
from desktop.models.session import Problem
from desktop.models.transcripts import State
from desktop.views.transcription import anew
from tests.support.library import item, items, keep_take, titles, window
from tests.support.speech import MODEL, SENTENCES, speech, write_sound


def test_what_is_said_is_written_down_from_the_library_found_and_corrected(
    library: LibraryController,
    transcription: Transcription,
    takes: dict[str, Path],
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context, folder = library._context, takes["Käse"].parent
    context.settings.change(speech_model=str(MODEL), speech_device="cpu", speech_language="en")
    sound, _ = speech(SENTENCES[:1])
    spoken = write_sound(folder / "spoken.mp4", sound, rate=16_000, channels=1)
    path = keep_take(folder, "Talk", spoken)
    library.again()
    qtbot.waitUntil(lambda: "Talk" in titles(library), timeout=10_000)
    player = library.commands.player
    player.open(item(library, "Talk"), 0.0)
    assert player.window is not None
    panel = player.window.transcript
    assert panel.empty.isVisible()
    assert not panel.change.isVisible()
    panel.write.click()
    qtbot.waitUntil(lambda: "riting down" in panel.speech.text(), timeout=30_000)
    assert not panel.write.isEnabled()
    qtbot.waitUntil(lambda: panel.list.count() > 0, timeout=90_000)
    assert panel.write.text() == "&Write down anew"
    window(library).finder.text.setText("passw")
    qtbot.waitUntil(lambda: titles(library) == ["Talk"], timeout=10_000)

    shown: list[Path] = []
    transcription.show_wanted.connect(shown.append)
    panel.change.click()
    qtbot.waitUntil(lambda: shown == [path])
    # What a person corrected is not replaced without a question.
    transcription.correct(path, 0, "Corrected by hand")
    for words, there in (("nobody says this", []), ("by hand", ["Talk"])):
        window(library).finder.text.setText(words)
        qtbot.waitUntil(lambda there=there: titles(library) == there, timeout=10_000)
    asked: list[str] = []

    def refuse(some: list[str], _parent: object) -> bool:
        asked.extend(some)
        return False

    monkeypatch.setattr(anew, "confirm_anew", refuse)
    library.commands.do(Command.TRANSCRIBE, items(library))
    qtbot.waitUntil(lambda: asked == ["Talk"], timeout=10_000)
    assert [job.state for job in transcription.jobs] == [State.HEARD]


def test_who_has_no_model_is_led_to_the_models(
    library: LibraryController,
    transcription: Transcription,
    context: Context,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, str]] = []
    wanted: list[bool] = []
    transcription.models_wanted.connect(lambda: wanted.append(True))

    def tell(problem: Problem, words: str = "", act: Callable[[], object] = list) -> None:
        told.append((problem.title, words))
        act()

    monkeypatch.setattr(context.messages, "tell", tell)
    context.settings.change(speech_model="tiny.en")
    library.commands.do(Command.TRANSCRIBE, items(library))
    qtbot.waitUntil(lambda: bool(wanted), timeout=10_000)
    assert told == [("The speech model tiny.en is not on this machine", "Choose a model")]
    assert [job.path.stem for job in transcription.jobs] == ["Käse", "Budget"]

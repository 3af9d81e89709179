"""The library's window over real files and a real journal, without a server."""

import asyncio
import errno
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtGui import QGuiApplication

from desktop.child import Child
from desktop.context import Context
from desktop.controllers.library import commands, keeping
from desktop.controllers.library.opening import Library
from desktop.controllers.library.window import LibraryController
from desktop.controllers.transcription import Transcription
from desktop.library.files import Order
from desktop.models.actions import Action
from desktop.models.library.commands import Command, offered
from desktop.models.library.items import Item, Standing, file_key
from desktop.models.library.playing import Form, Range
from desktop.models.library.store import Store
from desktop.models.session import Problem
from desktop.models.transcripts import State
from desktop.views.library.export import ProgressDialog
from desktop.views.library.window import LibraryWindow
from desktop.views.transcription import anew
from media import manifest
from media.manifest import Manifest, Marker, TakeState
from media.transcript import Segment, Transcript
from tests.support import media
from tests.support.speech import MODEL, SENTENCES, speech, write_sound
from uploader.journal import Journal


def keep_take(folder: Path, name: str, film: Path, **given: Any) -> Path:
    """A finished take as the recorder leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.mp4"
    shutil.copy(film, path)
    usual = {
        "id": name,
        "file": path.name,
        "title": name,
        "state": TakeState.FINISHED,
        "created_at": "2026-11-20T10:00:00Z",
        "width": 320,
        "height": 180,
        "fps": 30,
        "encoder": "x264",
        "video_codec": "h264",
        "audio_codec": "aac",
        "duration_s": 4.0,
        "bytes_committed": path.stat().st_size,
        "fragments": 8,
    }
    manifest.write(path, Manifest(**{**usual, **given}))
    return path


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


def window(library: LibraryController) -> LibraryWindow:
    assert library.window is not None
    return library.window


def items(library: LibraryController) -> list[Item]:
    rows = window(library).rows
    return [
        item
        for row in range(rows.rowCount())
        if (item := rows.item_at(rows.index(row)) or rows.data(rows.index(row)))
    ]


def titles(library: LibraryController) -> list[str]:
    return [item.title for item in items(library)]


def item(library: LibraryController, title: str) -> Item:
    return next(one for one in items(library) if one.title == title)


def test_what_is_here_is_shown_and_found_by_its_words(library: LibraryController, qtbot: Any) -> None:
    assert item(library, "Käse").standing is Standing.LOCAL
    transcript = Transcript("en", (Segment(0, 2.0, 3.0, "the budget is approved"),))
    library.store.put_transcript(file_key(item(library, "Käse").path or Path()), transcript)
    window(library).finder.text.setText("approv")
    qtbot.waitUntil(lambda: titles(library) == ["Käse"], timeout=5000)
    rows = window(library).rows
    from desktop.views.library.rows import MOMENTS

    assert [moment.at_s for moment in rows.data(rows.index(0), MOMENTS)] == [2.0]
    window(library).finder.reset()
    qtbot.waitUntil(lambda: len(titles(library)) == 2, timeout=5000)


def test_a_renamed_recording_is_found_by_its_new_name(library: LibraryController, qtbot: Any) -> None:
    grid, rows = window(library).grid, window(library).rows
    grid.choose(item(library, "Budget").id)
    rows.setData(grid.currentIndex(), "Quarter")
    qtbot.waitUntil(lambda: "Quarter" in titles(library), timeout=5000)
    window(library).finder.text.setText("quart")
    qtbot.waitUntil(lambda: titles(library) == ["Quarter"], timeout=5000)


def test_deleting_can_be_undone(library: LibraryController, qtbot: Any, takes: dict[str, Path]) -> None:
    window(library).grid.choose(item(library, "Budget").id)
    qtbot.waitUntil(window(library).commands.actions[Command.TRASH].isEnabled)
    window(library).commands.actions[Command.TRASH].trigger()
    qtbot.waitUntil(lambda: titles(library) == ["Käse"], timeout=5000)
    assert window(library).undo.isVisible()
    assert takes["Budget"].is_file(), "the file stays until it is deleted for good"
    window(library).undo.click()
    qtbot.waitUntil(lambda: len(titles(library)) == 2, timeout=5000)


def test_tags_of_several_recordings_are_changed_at_once(library: LibraryController, qtbot: Any) -> None:
    library.commands._tag(items(library), {"review"}, set())
    qtbot.waitUntil(lambda: all(one.tags == ("review",) for one in items(library)), timeout=5000)
    from desktop.views.library.sidebar import Spot

    qtbot.waitUntil(lambda: any("#review" in entry.text(0) for entry in window(library).sidebar._entries()))
    window(library).sidebar.go(Spot(tag="review"))
    qtbot.waitUntil(lambda: len(titles(library)) == 2)


def test_a_piece_and_captions_are_saved_as_files(
    library: LibraryController, qtbot: Any, tmp_path: Path, context: Context
) -> None:
    budget = item(library, "Budget")
    library.store.put_transcript(
        file_key(budget.path or Path()), Transcript("en", (Segment(0, 2.5, 3.5, "Hello"),))
    )
    player = library.commands.player
    player.make(Order(budget, Form.SRT, tmp_path / "said.srt", Range(2.0, 4.0)))
    player.make(Order(budget, Form.MP4, tmp_path / "piece.mp4", Range(2.0, 4.0)))
    qtbot.waitUntil(lambda: (tmp_path / "piece.mp4").is_file() and not player._dialogs, timeout=30_000)
    assert "00:00:00,500 --> 00:00:01,500\nHello" in (tmp_path / "said.srt").read_text()
    probe = media.probe(tmp_path / "piece.mp4")
    assert 1.4 < probe.duration_s < 2.6


def test_nothing_is_written_over_a_recording_nor_half_over_a_file(
    library: LibraryController, qtbot: Any, tmp_path: Path, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = item(library, "Budget")
    assert budget.path
    before, player = budget.path.read_bytes(), library.commands.player
    player.make(Order(budget, Form.MP4, budget.path, Range(2.0, 4.0)))
    qtbot.waitUntil(lambda: bool(context.messages.problems) and not player._dialogs, timeout=30_000)
    assert [one.title for one in context.messages.problems] == ["This is the recording itself"]
    assert budget.path.read_bytes() == before
    library.store.put_transcript(file_key(budget.path), Transcript("en", (Segment(0, 2.5, 3.5, "Hello"),)))
    old = tmp_path / "said.txt"
    old.write_text("of last week")
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Path, "write_text", lambda *_args, **_more: (_ for _ in ()).throw(full))
    player.make(Order(budget, Form.TXT, old))
    qtbot.waitUntil(lambda: len(context.messages.problems) == 2, timeout=30_000)
    assert context.messages.problems[-1].detail == "No space left on device"
    assert old.read_text() == "of last week"


def test_what_stands_in_a_field_counts_when_the_app_ends(
    library: LibraryController, heddle_home: Path
) -> None:
    budget = item(library, "Budget")
    library.commands.player.open(budget, 0.0)
    assert library.commands.player.window
    library.commands.player.window.details.title.setText("Written last")
    library.close()
    with Store() as store:
        assert [edit.mine for _, edit in store.edits()] == [{"title": "Written last"}]


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
    window(library).finder.text.setText("by hand")
    qtbot.waitUntil(lambda: titles(library) == ["Talk"], timeout=10_000)
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


def test_no_server_is_a_word_and_no_error(
    library: LibraryController, context: Context, qtbot: Any, film: Path
) -> None:
    library.commands.send_files([film])
    [problem] = context.messages.problems
    assert problem.title == "No server is set up"
    library.commands.do(Command.COPY_LINK, [item(library, "Käse")])
    assert QGuiApplication.clipboard().text() == ""


def test_a_piece_becomes_a_recording_of_its_own(
    library: LibraryController, qtbot: Any, takes: dict[str, Path]
) -> None:
    player = library.commands.player
    player.open(item(library, "Budget"), 1.0)
    assert player.window is not None
    screen = player.window.screen_
    with qtbot.waitSignal(screen.ready, timeout=20_000):
        pass
    assert screen.at_s == 1.0
    timeline = player.window.timeline
    qtbot.waitUntil(lambda: [one.title for one in timeline.chapters] == ["The numbers"], timeout=30_000)
    player.window.trim_wanted.emit(Range(2.0, 4.0))
    qtbot.waitUntil(lambda: "Budget (cut)" in titles(library), timeout=30_000)
    cut = item(library, "Budget (cut)")
    assert cut.duration_s is not None
    assert 1.4 < cut.duration_s < 2.6
    assert cut.path is not None
    assert [one.title for one in manifest.read(cut.path).markers] == ["The numbers"]
    assert takes["Budget"].is_file()


def test_one_steps_from_picture_to_picture_and_marks_them(library: LibraryController, qtbot: Any) -> None:
    player = library.commands.player
    player.open(item(library, "Budget"), 1.0)
    assert player.window is not None
    window, screen = player.window, player.window.screen_
    keys = {action.shortcut().toString(): action for action in window._left.actions()}

    def shown() -> float:
        return screen._seen()[0]

    qtbot.waitUntil(lambda: screen._seen()[0] <= 1.0 <= screen._seen()[1], timeout=30_000)
    first = shown()
    keys["."].trigger()
    qtbot.waitUntil(lambda: shown() > first, timeout=30_000)
    second = shown()
    keys["."].trigger()
    qtbot.waitUntil(lambda: shown() > second, timeout=30_000)
    keys[","].trigger()
    qtbot.waitUntil(lambda: shown() == second, timeout=30_000)
    window.begin.click()
    assert window.range == Range(second, None)
    keys[","].trigger()
    qtbot.waitUntil(lambda: shown() == first, timeout=30_000)
    screen.seek(screen._seen()[1] + 1.0)
    qtbot.waitUntil(lambda: shown() > second, timeout=30_000)
    window.end.click()
    assert window.range == Range(second, screen.mark_s)


def test_copies_come_one_after_the_other_and_can_be_called_off(
    library: LibraryController, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """How a copy comes is tested in `library/test_keeping.py`."""
    begun, ended = [], []

    async def keep(_keeper: Any, item: Item, _folder: Path, told: Any) -> Path:
        begun.append(item.title)
        told(0.5)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(item.title)
        raise AssertionError

    monkeypatch.setattr(keeping, "keep", keep)
    items = [Item(f"id:{name}", name, Standing.READY, 0.0, recording_id=name) for name in ("One", "Two")]
    assert all(Command.KEEP in offered([one]) for one in items)
    assert Command.KEEP in offered(items)
    library.commands.do(Command.KEEP, items)
    library.commands.do(Command.KEEP, items)  # they are under way
    [dialog] = library.window.findChildren(ProgressDialog) if library.window else []
    qtbot.waitUntil(lambda: dialog.bar.value() == 25, timeout=30_000)
    assert "2 recordings" in dialog.windowTitle()
    assert not dialog.isModal()
    dialog.cancel.click()
    qtbot.waitUntil(lambda: ended == ["One"], timeout=30_000)
    assert begun == ["One"]


def test_what_is_here_already_needs_no_copy() -> None:
    here = Item("file:/a.mp4", "A", Standing.READY, 0.0, recording_id="a", path=Path("/a.mp4"))
    growing = Item("id:b", "B", Standing.RECORDING, 0.0, recording_id="b")
    assert Command.KEEP not in offered([here]) | offered([growing])

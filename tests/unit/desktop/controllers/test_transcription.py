"""The queue of transcriptions: a real small model in a real process, kept beside the recording, and sent."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop import settings
from desktop.child import Child
from desktop.context import Context
from desktop.controllers.transcription import Transcription
from desktop.controllers.transcripts import TranscriptsController
from desktop.models import transcripts
from desktop.models.session import Phase, Session
from desktop.models.transcripts import Kept, State
from media.transcribe.languages import CODES
from media.transcript import Segment, Transcript
from tests.support import media
from tests.support.double import Double
from tests.support.modelhub import ModelHub
from tests.support.speech import MODEL, SENTENCES, speech, word_errors, write_sound
from tests.support.tmpfs import small_disk
from uploader.journal import Journal
from uploader.paths import home
from uploader.states import UploadEvent

PATIENCE_MS = 90_000


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sound, _ = speech(SENTENCES[:1])
    return write_sound(tmp_path_factory.mktemp("talk") / "talk.mp4", sound, rate=16_000, channels=1)


@pytest.fixture
def video(spoken: Path, heddle_home: Path) -> Path:
    path = heddle_home / "recordings" / "talk.mp4"
    path.parent.mkdir()
    path.write_bytes(spoken.read_bytes())
    return path


@pytest.fixture
def transcription(context: Context, qtbot: Any) -> Iterator[Transcription]:
    made = Transcription(context)
    made.open()
    yield made
    made.close()
    # What said its last word takes its time to end on a busy machine.
    qtbot.waitUntil(lambda: not context.application.findChildren(Child), timeout=PATIENCE_MS)
    made.deleteLater()


@pytest.fixture
def window(context: Context, transcription: Transcription) -> Iterator[TranscriptsController]:
    made = TranscriptsController(context, transcription)
    made.open()
    yield made
    made.close()
    made.deleteLater()


def state_of(transcription: Transcription, path: Path) -> State | None:
    job = transcripts.find(transcription.jobs, path)
    return job.state if job else None


def uploaded(journal: Journal, video: Path, server: str) -> None:
    upload = journal.add(video, title="T", server=server, growing=False)
    for event in (UploadEvent.START, UploadEvent.CREATED, UploadEvent.ALL_ACKED):
        journal.advance(upload, event)
    journal.advance(upload, UploadEvent.VERIFIED, recording_id="abc")


def test_what_is_said_is_written_down_shown_corrected_and_sent(
    context: Context,
    window: TranscriptsController,
    video: Path,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transcription = window._transcription
    context.settings.change(speech_model=str(MODEL), speech_device="cpu")
    with Double() as server:
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        server.recordings["abc"] = {"id": "abc", "status": "completed"}
        with Journal() as journal:
            uploaded(journal, video, server.url)
        transcription.add(video)
        qtbot.waitUntil(lambda: state_of(transcription, video) is State.HEARD, timeout=PATIENCE_MS)
        context.settings.change(server=server.url)
        qtbot.waitUntil(lambda: state_of(transcription, video) is State.SENT, timeout=PATIENCE_MS)
        text = window.view.recordings.text
        kept = transcripts.read(video)
        qtbot.waitUntil(lambda: text.rowCount() == len(kept.transcript.segments) if kept else False)
        assert kept is not None
        assert word_errors(SENTENCES[0], kept.transcript.text) < 0.4
        assert text.item(0, 1).text() == kept.transcript.segments[0].text
        assert kept.transcript.segments[0].words[0].text in text.item(0, 1).toolTip()
        assert window.view.recordings.language.text() == "Spoken: English"
        assert server.recordings["abc"]["transcript"]["source"] == "desktop"

        text.item(0, 1).setText("Please open the doors")
        qtbot.waitUntil(
            lambda: server.recordings["abc"]["transcript"]["source"] == "edited", timeout=PATIENCE_MS
        )
        assert server.recordings["abc"]["transcript"]["segments"][0]["text"] == "Please open the doors"
        qtbot.waitUntil(lambda: state_of(transcription, video) is State.SENT)


def test_without_a_model_it_waits_until_there_is_one(
    context: Context,
    window: TranscriptsController,
    video: Path,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transcription = window._transcription
    files = {path.name: path.read_bytes() for path in MODEL.iterdir() if path.suffix != ".md"}
    with ModelHub("Systran/faster-whisper-tiny.en", files) as hub:
        monkeypatch.setenv("HEDDLE_MODELS_URL", hub.url)
        context.settings.change(speech_model="small")
        transcription.add(video)
        assert state_of(transcription, video) is State.FAILED
        assert "not on this machine" in window.view.recordings.message.text()
        fractions: list[float] = []
        monkeypatch.setattr(window.view.models.bar, "setValue", lambda value: fractions.append(value / 1000))
        window.download("tiny.en")
        assert window.view.models.bar.isVisibleTo(window.view.models)
        qtbot.waitUntil(lambda: state_of(transcription, video) is State.LISTENING, timeout=PATIENCE_MS)
    assert 1.0 in fractions
    assert context.settings.value.speech_model == "tiny.en", "what is not here cannot listen"
    transcription.remove(video)
    assert transcription.jobs == ()


def test_while_something_is_recorded_nobody_listens(
    context: Context, transcription: Transcription, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.settings.change(speech_model=str(MODEL))
    bridge = context.bridge
    bridge.changed.emit(Session(phase=Phase.RECORDING, path=str(video), audio=True))
    transcription.add(video)
    assert state_of(transcription, video) is State.WAITING
    bridge.changed.emit(Session(phase=Phase.FINISHED, path=str(video), audio=True))
    assert state_of(transcription, video) is State.LISTENING
    sent: list[dict[str, object]] = []
    assert transcription._child is not None
    monkeypatch.setattr(transcription._child, "send", sent.append)
    bridge.changed.emit(Session(phase=Phase.COUNTING))
    bridge.changed.emit(Session(phase=Phase.READY))
    assert sent == [{"pause": True}, {"pause": False}]


@pytest.mark.parametrize("wanted", [True, False])
def test_each_recording_is_written_down_where_that_is_set(
    context: Context, transcription: Transcription, video: Path, wanted: bool
) -> None:
    context.settings.change(transcribe_takes=wanted, speech_model=str(MODEL))
    assert transcription.start_fields() == ({"transcribedHere": True} if wanted else {})
    context.settings.change(speech_model="tiny")
    assert transcription.start_fields() == {}, "without a model the server has to listen"
    for audio in (True, False):
        other = video.with_name(f"{audio}.mp4")
        other.touch()
        context.bridge.changed.emit(Session(phase=Phase.FINISHED, path=str(other), audio=audio))
    assert [job.path.stem for job in transcription.jobs] == (["True"] if wanted else [])


def test_what_cannot_be_heard_says_why(
    context: Context, transcription: Transcription, video: Path, qtbot: Any
) -> None:
    video.write_text("no film")
    context.settings.change(speech_model=str(MODEL))
    transcription.add(video)
    qtbot.waitUntil(lambda: state_of(transcription, video) is State.FAILED, timeout=PATIENCE_MS)
    job = transcripts.find(transcription.jobs, video)
    assert job is not None
    assert job.problem is not None
    assert "no video" in job.problem.title


def test_a_film_in_which_nobody_speaks_says_so(
    context: Context, window: TranscriptsController, video: Path, qtbot: Any
) -> None:
    media.make_recording(video, 1.0, audio=False)
    context.settings.change(speech_model=str(MODEL))
    transcription = window._transcription
    transcription.add(video)
    qtbot.waitUntil(lambda: state_of(transcription, video) is State.HEARD, timeout=PATIENCE_MS)
    assert "Nobody is heard to speak in it" in window.view.recordings.list.item(0).text()
    [again] = transcripts.load(home())
    assert again.silent


def test_corrections_that_come_at_once_are_all_kept(
    context: Context, transcription: Transcription, video: Path, qtbot: Any
) -> None:
    said = Transcript("en", tuple(Segment(n, n, n + 1.0, f"line {n}") for n in range(20)))
    transcripts.write(video, Kept(said))
    for number in range(20):
        transcription.correct(video, number, f"corrected {number}")

    def all_of_them() -> bool:
        kept = transcripts.read(video)
        return kept is not None and all(one.text.startswith("corrected") for one in kept.transcript.segments)

    qtbot.waitUntil(all_of_them, timeout=PATIENCE_MS)


def test_what_a_full_disk_refuses_is_kept_until_there_is_room(
    context: Context, window: TranscriptsController, spoken: Path, tmp_path: Path, qtbot: Any
) -> None:
    transcription, settings = window._transcription, context.settings
    settings.change(speech_model=str(MODEL), speech_device="cpu")
    transcription.write_again.setInterval(100)
    with small_disk(tmp_path / "disk", 1) as disk:
        video, ballast = disk / "talk.mp4", disk / "ballast"
        video.write_bytes(spoken.read_bytes())
        with contextlib.suppress(OSError):
            ballast.write_bytes(bytes(2**20))
        transcription.add(video)
        qtbot.waitUntil(lambda: state_of(transcription, video) is State.FAILED, timeout=PATIENCE_MS)
        [job] = transcription.jobs
        assert job.problem is not None
        assert (job.problem.title, job.problem.detail) == (
            "The transcript could not be written",
            "No space left on device",
        )
        assert transcripts.read(video) is None
        transcription.show(video, sent=False)
        window.open(video)
        text = window.view.recordings.text
        qtbot.waitUntil(lambda: text.rowCount() > 0)
        text.item(0, 1).setText("Corrected")
        transcription.begin([video], lambda _: True)  # it is not listened to again for that
        qtbot.wait(300)
        assert state_of(transcription, video) is State.FAILED
        assert transcripts.load(home())[0].state is State.WAITING  # by an app that did not hear it

        ballast.unlink()
        qtbot.waitUntil(lambda: state_of(transcription, video) is State.HEARD, timeout=PATIENCE_MS)
        kept = transcripts.read(video)
        assert kept is not None
        assert kept.edited
        assert kept.transcript.segments[0].text == "Corrected"
        qtbot.waitUntil(lambda: not transcription.write_again.isActive())


def test_what_was_written_down_long_ago_is_shown_for_corrections(
    context: Context, window: TranscriptsController, video: Path, qtbot: Any
) -> None:
    transcripts.write(video, Kept(Transcript("de", (Segment(0, 0.0, 1.0, "Guten Tag"),))))
    transcription = window._transcription
    transcription.show_wanted.connect(window.open)
    other = video.with_name("other.mp4")
    other.touch()
    transcription.show(other, sent=False)
    transcription.show(video, sent=True)
    page = window.view.recordings
    qtbot.waitUntil(lambda: page.text.rowCount() == 1, timeout=PATIENCE_MS)
    assert (page.path, page.text.item(0, 1).text()) == (video, "Guten Tag")
    assert page.language.text() == "Spoken: Deutsch"
    assert [job.state for job in transcription.jobs] == [State.HEARD, State.SENT]


def test_a_folder_that_holds_no_model_is_refused(
    context: Context, window: TranscriptsController, tmp_path: Path
) -> None:
    window.use_folder(tmp_path)
    assert "no speech model" in window.view.models.message.text()
    window.use_folder(MODEL)
    assert settings.load().speech_model == str(MODEL)


def test_why_a_download_failed_stays_to_be_read(window: TranscriptsController, qtbot: Any) -> None:
    """Also when what is installed was looked at again."""
    window._told({"event": "failed", "title": "Not what the hub promised", "detail": "", "hint": ""})
    window._found([])
    message = window.view.models.message
    assert "Not what the hub promised" in message.text()
    window._use("tiny")
    window._found([])
    assert message.text() == ""


def test_language_and_device_are_chosen_in_the_window(
    context: Context, window: TranscriptsController, qtbot: Any
) -> None:
    listening = window.view.listening
    language, device = listening.language.box, listening.device.box
    assert (language.currentData(), device.currentData()) == (None, "auto")
    for box, value in ((language, "de"), (device, "cpu")):
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())
    assert (context.settings.value.speech_language, context.settings.value.speech_device) == ("de", "cpu")
    assert "Deutsch" in language.currentText()
    context.settings.change(speech_language="tlh")  # by somebody with a model of their own
    assert language.currentText() == "tlh"


def test_the_languages_are_those_of_whisper() -> None:
    tokenizer = pytest.importorskip("faster_whisper.tokenizer")
    assert set(CODES) == set(tokenizer._LANGUAGE_CODES)

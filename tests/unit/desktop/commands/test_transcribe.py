"""`heddle transcribe` and `heddle models`, with a real small model and a real local server."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import Result
from typer.testing import CliRunner

from desktop.cli import app
from desktop.commands.transcribe import _send
from desktop.errors import ExitCode, HeddleError
from desktop.terminal.bar import Bar
from media.captions import Transcript, parse_srt, parse_vtt
from tests.support.double import Double
from tests.support.modelhub import ModelHub
from tests.support.processes import wait_until
from tests.support.speech import MODEL, SENTENCES, speech, word_errors, write_sound

SAID = " ".join(SENTENCES[:2])


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sound(tmp_path_factory.mktemp("talk") / "talk.mp4", speech(SENTENCES[:2])[0])


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_SPEECH_MODEL", str(MODEL))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelHub]:
    """A mirror that gives the small real model under the name of another."""
    files = {path.name: path.read_bytes() for path in MODEL.iterdir() if path.suffix != ".md"}
    with ModelHub("Systran/faster-whisper-tiny.en", files) as hub:
        monkeypatch.setenv("HEDDLE_MODELS_URL", hub.url)
        yield hub


def heddle(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(part) for part in arguments])


def failure(result: Result) -> HeddleError:
    assert isinstance(result.exception, HeddleError), result.output
    return result.exception


def test_a_transcript_goes_to_a_file_of_its_name_and_to_a_recording(
    model: None, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "talk.srt"
    with Double() as server:
        monkeypatch.setenv("HEDDLE_SERVER", server.url)
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        link = f"{server.url}/s/abcd"
        server.recordings["abc"] = {"id": "abc", "status": "completed", "shareUrl": link}
        result = heddle("transcribe", video, "--output", output, "--upload", link, "--device", "cpu")
        sent = Transcript.from_dict(server.recordings["abc"]["transcript"])
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    assert (sent.language, sent.model) == ("en", MODEL.name)
    assert word_errors(SAID, sent.text) < 0.4
    assert parse_srt(output.read_text("utf-8")).text == sent.text
    assert f"{sent.word_count} words in 0:1" in result.stderr


def test_a_model_is_downloaded_used_and_removed(hub: ModelHub, video: Path, heddle_home: Path) -> None:
    missing = failure(heddle("transcribe", video, "--model", "tiny.en"))
    assert "heddle models download tiny.en" in missing.hint
    fetched = heddle("models", "download", "tiny.en")
    assert fetched.exit_code == 0, fetched.output
    assert fetched.stdout == f"{heddle_home / 'models' / 'tiny.en'}\n"
    assert "tiny.en             78 MB  here" in heddle("models").stdout
    spoken = heddle("transcribe", video, "--model", "tiny.en", "--language", "en")
    assert word_errors(SAID, parse_vtt(spoken.stdout).text) < 0.4
    assert "MiB are free again" in heddle("models", "remove", "tiny.en").stdout
    assert "not on this machine" in failure(heddle("models", "remove", "tiny.en")).title


async def test_a_link_that_nobody_has_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with Double() as server:
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        with pytest.raises(HeddleError, match="no recording of yours"):
            await _send(server.url, f"{server.url}/s/gone", Transcript("en"))


def _listening(pid: int) -> psutil.Process | None:
    """Others come and go: libraries start programs to learn where they are."""
    for child in psutil.Process(pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "media.transcribe" in child.cmdline():
                return child
    return None


def test_ctrl_c_stops_it_and_leaves_nothing(model: None, tmp_path: Path) -> None:
    """Real processes: the child must be gone with its parent."""
    long_ = write_sound(tmp_path / "long.mp4", speech(SENTENCES * 3)[0], rate=16_000, channels=1)
    output = tmp_path / "long.vtt"
    command = [sys.executable, "-m", "desktop", "transcribe", str(long_), "--output", str(output)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    child = wait_until(lambda: _listening(process.pid), timeout_s=30, what="the child that listens")
    child.suspend()  # it would be done before a slow test gets to press Ctrl-C
    process.send_signal(signal.SIGINT)
    child.resume()
    _, words = process.communicate(timeout=30)
    assert process.returncode == ExitCode.CTRL_C, words
    assert "nothing was written" in words
    assert not output.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--device", "abacus"], "no device"),
        (["--translate"], "English only"),
        (["--vocabulary", "x" * 100], "vocabulary is too long"),
        (["--upload", "abc"], "No server"),
        (["--model", "huge"], "no speech model"),
        (["--model", "large-v3-turbo", "--translate"], "does not translate"),
    ],
)
def test_what_cannot_be_done_is_said(model: None, video: Path, arguments: list[str], words: str) -> None:
    assert words in failure(heddle("transcribe", video, *arguments)).title


def test_what_is_no_video_is_said(model: None, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("nothing to hear here")
    assert "no video" in failure(heddle("transcribe", text)).title
    assert "no such file" in failure(heddle("transcribe", tmp_path / "gone.mp4")).title


def test_a_broken_model_is_said(video: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in MODEL.iterdir():
        (broken / path.name).write_bytes(path.read_bytes()[:1000])
    assert "cannot be loaded" in failure(heddle("transcribe", video, "--model", broken)).title


def test_a_bar_shows_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    bar = Bar(clock=lambda: now[0])
    bar.show(0.5, "quick")
    now[0] = 6.0
    bar.show(0.5, "and slow")
    assert capsys.readouterr().err == f"[{'#' * 12}{'.' * 12}]  50 %  and slow\n"

"""`heddle record` as a shell sees it: what goes to stdout and stderr, what Ctrl-C does, the exit code."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.errors import ExitCode
from tests.support import fake_engine

# `heddle record` around an engine without a screen; no worker moves what is put on the journal.
DRIVER = """
import sys
from pathlib import Path
from desktop.terminal import record as terminal
from desktop.recorder.engine import Engine
from desktop.recorder.follower import UploadFollower
from desktop.recorder.takes import Options, Take
from uploader.journal import Journal
terminal.PATIENCE_S = 0.3
flags, output, engine = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
uploads = UploadFollower(Journal(), "http://127.0.0.1:1", lambda: None) if "upload" in flags else None
take = Take(output=output, title="Weekly", seconds=2 if "short" in flags else None)
options = Options(json="json" in flags, upload="upload" in flags)
sys.exit(terminal.Terminal(options, uploads, Engine([sys.executable, *engine])).run(take))
"""
Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    running: list[subprocess.Popen[str]] = []

    def start(flags: str, *engine_options: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-W", "error", "-c", DRIVER, flags, str(tmp_path / "take.mp4")]
        process = subprocess.Popen(
            [*command, fake_engine.__file__, *engine_options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        with process:
            process.kill()


def events(process: "subprocess.Popen[str]") -> Iterator[dict]:
    assert process.stdout
    return (json.loads(line) for line in process.stdout)


def test_results_go_to_stdout_and_progress_to_stderr(run: Run, tmp_path: Path) -> None:
    process = run("short")
    out, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.OK
    assert out == f"{tmp_path / 'take.mp4'}\n"
    assert "Recording  0:00" in err
    assert "\r" not in err


def test_ctrl_c_finishes_the_file(run: Run, tmp_path: Path) -> None:
    process = run("json")
    assert any(event["event"] == "stats" for event in events(process))
    process.send_signal(signal.SIGINT)
    last = [event for event in events(process) if event["event"] == "state"][-1]
    assert last["state"] == "finished"
    assert process.wait(30) == ExitCode.OK
    assert (tmp_path / "take.mp4").stat().st_size == last["bytes"]


def test_without_a_server_that_answers_the_upload_is_left_to_the_background(run: Run) -> None:
    process = run("upload short")
    _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.UPLOAD_PENDING
    assert "goes on in the background" in err


def test_a_dying_engine_is_an_error_that_says_what_is_saved(run: Run, tmp_path: Path) -> None:
    process = run("upload", "--die-after", "3")
    _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert str(tmp_path / "take.mp4") in err
    assert "unexpectedly" in err


def test_an_engine_that_cannot_record_is_an_error_with_its_words(run: Run) -> None:
    process = run("", "--fail")
    _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.FAILED
    assert "There is no screen" in err
    assert "plug one in" in err


def test_json_is_one_event_a_line_with_its_time(run: Run) -> None:
    process = run("json short upload")
    out, _ = process.communicate(timeout=30)
    told = [json.loads(line) for line in out.splitlines()]
    assert {event["event"] for event in told} >= {"state", "stats", "upload"}
    assert all(event["at"] > 0 for event in told)

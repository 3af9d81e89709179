"""The one command that shows it all: it ends well, and it leaves nothing behind however it ends."""

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.support.processes import Program
from tests.support.services import require

KEYS = {
    "shareUrl",
    "playlistUrl",
    "linkReadyS",
    "firstWatchableS",
    "stopToFinalS",
    "durationS",
    "clientSha256",
    "serverSha256",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the demonstration puts what it has to take away again."""
    require("Xvfb", "pulseaudio", "pactl", "espeak-ng")
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def demo(tmp_path: Path, *options: object) -> Program:
    return Program([sys.executable, "-m", "desktop", "demo", "--virtual", *options], log_folder=tmp_path)


def test_the_demonstration_plays_its_link_to_the_end(folder: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    with demo(tmp_path, "--exit", "--seconds", 5, "--json", figures) as shown:
        assert shown.wait(120) == 0, shown.stdout + shown.stderr
        assert "Open it now: http://127.0.0.1:" in shown.stdout
    values = json.loads(figures.read_text())
    assert values.keys() >= KEYS
    assert values["clientSha256"] == values["serverSha256"]
    assert values["durationS"] == pytest.approx(5, abs=0.6)
    assert values["played"]["video_frames"] > 50
    assert values["played"]["audio_samples"] > 48_000 * 4
    assert list(folder.iterdir()) == []


def test_the_server_stays_until_ctrl_c(folder: Path, tmp_path: Path) -> None:
    with demo(tmp_path, "--seconds", 2) as shown:
        shown.says("runs until Ctrl-C", timeout_s=90)
        shown.popen.send_signal(signal.SIGINT)
        assert shown.wait(30) == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_the_middle_stops_everything_it_started(
    folder: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with demo(tmp_path, "--seconds", 60) as shown:
        shown.says("Open it now", timeout_s=60)
        shown.popen.send_signal(number)
        shown.popen.send_signal(number)
        assert shown.wait(60) == 130
    assert list(folder.iterdir()) == []

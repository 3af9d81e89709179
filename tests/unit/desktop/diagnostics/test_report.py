"""The report on a bug: it says what failed, and nothing about anybody."""

from pathlib import Path

import pytest

from desktop import settings
from desktop.diagnostics import logbook, report
from desktop.models.diagnostics import Finding, Verdict
from uploader import credentials, paths
from uploader.credentials import Credential
from uploader.journal import Journal

TITLE, SERVER, EMAIL, TOKEN = (
    "Layoffs in spring",
    "https://video.acme.example",
    "ada@acme.example",
    "tok-5f1a9",
)


@pytest.fixture
def text(heddle_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HEDDLE_LLM_API_KEY", "sk-9999")
    credentials.store(SERVER, EMAIL, Credential(TOKEN))
    settings.change({"server": SERVER, "fps": 60, "microphone": "Ada's headset"})
    video = heddle_home / "recordings" / f"2026-11-21 {TITLE}.mp4"
    video.parent.mkdir()
    video.touch()
    elsewhere = tmp_path / "Merger of Globex" / "talk.mp4"
    elsewhere.parent.mkdir()
    elsewhere.touch()
    with Journal() as journal:
        journal.add(video, title=TITLE, server=SERVER, growing=False)
        journal.add(elsewhere, title="Talk", server=SERVER, growing=False)
    logbook.path().write_text(
        f"cannot read {video}\nBearer {TOKEN}\nsent {TITLE} to {SERVER}\ncannot read {elsewhere}\n"
        "no host video.acme.example\nAda's headset went away\nGET https://video.acme.example/s/Globex?q=1\n"
    )
    found = Finding("server", Verdict.PROBLEM, f"{SERVER}: refused", f"Sign in as {EMAIL}")
    return report.report([found, Finding("screen", Verdict.OK, "x11")])


@pytest.mark.parametrize(
    "private", [TITLE, SERVER, "acme", EMAIL, TOKEN, "sk-9999", "Ada's headset", "Globex", str(Path.home())]
)
def test_nothing_private_is_in_it(text: str, private: str) -> None:
    assert private not in text


@pytest.mark.parametrize(
    "told",
    ["Heddle ", "Python ", "problem  server: ", "ok  screen: x11", "fps = 60", "microphone is set",
     "HEDDLE_LLM_API_KEY is set", "queued, 0 of 0 bytes", "cannot read <recordings>/<private>"],
)  # fmt: skip
def test_what_helps_is_in_it(text: str, told: str) -> None:
    assert told in text


def test_the_log_s_end_is_enough(heddle_home: Path) -> None:
    paths.worker_log(paths.default_journal()).write_text("a line of the log\n" * 20_000)
    assert len(report.report([])) < 2 * report.TAIL_BYTES

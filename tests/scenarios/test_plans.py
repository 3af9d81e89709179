"""A plan that is used up costs no recording: what runs completes, and what comes after it waits its turn."""

import asyncio
from pathlib import Path

import pytest

from desktop.accounts.allowance import refusal
from desktop.models.session import PLAN_FULL, Problem
from tests.support import media
from tests.support.processes import Program, wait_until
from tests.support.recorder import BIN, kill_workers
from tests.support.servers import Server
from uploader.journal import Journal
from uploader.manager import ensure_running
from uploader.states import UploadState

WAIT_S = 60.0
PLANS = """
[plans.free]
name = "Free"
recording_minutes = {minutes}
"""


def test_a_take_completes_beyond_the_plan_and_the_next_one_waits_here_until_there_is_room(
    tmp_path: Path, heddle_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans, folder = tmp_path / "plans.toml", tmp_path / "server"
    plans.write_text(PLANS.format(minutes=1))
    folder.mkdir()
    # Longer than the plan has minutes.
    long = media.make_recording(tmp_path / "long.mp4", 62, size=(64, 36), fps=2, audio=False).read_bytes()
    with Server(folder / "data", env={"HEDDLE_BILLING": str(plans)}) as server, Journal() as journal:
        for name, value in server.client_env.items():
            monkeypatch.setenv(name, value)
        try:
            assert _asked(server) is None
            _send_growing(server, journal, tmp_path / "first.mp4", long)
            no = wait_until(lambda: _asked(server), timeout_s=WAIT_S, what="the plan to be used up")
            assert no.code == PLAN_FULL
            assert "has 1 minutes of recording a month, and 1 minutes of them are used" in no.detail
            take = _record(server, tmp_path / "second.mp4")
            (waiting,) = [row for row in journal.all() if row.path == take]
            assert (waiting.state, waiting.recording_id) == (UploadState.WAITING, None)
            # Whoever runs the server gives more.
            server.kill()
            plans.write_text(PLANS.format(minutes=100))
            server.restart()
            journal.retry(waiting.id)
            ensure_running(journal.path)
            done = wait_until(
                lambda: (row := journal.get(waiting.id)).ended and row, timeout_s=WAIT_S, what="its end"
            )
            assert (done.state, done.error) == (UploadState.DONE, None)
            assert server.recording(done.recording_id or "")["sha256"] == media.sha256(take)
            assert _asked(server) is None
        finally:
            kill_workers(heddle_home)


def _asked(server: Server) -> Problem | None:
    """What the app says before a recording."""
    return asyncio.run(refusal(server.url))


def _send_growing(server: Server, journal: Journal, path: Path, data: bytes) -> None:
    """As a recorder that is still at it, until all is there."""
    path.write_bytes(data[: len(data) // 2])
    upload = journal.add(path, title="First", server=server.url, growing=True)
    ensure_running(journal.path, server=server.url)
    wait_until(lambda: journal.get(upload).offset > 0, timeout_s=WAIT_S, what="its first bytes")
    with path.open("ab") as file:
        file.write(data[len(data) // 2 :])
    journal.finish(upload)
    wait_until(lambda: journal.get(upload).ended, timeout_s=WAIT_S, what="its end")
    assert journal.get(upload).state is UploadState.DONE


def _record(server: Server, output: Path) -> Path:
    """A take by the recorder itself, as the app drives it, while the plan has no room."""
    with Program([BIN / "heddle", "record", "--control"], env=server.client_env) as program:
        program.event("state", state="idle", timeout_s=WAIT_S)
        program.send(command="start", output=str(output), backend="synthetic", fps=15)
        program.event("state", state="recording", timeout_s=WAIT_S)
        told = program.first(
            lambda line: line.get("event") == "upload" and (line["error"] or {}).get("code") == PLAN_FULL,
            timeout_s=WAIT_S,
            what="that the plan has no room",
        )
        assert "Wait for the next month, or take a larger plan." in told["error"]["detail"]
        program.first(
            lambda line: line.get("event") == "stats" and line["timeS"] > 1,
            timeout_s=WAIT_S,
            what="a second of it",
        )
        program.send(command="stop")
        program.event("state", state="finished", timeout_s=WAIT_S)
    return output

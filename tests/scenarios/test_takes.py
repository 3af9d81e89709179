"""What a person does with a take beside stopping it, from the command line to the server."""

from pathlib import Path

from media import manifest
from media.manifest import TakeState
from tests.support import media
from tests.support.processes import Program
from tests.support.recorder import BIN, Recorder, journal_rows, kill_workers
from tests.support.servers import Server


def control(server: Server) -> Program:
    """`heddle record` as another program drives it."""
    return Program([BIN / "heddle", "record", "--control"], env=server.client_env)


def begin(program: Program, output: Path, **options: object) -> None:
    program.event("state", state="idle", timeout_s=30)
    program.send(command="start", output=str(output), backend="synthetic", fps=15, **options)


def test_a_restart_gives_another_link_and_only_the_second_take_stays(
    shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    output = tmp_path / "take.mp4"
    with control(shared_server) as program:
        begin(program, output, countdown=1)
        program.event("countdown", secondsLeft=1)
        program.event("state", state="recording")
        first = program.first(lambda line: bool(line.get("shareUrl")), timeout_s=20, what="the first link")
        program.send(command="restart")
        program.event("discarded")
        program.event("state", state="counting")
        program.event("state", state="recording")
        second = program.first(
            lambda line: line.get("shareUrl") not in (None, first["shareUrl"]),
            timeout_s=20,
            what="another link",
        )
        program.send(command="marker", title="Demo")
        assert program.event("marker")["title"] == "Demo"
        program.first(
            lambda line: line.get("event") == "stats" and line["timeS"] > 1,
            timeout_s=20,
            what="a second of it",
        )
        program.send(command="stop")
        end = program.event("state", state="finished")
        assert program.wait(60) == 0
    assert end["receipt"]["audioPresent"]
    assert [one.title for one in manifest.read(output).markers] == ["Demo"]
    assert manifest.read(tmp_path / "cancelled" / "take.mp4").state is TakeState.CANCELLED
    rows = {row["recording_id"]: row["state"] for row in journal_rows(heddle_home)}
    assert rows[first["recordingId"]] == "cancelled"
    recording = shared_server.wait_status(second["recordingId"], "completed", "failed")
    assert recording["sha256"] == media.sha256(output)


def test_new_devices_are_tested_before_the_first_take_and_not_before_the_second(
    shared_server: Server, tmp_path: Path
) -> None:
    env = {**shared_server.client_env, "HEDDLE_SELF_TEST": "1"}
    states = []
    for name in ("first.mp4", "second.mp4"):
        options = ("--backend", "synthetic", "--seconds", "1", "--fps", "15")
        with Recorder(tmp_path / name, *options, env=env) as recorder:
            recorder.event("state", state="finished", timeout_s=60)
            assert recorder.wait(60) == 0, recorder.stderr
        states.append([line["state"] for line in recorder.events if line["event"] == "state"])
    assert "testing" in states[0]
    assert "testing" not in states[1]


def test_a_count_that_is_called_off_leaves_nothing_here_or_there(
    shared_server: Server, tmp_path: Path, heddle_home: Path
) -> None:
    folder = tmp_path / "takes"
    with control(shared_server) as program:
        begin(program, folder / "take.mp4", countdown=30)
        program.event("countdown")
        program.send(command="stop")
        program.event("state", state="cancelled")
        program.wait(60)
    assert list(folder.iterdir()) == []
    assert journal_rows(heddle_home) == []
    kill_workers(heddle_home)  # it waits for something to do

"""`heddle storage`: what recordings take, and that room is made only of what the server has."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from capture import aside
from desktop.cli import app
from desktop.errors import HeddleError
from media import manifest
from media.manifest import Manifest, TakeState
from tests.support.double import Double
from uploader.journal import Journal
from uploader.states import UploadState
from uploader.worker import Worker


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    with Double() as double:
        monkeypatch.setenv("HEDDLE_TOKEN", double.token)
        yield double


@pytest.fixture
def folder(heddle_home: Path) -> Path:
    folder = heddle_home / "recordings"
    folder.mkdir()
    return folder


def take(folder: Path, name: str, state: TakeState = TakeState.FINISHED, size: int = 50_000) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(size))
    told = Manifest(
        "1", name, path.stem, state, "2026-01-02T03:04:05+00:00", 320, 180, 30, "x", "h264", "aac"
    )
    manifest.write(path, told)
    return path


def upload(path: Path, server: Double) -> None:
    with Journal() as journal:
        upload_id = journal.add(path, title=path.stem, server=server.url, growing=False)
        asyncio.run(Worker(journal, linger_s=0.0, patience_s=0.1).run())
        assert journal.get(upload_id).state is UploadState.DONE


def run(*arguments: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(app, ["storage", *arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_the_list_says_what_is_only_here_and_what_it_takes(folder: Path, server: Double) -> None:
    upload(take(folder, "sent.mp4"), server)
    kept = take(folder, "kept.mp4", size=90_000)
    (folder / "kept.microphone.m4a").write_bytes(b"x" * 10_000)
    *takes, end = run()
    assert [(Path(one["path"]).name, one["bytes"], one["removable"]) for one in takes] == [
        (kept.name, 100_000, False),
        ("sent.mp4", 50_000, True),
    ]
    assert takes[1]["onServer"].startswith(server.url)
    assert (end["totalBytes"], end["trashBytes"]) == (150_000, 0)


def test_room_is_made_only_of_what_the_server_has_now(folder: Path, server: Double) -> None:
    sent, changed, gone, mixed, only_here = (
        take(folder, f"{name}.mp4") for name in ("sent", "changed", "gone", "mixed", "only-here")
    )
    for path in (sent, changed, gone, mixed):
        upload(path, server)
    changed.write_bytes(os.urandom(50_000))  # of the same size, so that only its hash tells
    (folder / "mixed.system.m4a").write_bytes(b"no server has this")
    del server.recordings[next(key for key, one in server.recordings.items() if one["title"] == "gone")]
    *moved, end = run("clean")
    assert moved == [{"trashed": "sent.mp4"}]
    assert (end["freedBytes"], end["count"], end["left"]) == (50_000, 1, 2)
    assert not sent.exists()
    assert all(path.exists() for path in (changed, gone, mixed, only_here))


def test_a_server_that_cannot_be_asked_confirms_nothing(folder: Path) -> None:
    with Double() as server:
        os.environ["HEDDLE_TOKEN"] = server.token
        try:
            upload(take(folder, "sent.mp4"), server)
        finally:
            del os.environ["HEDDLE_TOKEN"]
    assert run("clean") == [{"freedBytes": 0, "count": 0, "left": 1}]
    assert (folder / "sent.mp4").exists()


def test_what_was_put_in_the_trash_comes_back_as_it_was(folder: Path) -> None:
    path = take(folder, "talk.mp4")
    sound = folder / "talk.microphone.m4a"
    sound.write_bytes(b"sound")
    before = path.read_bytes()
    assert run("trash", "talk.mp4") == [{"trashed": "talk.mp4"}]
    assert not path.exists()
    assert not sound.exists()
    assert run()[-1]["trashBytes"] > len(before)
    back = CliRunner().invoke(app, ["recover", "--no-upload", "--bring", "talk.mp4"], catch_exceptions=False)
    assert back.exit_code == 0
    assert path.read_bytes() == before
    assert sound.exists()
    assert manifest.read(path).state is TakeState.FINISHED


@pytest.mark.parametrize("name", ["", "nothing.mp4", "../secret.mp4", "live.mp4"])
def test_what_is_no_finished_recording_is_not_thrown_away(folder: Path, name: str) -> None:
    live = take(folder, "live.mp4", TakeState.RECORDING)
    secret = take(folder.parent, "secret.mp4")
    result = CliRunner().invoke(app, ["storage", "trash", *([name] if name else [])])
    assert isinstance(result.exception, HeddleError)
    assert live.exists()
    assert secret.exists()
    assert aside.kept(folder) == []

"""Recordings from before there was a server: which they are, and that nobody is told of them twice."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.library import sending
from desktop.library.sending import queue, told_server
from desktop.library.unsent import DECIDED, decide, news
from desktop.models import transcripts
from desktop.models.library.items import file_key
from desktop.models.library.store import Store
from desktop.models.transcripts import Job, Kept, State
from media import manifest
from media.manifest import Manifest, TakeState
from media.transcript import Transcript
from uploader.journal import Journal

SERVER, OTHER = "http://127.0.0.1:1", "http://127.0.0.1:2"
TAKE = Manifest("1", "", "", TakeState.FINISHED, "2026-11-20T10:00:00Z", 320, 180, 30, "x", "h264", "aac")


def keep(folder: Path, name: str, **given: Any) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.mp4"
    path.write_bytes(b"film")
    usual = {"id": name, "file": path.name, "duration_s": 4.0, "bytes_committed": 4}
    manifest.write(path, replace(TAKE, **{**usual, **given}))
    return path


def unsent() -> list[str]:
    with Store() as store:
        return [path.stem for path in store.never_sent(DECIDED)]


def test_what_lies_here_alone_is_told_once_for_each_server(heddle_home: Path) -> None:
    folder = heddle_home / "recordings"
    for name in ("old", "older", "sent", "called off", "thrown away"):
        keep(folder, name)
    keep(folder, "empty", bytes_committed=0)
    keep(folder, "cancelled", state=TakeState.CANCELLED)
    keep(folder, "being made", state=TakeState.RECORDING)
    with Journal() as journal:
        for name in ("sent", "called off"):
            number = journal.add(folder / f"{name}.mp4", title=name, server=SERVER, growing=False)
        journal.cancel(number)
    news(folder, OTHER)
    with Store() as store:
        store.edit(file_key(folder / "thrown away.mp4"), {"trashed": True}, 1.0)
    assert news(folder, SERVER) == 2
    assert news(folder, SERVER) == 0
    assert sorted(unsent()) == ["old", "older"], "told is not decided"
    with Store() as store:
        decide(store, 2e9)
    assert unsent() == []
    keep(folder, "later", created_at="2040-01-01T10:00:00Z")
    assert news(folder, SERVER) == 1
    assert unsent() == ["later"]
    assert news(folder, OTHER) == 3


def test_a_server_need_not_listen_to_what_is_written_down_here(
    heddle_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ensure_running", lambda _path, **_: None)
    told = {"transcription": "desktop"}
    folder = heddle_home / "recordings"
    written, coming, failed, silent = (keep(folder, name) for name in ("a", "b", "c", "d"))
    transcripts.write(written, Kept(Transcript("en")))
    transcripts.save(heddle_home, [Job(coming), Job(failed, State.FAILED)])
    assert [told_server(path) for path in (written, coming, failed, silent)] == [told, told, {}, {}]
    assert queue(coming, "B", SERVER)
    with Journal() as journal:
        assert [upload.settings for upload in journal.all()] == [told]

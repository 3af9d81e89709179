import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from media import manifest
from media.manifest import Manifest, TakeState
from uploader.journal import Journal
from uploader.model import Wish
from uploader.orphans import adopt_orphans

SERVER = "http://127.0.0.1:1"
NOW = time.time()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.db") as journal:
        yield journal


def abandoned(journal: Journal, path: Path) -> str:
    """A growing upload whose recorder is gone."""
    with Journal(journal.path) as recorder:
        return recorder.add(path, title="T", server=SERVER, growing=True)


def touch(path: Path, age_s: float) -> None:
    path.write_bytes(b"video")
    os.utime(path, (NOW - age_s, NOW - age_s))


def take(path: Path, state: TakeState) -> None:
    manifest.write(
        path,
        Manifest("1", path.name, "T", state, "2026-11-21T00:00:00Z", 2, 2, 30, "x264", "avc1.64001f", None),
    )


def test_a_living_recorder_is_left_alone_however_long_it_pauses(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    journal.add(path, title="T", server=SERVER, growing=True)
    touch(path, age_s=3600)
    take(path, TakeState.INTERRUPTED)
    assert adopt_orphans(journal, NOW) == []


def test_a_file_that_nobody_writes_to_is_finished(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    upload_id = abandoned(journal, path)
    touch(path, age_s=11)
    assert adopt_orphans(journal, NOW) == [upload_id]
    assert not journal.get(upload_id).growing
    assert adopt_orphans(journal, NOW) == []


def test_a_clock_that_was_set_back_leaves_no_link_live(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    upload_id = abandoned(journal, path)
    touch(path, age_s=-3600)
    take(path, TakeState.RECORDING)
    assert adopt_orphans(journal, NOW) == [upload_id]


def test_a_clock_that_was_set_ends_no_take_that_is_being_recorded(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    journal.add(path, title="T", server=SERVER, growing=True)
    touch(path, age_s=0)
    assert adopt_orphans(journal, NOW + 86_400) == []
    assert adopt_orphans(journal, NOW - 86_400) == []


def test_a_file_that_was_just_written_to_may_still_have_its_recorder(
    journal: Journal, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    abandoned(journal, path)
    touch(path, age_s=5)
    take(path, TakeState.RECORDING)
    assert adopt_orphans(journal, NOW) == []


@pytest.mark.parametrize("state", [TakeState.FINISHED, TakeState.INTERRUPTED])
def test_a_manifest_that_says_it_is_over_is_believed_at_once(
    journal: Journal, tmp_path: Path, state: TakeState
) -> None:
    path = tmp_path / "a.mp4"
    upload_id = abandoned(journal, path)
    touch(path, age_s=0)
    take(path, state)
    assert adopt_orphans(journal, NOW) == [upload_id]


def test_a_cancelled_take_is_removed(journal: Journal, tmp_path: Path) -> None:
    upload_id = abandoned(journal, tmp_path / "a.mp4")
    (tmp_path / "cancelled").mkdir()
    (tmp_path / "cancelled" / "a.mp4").touch()
    assert adopt_orphans(journal, NOW) == [upload_id]
    assert journal.get(upload_id).wish is Wish.CANCEL


def test_a_take_that_never_began_is_removed_after_a_while(journal: Journal, tmp_path: Path) -> None:
    upload_id = abandoned(journal, tmp_path / "a.mp4")
    journal.note(upload_id, offset=0, created_at=NOW - 5)
    assert adopt_orphans(journal, NOW) == []
    assert adopt_orphans(journal, NOW + 6) == [upload_id]
    assert journal.get(upload_id).wish is Wish.CANCEL

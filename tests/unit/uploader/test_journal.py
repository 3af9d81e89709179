import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from uploader import journal as uploader_journal
from uploader.errors import IllegalTransitionError, JournalError
from uploader.journal import Journal
from uploader.model import Wanted, Wish
from uploader.states import UploadEvent, UploadState

SERVER = "http://127.0.0.1:1"

INSERT = """
import sys
from pathlib import Path
from uploader.journal import Journal
with Journal(Path(sys.argv[1])) as journal:
    for number in range(25):
        journal.add(Path(sys.argv[2]), title=f"{sys.argv[3]} {number}", server="http://a", growing=False)
"""


@pytest.fixture
def journal(tmp_path: Path):
    with Journal(tmp_path / "journal.db") as journal:
        yield journal


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"video")
    return path


def test_a_row_comes_back_as_it_went_in(journal: Journal, tmp_path: Path) -> None:
    upload_id = journal.add(
        tmp_path / "new.mp4",
        title="T",
        server=SERVER + "/",
        growing=True,
        settings={"fps": 30},
        limit_bps=5.0,
    )
    row = journal.get(upload_id)
    assert (row.path, row.title, row.server) == (tmp_path / "new.mp4", "T", SERVER)
    assert (row.state, row.growing, row.settings, row.limit_bps) == (
        UploadState.QUEUED,
        True,
        {"fps": 30},
        5.0,
    )
    assert (row.wanted, row.told, row.wish) == (Wanted.RECORDING, Wanted.RECORDING, Wish.SEND)
    assert (row.offset, row.size, row.error, row.fingerprint) == (0, None, None, None)


def test_an_illegal_event_changes_nothing(journal: Journal, video: Path) -> None:
    upload_id = journal.add(video, title="T", server=SERVER, growing=False)
    before = journal.get(upload_id)
    with pytest.raises(IllegalTransitionError):
        journal.advance(upload_id, UploadEvent.VERIFIED, offset=5)
    assert journal.get(upload_id) == before


def test_live_recordings_come_first_and_the_newest_of_them_first(journal: Journal, video: Path) -> None:
    titles = [("old file", False), ("old live", True), ("new file", False), ("new live", True)]
    for title, growing in titles:
        journal.add(video, title=title, server=SERVER, growing=growing)
    assert [row.title for row in journal.pending()] == ["new live", "old live", "old file", "new file"]
    assert journal.all()[0].title == "new live"


def test_the_same_version_of_a_file_is_found_again(journal: Journal, video: Path) -> None:
    assert journal.find(video, SERVER) is None
    upload_id = journal.add(video, title="T", server=SERVER, growing=False)
    found = journal.find(video, SERVER + "/")
    assert found
    assert found.id == upload_id
    assert journal.find(video, "http://elsewhere") is None
    video.write_bytes(b"another video")
    assert journal.find(video, SERVER) is None


def test_a_cancelled_or_failed_upload_is_not_taken_up_again(journal: Journal, video: Path) -> None:
    first = journal.add(video, title="T", server=SERVER, growing=False)
    journal.cancel(first)
    second = journal.add(video, title="T", server=SERVER, growing=False)
    journal.advance(second, UploadEvent.REJECTED)
    assert journal.find(video, SERVER) is None


def test_the_writer_is_known_to_be_alive_until_it_finishes(journal: Journal, tmp_path: Path) -> None:
    upload_id = journal.add(tmp_path / "a.mp4", title="T", server=SERVER, growing=True)
    with Journal(journal.path) as other:
        assert other.has_writer(upload_id)
        journal.finish(upload_id)
        assert not other.has_writer(upload_id)
        row = other.get(upload_id)
    assert (row.growing, row.wanted) == (False, Wanted.STOPPED)


def test_a_writer_that_goes_away_is_noticed(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db") as gone:
        upload_id = gone.add(tmp_path / "a.mp4", title="T", server=SERVER, growing=True)
    with Journal(tmp_path / "journal.db") as journal:
        assert not journal.has_writer(upload_id)


def test_another_connections_writes_are_noticed_and_ones_own_are_not(journal: Journal, video: Path) -> None:
    assert journal.changed()
    assert not journal.changed()
    upload_id = journal.add(video, title="T", server=SERVER, growing=False)
    assert not journal.changed()
    with Journal(journal.path) as other:
        other.note(upload_id, offset=3)
    assert journal.changed()
    assert not journal.changed()


def test_a_failed_upload_can_have_another_try(journal: Journal, video: Path) -> None:
    upload_id = journal.add(video, title="T", server=SERVER, growing=False)
    journal.advance(upload_id, UploadEvent.REJECTED, error={"title": "no"}, done_at=1.0)
    assert journal.pending() == []
    journal.retry(upload_id)
    row = journal.get(upload_id)
    assert (row.state, row.error, row.done_at) == (UploadState.WAITING, None, None)


def test_a_sign_in_wakes_what_waits_for_that_server(journal: Journal, video: Path) -> None:
    for server in (SERVER, "http://elsewhere"):
        upload_id = journal.add(video, title=server, server=server, growing=False)
        journal.advance(upload_id, UploadEvent.START)
        journal.advance(upload_id, UploadEvent.LOST, attempt=9)
    journal.retry_now(SERVER)
    assert {row.server: row.attempt for row in journal.all()} == {SERVER: 0, "http://elsewhere": 9}


def test_unknown_uploads_and_columns_are_errors(journal: Journal) -> None:
    with pytest.raises(JournalError, match="no such upload"):
        journal.get("none")
    with pytest.raises(JournalError, match="no such upload"):
        journal.want("none", "paused")
    with pytest.raises(JournalError, match="nonsense"):
        journal.note("none", nonsense=1)


def test_two_processes_and_two_threads_write_to_a_new_journal_at_once(tmp_path: Path, video: Path) -> None:
    path = tmp_path / "new" / "journal.db"
    command = [sys.executable, "-c", INSERT, str(path), str(video)]
    children = [subprocess.Popen([*command, name]) for name in ("one", "two")]
    with Journal(path) as journal:

        def insert(name: str) -> None:
            for number in range(25):
                journal.add(video, title=f"{name} {number}", server=SERVER, growing=False)

        threads = [threading.Thread(target=insert, args=(name,)) for name in ("three", "four")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [child.wait(timeout=30) for child in children] == [0, 0]
        assert len({row.title for row in journal.all()}) == 100


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalError, match="Update Heddle"):
        Journal(path)


def test_what_is_no_journal_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(JournalError, match="cannot be read"):
        Journal(path)


class _Refusing:
    """A connection that SQLite lets do nothing."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.asked = 0

    def execute(self, _statement: str) -> None:
        self.asked += 1
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = self.code
        raise error


def test_a_list_that_cannot_be_opened_is_told_at_once() -> None:
    connection = _Refusing(sqlite3.SQLITE_READONLY_DIRECTORY)
    with pytest.raises(sqlite3.OperationalError):
        uploader_journal._set_wal(connection)  # type: ignore[arg-type] # all it needs of a connection
    assert connection.asked == 1

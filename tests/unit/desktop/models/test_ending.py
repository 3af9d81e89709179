"""What is said at the end of a take."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from desktop.models.ending import ending
from desktop.models.recent import Recent, newest, read
from desktop.models.session import PLAN_FULL, Phase, Problem, Session, UploadView
from desktop.models.words import progress_line
from uploader.journal import Journal
from uploader.model import Upload


def test_a_link_is_opened_by_the_notification() -> None:
    end = ending(Session(Phase.FINISHED, path="/a.mp4", upload=UploadView(share_url="http://h/s/1")))
    assert end is not None
    assert end.link == "http://h/s/1"
    assert end.problem.severity == "info"


def test_without_a_server_the_file_is_named() -> None:
    end = ending(Session(Phase.FINISHED, path="/a.mp4", time_s=61))
    assert end is not None
    assert "/a.mp4" in end.problem.detail
    assert not end.link


def test_what_the_plan_has_no_room_for_is_said_to_be_here_and_to_wait() -> None:
    why = Problem("The plan has no room for it now", "300 minutes are used. Wait.", code=PLAN_FULL)
    waiting = UploadView("waiting", problem=why)
    end = ending(Session(Phase.FINISHED, path="/a.mp4", time_s=61, upload=waiting))
    assert end is not None
    assert (end.problem.severity, end.problem.code, end.path) == ("warning", PLAN_FULL, "/a.mp4")
    assert "stays on this computer" in end.problem.title
    assert "1:01, in /a.mp4. 300 minutes are used." in end.problem.detail
    running = Session(Phase.RECORDING, upload=waiting)
    assert "stays on this computer: the plan is used up" in progress_line(running)


def test_what_broke_off_says_what_is_safe_where() -> None:
    broken = Problem("The screen went away", "It was unplugged.", "Plug it in.")
    end = ending(Session(Phase.FINISHED, path="/a.mp4", time_s=61, error=broken))
    assert end is not None
    assert end.problem.title == broken.title
    assert "/a.mp4" in end.problem.detail
    assert "1:01" in end.problem.detail


def test_a_failure_says_why() -> None:
    why = Problem("There is no screen", "none", "plug one in")
    end = ending(Session(Phase.FAILED, error=why))
    assert end is not None
    assert end.problem == why


def test_a_count_that_was_called_off_is_no_news() -> None:
    assert ending(Session(Phase.CANCELLED)) is None
    assert ending(Session(Phase.CANCELLED, size=9)) is not None
    assert ending(Session(Phase.READY)) is None


def test_the_last_recordings_are_those_with_a_link() -> None:
    rows = [
        _upload(str(n), None if n == 1 else f"http://h/{n}", "cancel" if n == 2 else "send") for n in range(9)
    ]
    assert [one.title for one in newest(rows)] == ["0", "3", "4", "5", "6"]
    assert newest(rows)[0] == Recent("0", "http://h/0")


def test_without_a_journal_there_are_none(tmp_path: Path) -> None:
    assert read(tmp_path / "journal.db") == ()
    assert not (tmp_path / "journal.db").exists()
    with Journal(tmp_path / "journal.db"):
        assert read(tmp_path / "journal.db") == ()


def _upload(title: str, link: str | None, wish: str) -> Upload:
    return cast("Any", SimpleNamespace(title=title, share_url=link, wish=wish))

"""One item from what file, journal and server know."""

from pathlib import Path
from typing import Any

import pytest

from desktop.models.library.commands import Command, offered
from desktop.models.library.edits import Edit
from desktop.models.library.items import Remote, Sending, Standing, Step, Take
from desktop.models.library.merge import chosen, merge, percent_of
from desktop.models.library.wording import standing_words
from desktop.models.session import PLAN_FULL, Problem, problem
from media.manifest import TakeState
from uploader.states import UploadState as U

FILE = Path("/takes/a.mp4")
REFUSED = Problem("The server refuses this upload", "Too large.")


def take(**given: Any) -> Take:
    return Take(**{"path": FILE, "title": "Weekly", "state": TakeState.FINISHED, "created_at": 5.0, **given})


def sending(state: U = U.DONE, **given: Any) -> Sending:
    usual = {"id": "u", "path": FILE, "title": "Weekly", "server": "http://s", "created_at": 5.0}
    return Sending(**{**usual, "state": state, "recording_id": "R", **given})


def remote(status: str = "completed", **given: Any) -> Remote:
    return Remote(**{"id": "R", "status": status, "fields": {"title": "Weekly"}, **given})


CASES: list[tuple[str, Take | None, Sending | None, Remote | None, Standing, int | None]] = [
    ("a file alone", take(), None, None, Standing.LOCAL, None),
    (
        "its recorder writes",
        take(state=TakeState.RECORDING, alive=True),
        sending(U.SENDING),
        None,
        Standing.RECORDING,
        None,
    ),
    (
        "bytes on their way",
        take(),
        sending(U.SENDING, size=200, offset=84),
        remote("recording"),
        Standing.UPLOADING,
        42,
    ),
    ("their number unknown", take(), sending(U.SENDING, offset=84), None, Standing.UPLOADING, None),
    ("the server is away", take(), sending(U.WAITING, size=4, offset=1), None, Standing.WAITING, 25),
    ("a person holds it", take(), sending(U.PAUSED, size=4, offset=2), None, Standing.HELD, 50),
    ("refused", take(), sending(U.FAILED, problem=REFUSED), remote("recording"), Standing.FAILED, None),
    (
        "the server works",
        take(),
        sending(),
        remote("processing", steps=(Step("poster", "completed"), Step("rendition", "processing", 26.0))),
        Standing.PROCESSING,
        63,
    ),
    ("all is there", take(), sending(), remote(), Standing.READY, None),
    ("the server was not asked yet", take(), sending(), None, Standing.READY, None),
    ("of no use", None, None, remote("failed", error="No picture."), Standing.FAILED, None),
    ("recorded elsewhere", None, None, remote("recording"), Standing.RECORDING, None),
]


@pytest.mark.parametrize(
    ("take_", "sending_", "remote_", "standing", "percent"),
    [one[1:] for one in CASES],
    ids=[one[0] for one in CASES],
)
def test_the_standing(
    take_: Take | None,
    sending_: Sending | None,
    remote_: Remote | None,
    standing: Standing,
    percent: int | None,
) -> None:
    item = merge(take_, sending_, remote_)
    assert item is not None
    assert (item.standing, item.percent) == (standing, percent)


def test_a_failure_says_why() -> None:
    item = merge(take(), sending(U.FAILED, problem=REFUSED), None)
    assert item is not None
    assert item.problem == REFUSED


def test_what_waits_for_room_in_the_plan_says_so_and_can_be_tried_again() -> None:
    told = {"title": "The plan has no room for it now", "detail": "Wait.", "hint": "", "code": PLAN_FULL}
    item = merge(take(), sending(U.WAITING, size=4, problem=problem(told)), None)
    assert item is not None
    assert item.standing is Standing.WAITING
    assert standing_words(item) == "On this computer: The plan has no room for it now"
    assert Command.RETRY in offered([item])


def test_a_failed_step_leaves_the_video_ready_and_is_told() -> None:
    item = merge(None, None, remote(steps=(Step("preview", "failed", error="No memory."),)))
    assert item is not None
    assert (item.standing, item.failed_steps) == (Standing.READY, ("preview",))
    assert item.problem is not None
    assert "No memory." in item.problem.detail


def test_what_was_removed_from_the_server_is_still_here() -> None:
    item = merge(take(), sending(), None, gone=True)
    assert item is not None
    assert (item.standing, item.recording_id, item.share_url) == (Standing.LOCAL, None, None)
    assert merge(None, sending(), None, gone=True) is None


def test_the_trash_is_what_was_wanted_last() -> None:
    binned = remote(trashed_at=9.0)
    edit = Edit({"trashed": False}, {"trashed": True}, 10.0)
    for given, expected in (((None, None, binned), 9.0), ((None, None, binned, edit), None)):
        item = merge(*given)
        assert item is not None
        assert item.trashed_at == expected


def test_the_newest_upload_of_a_file_counts_unless_it_was_cancelled() -> None:
    first, second = sending(id="1", created_at=1.0), sending(id="2", created_at=2.0)
    assert chosen([second, first]) == second
    assert chosen([first, sending(id="2", created_at=2.0, cancelled=True)]) == first
    assert chosen([]) is None


def test_steps_that_failed_are_not_waited_for() -> None:
    assert percent_of([]) is None
    assert percent_of([Step("a", "completed"), Step("b", "failed")]) == 100


def test_progress_does_not_go_back_when_more_becomes_known() -> None:
    looked, poster = Step("probe", "completed"), Step("first-poster", "completed")
    versions = [Step(f"version {number}", "queued") for number in range(7)]
    story = [
        [Step("probe", "processing", 50.0)],
        [looked, poster],
        [looked, poster, Step("normalise", "processing", 50.0), Step("poster", "queued")],
        [looked, poster, Step("normalise", "processing", 99.0), Step("poster", "completed")],
        [looked, poster, Step("normalise", "completed"), Step("poster", "completed"), *versions],
        [looked, poster, *(Step(one.name, "completed") for one in versions)],
    ]
    assert list(map(percent_of, story)) == [0, 0, 5, 22, 22, 100]

from pathlib import Path

import pytest

from desktop.models import firstrun
from desktop.models.firstrun import Progress, Step


def test_it_goes_from_step_to_step_and_ends() -> None:
    seen, progress = [], Progress()
    while not progress.done:
        seen.append(progress.step)
        progress = progress.next()
    assert seen == list(Step)
    assert progress.back().step is Step.PERMISSIONS
    assert Progress().back().step is Step.PLACE


def test_it_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert firstrun.load(home) == Progress()
    firstrun.save(home, Progress().next())
    assert firstrun.load(home) == Progress(Step.PERMISSIONS, begun=True)


@pytest.mark.parametrize("text", ["", "[]", '{"step": "other", "done": false}', '{"step": "place"}'])
def test_what_cannot_be_read_is_the_beginning(tmp_path: Path, text: str) -> None:
    (tmp_path / firstrun.FILE).write_text(text)
    assert firstrun.load(tmp_path) == Progress()


@pytest.mark.parametrize(
    ("progress", "server", "opens"),
    [
        (Progress(), None, True),
        (Progress(), "https://h.example", False),  # somebody used the command line
        (Progress(Step.DEVICES, begun=True), "https://h.example", True),
        (Progress(Step.DEVICES, begun=True, done=True), None, False),
    ],
)
def test_it_opens_by_itself_until_it_is_done(progress: Progress, server: str | None, opens: bool) -> None:
    assert progress.opens(server) is opens

"""The settings while the app runs."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from desktop import settings
from desktop.errors import UsageError
from desktop.live_settings import LiveSettings


@pytest.fixture
def live(qapp: Any) -> LiveSettings:
    return LiveSettings()


def test_a_change_is_told_once_and_written(live: LiveSettings, qapp: Any) -> None:
    heard: list[tuple[int, int]] = []
    live.changed.connect(lambda now, before: heard.append((now.fps, before.fps)))
    live.change(fps=60)
    qapp.processEvents()  # the watcher has its turn, and nothing to add
    assert heard == [(60, 30)]
    assert settings.load().fps == live.value.fps == 60


def test_what_another_program_changes_is_noticed(live: LiveSettings, qtbot: Any) -> None:
    followed: list[str] = []
    live.follow(lambda now: followed.append(now.theme))
    with qtbot.waitSignal(live.changed, timeout=5000):
        settings.change({"theme": "dark"})
    assert followed == ["system", "dark"]


def test_a_value_that_makes_no_sense_is_refused(live: LiveSettings) -> None:
    with pytest.raises(UsageError):
        live.change(fps=0)
    assert live.value.fps == 30


def test_a_file_that_breaks_meanwhile_changes_nothing_and_is_told(
    live: LiveSettings, qtbot: Any, heddle_home: Path
) -> None:
    live.change(fps=60)
    with qtbot.waitSignal(live.broken, timeout=5000) as told:
        (heddle_home / "new").write_text("fps = ")
        (heddle_home / "new").replace(heddle_home / "config.toml")
    assert told.args[0].hint
    assert live.value.fps == 60


def test_a_broken_file_at_the_start_leaves_the_defaults(qapp: Any, heddle_home: Path) -> None:
    (heddle_home / "config.toml").write_text("fps = ")
    live = LiveSettings()
    assert live.problem is not None
    assert live.value.fps == 30

"""The short film of a test recording plays where it was made."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtMultimediaWidgets")

from desktop.views.film import Film
from tests.support import films


def test_a_film_plays_to_its_end_and_is_let_go_of(qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "test.mp4"
    path.write_bytes(films.growing(1.0))
    film = Film()
    qtbot.addWidget(film)
    film.show()
    with qtbot.waitSignal(film.ended, timeout=30_000):
        film.play(path)
    film.close_file()
    path.unlink()


def test_what_does_not_play_says_so(qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "test.mp4"
    path.write_text("no film")
    film = Film()
    qtbot.addWidget(film)
    with qtbot.waitSignal(film.failed, timeout=30_000) as told:
        film.play(path)
    assert told.args[0]
    film.close_file()

"""Notes are kept, and a broken file costs nothing but itself."""

from pathlib import Path

import pytest

from desktop.models.notes import MOST, SIZES, SPEEDS, Notes, NotesFile


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    file = NotesFile(tmp_path / "new" / "notes.json")
    notes = Notes("Grüße\n“quoted”", size=24, speed=60)
    file.save(notes)
    assert file.load() == notes
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["notes.json"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"text": 3, "size": "x", "speed": null}', "\xff"])
def test_a_file_that_makes_no_sense_is_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "notes.json").write_text(content, encoding="latin-1")
    assert NotesFile(tmp_path / "notes.json").load() == Notes()


def test_values_stay_within_their_limits(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text('{"text": "a", "size": 9999, "speed": -1}')
    assert NotesFile(tmp_path / "notes.json").load() == Notes("a", SIZES[1], SPEEDS[0])
    assert len(Notes().with_text("x" * (MOST + 1)).text) == MOST
    assert Notes().larger(100).size == SIZES[1]
    assert Notes().larger(-100).size == SIZES[0]
    assert Notes(size=10).larger(1).size == 11


def test_speed_is_in_lines() -> None:
    assert Notes(speed=30).points_a_second(20.0) == 10

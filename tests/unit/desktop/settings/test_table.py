"""The table of settings says enough for page, command line and documentation."""

from pathlib import Path

import pytest

from desktop.models.actions import Action
from desktop.models.hotkeys import SETTING
from desktop.settings import TABLE
from desktop.settings.setting import Kind, Page, Setting


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_every_row_has_its_words(row: Setting) -> None:
    assert row.title
    assert row.about.endswith(".")
    assert row.default is not None or row.otherwise, "what does it mean when nothing is said?"
    assert row.accept(row.default) == row.default
    if row.choices:
        assert row.default is None or row.default in row.choices


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_every_value_can_be_said_as_text(row: Setting) -> None:
    assert row.parse(row.shown(row.default)) == row.default


def test_titles_are_told_apart() -> None:
    places = [(row.page, row.title) for row in TABLE.values()]
    assert len(set(places)) == len(places)
    assert all(page.words for page in Page)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("notifications", "Yes", True),
        ("self_test", "0", False),
        ("fps", " 60 ", 60),
        ("recordings", "~/films", Path.home() / "films"),
        ("server", "https://h.example/", "https://h.example"),
        ("language", "de_AT.UTF-8", "de"),
        ("language", "EN-gb", "en"),
        ("updates_key", "A" * 43 + "=", "A" * 43 + "="),
        ("upload_limit", "1.5 MB/s", "1.5 MB/s"),
        ("camera", "", None),
        ("hotkey_record", "shift+ctrl+k", "Ctrl+Shift+K"),
        ("hotkey_record", "none", "none"),
        ("hotkey_record", "", "Ctrl+Shift+L"),
    ],
)
def test_words_become_values(name: str, text: str, value: object) -> None:
    assert TABLE[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notifications", "perhaps"), ("fps", "1.5"), ("theme", "pink"), ("speech_language", "german"),
        ("server", "http://"), ("server", "https://a host"), ("models_url", "hub"), ("updates_url", "http://h:x"),
        ("language", "xx"), ("language", "deutsch"), ("updates_key", "key"), ("updates_key", "A" * 44),
    ],
)  # fmt: skip
def test_what_is_no_value_is_said_in_words(name: str, text: str) -> None:
    with pytest.raises(ValueError, match="It "):
        TABLE[name].parse(text)


def test_a_folder_is_the_one_that_was_meant_wherever_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert TABLE["recordings"].parse("films") == tmp_path / "films"


def test_every_action_has_a_row_for_its_keys() -> None:
    rows = {SETTING.format(action) for action in Action}
    assert rows == {name for name, row in TABLE.items() if row.kind is Kind.HOTKEY}


def test_keys_that_everybody_needs_are_refused() -> None:
    with pytest.raises(ValueError, match="Every program needs"):
        TABLE["hotkey_record"].parse("Ctrl+C")


def test_kinds_follow_from_the_types_of_the_fields() -> None:
    kinds = {name: TABLE[name].kind for name in ("fps", "self_test", "camera", "models", "theme")}
    assert list(kinds.values()) == [Kind.NUMBER, Kind.SWITCH, Kind.NAME, Kind.FOLDER, Kind.CHOICE]

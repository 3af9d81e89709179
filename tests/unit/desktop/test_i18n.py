"""Words for people can be gathered and translated."""

import string
from pathlib import Path

import pytest

from desktop import i18n


def test_every_text_is_a_literal_so_that_a_catalogue_can_be_gathered() -> None:
    loose = [f"{path.name}:{line}" for path, line, text in i18n.source_messages() if text is None]
    assert loose == []


def test_places_are_named_so_that_a_translator_can_move_them() -> None:
    texts = [text for _, _, text in i18n.source_messages() if text]
    assert len(texts) > 20
    for text in texts:
        assert all(name != "" for _, name, _, _ in string.Formatter().parse(text) if name is not None), text


def test_a_catalogue_replaces_the_english_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx.json").write_text('{"{count} dropped": "{count} gefallen"}')
    monkeypatch.setattr(i18n, "_MESSAGES", tmp_path)
    monkeypatch.setenv("HEDDLE_LANGUAGE", "xx_YY")
    i18n._catalogue.cache_clear()
    assert i18n.tr("{count} dropped", count=3) == "3 gefallen"
    assert i18n.tr("not in there") == "not in there"
    i18n._catalogue.cache_clear()

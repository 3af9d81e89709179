"""Words for people can be gathered and translated."""

import json
import re
import string
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from desktop import i18n
from desktop.platform.qt_words import speak

TRANSLATIONS = sorted(set(i18n.LANGUAGES) - {"en"})
MNEMONIC = re.compile(r"&(?=\S)")


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


def test_every_language_on_offer_has_a_catalogue_and_the_other_way_round() -> None:
    assert sorted(path.stem for path in i18n._MESSAGES.glob("??.json")) == TRANSLATIONS
    assert sorted(path.stem for path in i18n._MESSAGES.glob("*.engine.json")) == [
        f"{language}.engine" for language in TRANSLATIONS
    ]


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_language_is_complete(language: str) -> None:
    texts, translated = _both(language)
    assert sorted(texts - set(translated)) == [], (
        "say these too: `python -m desktop.i18n` has all English texts"
    )
    assert sorted(set(translated) - texts) == [], "nobody says these any more"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_keeps_places_and_keys(language: str) -> None:
    _, translated = _both(language)
    for text, other in translated.items():
        assert other.strip(), text
        assert _places(other) == _places(text), text
        assert len(MNEMONIC.findall(other)) == len(MNEMONIC.findall(text)), text


def test_qt_says_its_own_words_in_the_same_language(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = QLocale()
    monkeypatch.setenv("HEDDLE_LANGUAGE", "de")
    try:
        assert speak(qapp)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(buttons)
        assert buttons.buttons()[0].text().replace("&", "") == "Abbrechen"
        assert QLocale().language() == QLocale.Language.German
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
            translator.deleteLater()
        QLocale.setDefault(before)


def _both(language: str) -> tuple[set[str], dict[str, str]]:
    path = i18n._MESSAGES / f"{language}.json"
    return {text for _, _, text in i18n.source_messages() if text}, json.loads(
        path.read_text(encoding="utf-8")
    )


def _places(text: str) -> list[tuple[str, str | None, str | None]]:
    return sorted(
        (name, how, form) for _, name, form, how in string.Formatter().parse(text) if name is not None
    )

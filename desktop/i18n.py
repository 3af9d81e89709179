"""Words for people. English is the source text and the key; a catalogue per language may replace it.

`python -m desktop.i18n` prints the English catalogue: what a translator fills in and saves as
`desktop/resources/messages/<language>.json`.
"""

import ast
import ctypes
import json
import locale
import os
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from uploader.paths import config_path

_HERE = Path(__file__).parent
_MESSAGES = _HERE / "resources" / "messages"
# Their names in themselves; each but English has a catalogue.
LANGUAGES = {"de": "Deutsch", "en": "English"}


def tr(text: str, **values: object) -> str:
    """`text` in the user's language, with `{name}` places filled from `values`.

    `text` must be a literal: the catalogue is gathered from the source.
    """
    translated = _catalogue(language()).get(text, text)
    return translated.format(**values) if values else translated


def language() -> str:
    """Two letters: HEDDLE_LANGUAGE, else the setting, else what the system is set to."""
    names = ("HEDDLE_LANGUAGE", "HEDDLE_CONFIG", "HEDDLE_HOME")
    return _language_for(*(os.environ.get(name) for name in names))


@cache  # an app asks a thousand times
def _language_for(wanted: str | None, *_places: str | None) -> str:
    return (wanted or _chosen(config_path()) or _system() or "en")[:2].lower()


def _system() -> str | None:
    """Such as de_DE; Windows has numbers for its languages, and Python's `locale` names them otherwise."""
    if sys.platform == "win32":
        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    return locale.getlocale()[0]


@cache
def _chosen(path: Path) -> str | None:
    """The setting `language`, read without the table of settings, whose words are in that language already. A
    file that cannot be read is told of by whoever needs more of it."""
    try:
        chosen = tomllib.loads(path.read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return None
    return chosen if isinstance(chosen, str) else None


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = _MESSAGES / f"{language}.json"
    if not path.is_file():
        return {}
    messages: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return messages


def source_messages(folder: Path = _HERE) -> Iterator[tuple[Path, int, str | None]]:
    """Every `tr()` call below `folder`: file, line, and its text (None when it is no literal)."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                first = node.args[0] if node.args else None
                literal = first.value if isinstance(first, ast.Constant) else None
                yield path, node.lineno, literal if isinstance(literal, str) else None


if __name__ == "__main__":
    catalogue = {text: text for _, _, text in source_messages() if text}
    sys.stdout.write(json.dumps(catalogue, indent=2, ensure_ascii=False, sort_keys=True) + "\n")

"""Schemas by the names that programs know: `Recording` for `RecordingOut`, whatever module it is of."""

import json
import re
from typing import Any

# FastAPI's name for a class whose name another module has too: its module, dots as two underscores.
_QUALIFIED = re.compile(r"server__(?:\w+__)?(\w+?)__[a-z]+__(\w+)")
_REFERENCE = "#/components/schemas/"


def shorten(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    renamed = _names(sorted(schemas))
    text = json.dumps(document)
    for old, new in renamed.items():
        text = text.replace(f'"{_REFERENCE}{old}"', f'"{_REFERENCE}{new}"')
    document.update(json.loads(text))
    found = document["components"]["schemas"]
    document["components"]["schemas"] = {renamed[name]: found[name] for name in sorted(found)}


def _names(old: list[str]) -> dict[str, str]:
    """A name that two would have stays as long as it is."""
    plain = {name: _plain(name) for name in old}
    short = {name: one.removesuffix("Out") for name, one in plain.items()}
    taken = list(short.values())
    return {name: short[name] if taken.count(short[name]) == 1 else plain[name] for name in old}


def _plain(name: str) -> str:
    match = _QUALIFIED.fullmatch(name)
    return f"{match[1].capitalize()}{match[2]}" if match else name.replace("-", "").lstrip("_")

"""`heddle settings`: what the settings page shows, for the command line and for scripts."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from desktop import settings as store
from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.settings.setting import Setting, Value
from desktop.settings.store import known
from uploader.paths import config_path


class Act(StrEnum):
    LIST = "list"
    GET = "get"
    SET = "set"
    UNSET = "unset"
    PATH = "path"


def settings(
    act: Annotated[Act, typer.Argument(help=tr("What to do."))] = Act.LIST,
    name: Annotated[str, typer.Argument(metavar="NAME", help=tr("Which setting."))] = "",
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help=tr("What it shall be."))] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> None:
    """Lists, reads and changes settings. A running app takes a change at once."""
    if act is Act.PATH:
        _print(str(config_path()), {"path": str(config_path())}, as_json=as_json)
    elif act is Act.LIST:
        _list(as_json=as_json)
    else:
        _one(act, known(name) if name else _which(), value, as_json=as_json)


def _one(act: Act, row: Setting, value: str | None, *, as_json: bool) -> None:
    if act is Act.GET:
        now: Value = getattr(store.load(), row.name)
        _print(row.shown(now), _told(row, now), as_json=as_json)
    elif act is Act.UNSET:
        store.change({row.name: row.default})
    elif value is None:
        raise UsageError(tr("{name} shall be what?", name=row.name), row.about)
    else:
        store.change({row.name: _parsed(row, value)})
    if act is not Act.GET and (variable := store.overridden(row.name)):
        sys.stderr.write(tr("{variable} is set in this shell and is used instead.", variable=variable) + "\n")


def _which() -> Setting:
    raise UsageError(tr("Which setting?"), hint=tr("`heddle settings` lists them all."))


def _parsed(row: Setting, text: str) -> Value:
    try:
        return row.parse(text)
    except ValueError as error:
        raise UsageError(
            tr("{name} cannot be {value}", name=row.name, value=repr(text)), str(error)
        ) from None


def _list(*, as_json: bool) -> None:
    now = store.load()
    width = max(len(name) for name in store.TABLE)
    for row in store.TABLE.values():
        value: Value = getattr(now, row.name)
        # What is not the default stands out, as in the page.
        mark = "*" if value != row.default else " "
        words = row.shown(value) or f"({row.otherwise})"
        _print(f"{mark} {row.name:{width}}  {words}", _told(row, value), as_json=as_json)


def _told(row: Setting, value: Value) -> dict[str, object]:
    return {
        "name": row.name,
        "value": str(value) if isinstance(value, Path) else value,
        "default": str(row.default) if isinstance(row.default, Path) else row.default,
        "page": row.page.value,
        "title": row.title,
        "about": row.about,
        "overriddenBy": store.overridden(row.name),
    }


def _print(words: str, values: dict[str, object], *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(values, ensure_ascii=False) if as_json else words) + "\n")

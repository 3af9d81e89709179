"""`heddle storage`: what recordings take on this disk, and making room of those that the server has."""

import asyncio
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from capture import aside
from capture.errors import CaptureError
from desktop import settings
from desktop.errors import HeddleError, UsageError
from desktop.i18n import tr
from desktop.library.storage import Use, clean, confirmed, in_trash, removable, usage
from desktop.models.words import size
from uploader.journal import Journal


class Act(StrEnum):
    LIST = "list"
    CLEAN = "clean"
    TRASH = "trash"


def storage(
    act: Annotated[Act, typer.Argument(help=tr("What to do."))] = Act.LIST,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=tr("Which recording to put in the trash."))
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON lines."))] = False,
) -> None:
    """Lists what recordings take here, or makes room. What is put in the trash can come back for a week."""
    folder = settings.recordings_folder(settings.load()).expanduser().absolute()
    with Journal() as journal:
        uses = usage(folder, journal)
    if act is Act.TRASH:
        _trash(folder, name, as_json=as_json)
    elif act is Act.CLEAN:
        _clean(removable(uses), as_json=as_json)
    else:
        _list(uses, folder, as_json=as_json)


def _list(uses: list[Use], folder: Path, *, as_json: bool) -> None:
    sure = {use.path for use in removable(uses)}
    for use in uses:
        where = tr("on the server") if use.upload else tr("only here")
        told = use.as_json() | {"removable": use.path in sure}
        _print(told, f"{size(use.bytes):>10}  {where:14}  {use.path.name}", as_json=as_json)
    total, trash = sum(use.bytes for use in uses), in_trash(folder)
    words = tr(
        "Recordings: {count}, {total}; in the trash: {trash}",
        total=size(total), count=len(uses), trash=size(trash),
    )  # fmt: skip
    _print({"totalBytes": total, "trashBytes": trash, "count": len(uses)}, words, as_json=as_json)


def _clean(uses: list[Use], *, as_json: bool) -> None:
    """Each with a loop of its own: a file of gigabytes is hashed between two questions."""
    sizes = {use.path.name: use.bytes for use in uses}
    moved = clean(uses, (asyncio.run(confirmed(use)) for use in uses))
    for path in moved:
        _print({"trashed": path.name}, path.name, as_json=as_json)
    freed = sum(sizes.get(path.name, 0) for path in moved)
    words = tr(
        "{size} of {count} recordings are in the trash, from which `heddle recover --bring NAME` brings them"
        " back for seven days. Left where they are, because their server did not confirm them: {left}.",
        size=size(freed), count=len(moved), left=len(uses) - len(moved),
    )  # fmt: skip
    _print({"freedBytes": freed, "count": len(moved), "left": len(uses) - len(moved)}, words, as_json=as_json)


def _trash(folder: Path, name: str, *, as_json: bool) -> None:
    if not name or Path(name).name != name:
        raise UsageError(tr("Which recording?"), hint=tr("`heddle storage` lists their names."))
    try:
        path = aside.throw_away(folder / name)
    except CaptureError as error:
        raise HeddleError(error.title, error.detail, error.hint) from error
    _print(
        {"trashed": path.name}, tr("It is kept for seven days: heddle recover --bring NAME"), as_json=as_json
    )


def _print(values: dict[str, object], words: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(values, ensure_ascii=False) if as_json else words) + "\n")

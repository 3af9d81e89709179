"""`heddle recover`: what a crash left, and what was cancelled and is wanted after all."""

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from capture import aside
from capture.errors import CaptureError
from capture.recovery import recover as recover_takes
from capture.stems import stem_paths
from desktop import settings
from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.library.sending import queue
from desktop.models.words import duration, size
from media.manifest import Manifest

_DAY_S = 86_400


def recover(
    folder: Annotated[
        Path | None, typer.Argument(help=tr("Where to look; the recordings folder if not given."))
    ] = None,
    *,
    cancelled: Annotated[
        bool, typer.Option("--cancelled", help=tr("List the cancelled recordings that are kept."))
    ] = False,
    bring: Annotated[str, typer.Option(metavar="NAME", help=tr("Bring this cancelled recording back."))] = "",
    no_upload: Annotated[bool, typer.Option("--no-upload", help=tr("Send nothing."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON lines."))] = False,
) -> None:
    """Marks recordings whose recorder is gone, shows them, and sends those that are on no server yet."""
    config = settings.load()
    where = (folder or settings.recordings_folder(config)).expanduser().absolute()
    if not where.is_dir():
        raise HeddleError(tr("There is no such folder"), str(where))
    server = None if no_upload else config.server
    if bring:
        _bring_back(where, bring, server, as_json=as_json)
    elif cancelled:
        _list_cancelled(where, as_json=as_json)
    else:
        _recover(where, server, as_json=as_json)


def _recover(folder: Path, server: str | None, *, as_json: bool) -> None:
    found = recover_takes(folder)
    for one in found:
        path = folder / one.file
        sent = bool(server and one.fragments) and queue(path, one.title, str(server))
        told = _described(path, one) | {"queued": sent}
        _print(told, _recovered_line(path, one, sent=sent), as_json=as_json)
    if not found and not as_json:
        sys.stdout.write(tr("Nothing was left unfinished in {folder}.", folder=folder) + "\n")


def _recovered_line(path: Path, one: Manifest, *, sent: bool) -> str:
    if not one.fragments:
        return tr("{path}: nothing was recorded yet", path=path)
    facts = tr(
        "{path}: {time}, {size}, plays",
        path=path,
        time=duration(one.duration_s),
        size=size(one.bytes_committed),
    )
    if sounds := [sound.name for sound in stem_paths(path).values()]:
        facts = f"{facts}; {tr('beside it {names}', names=', '.join(sounds))}"
    return f"{facts}; {tr('it is being sent')}" if sent else facts


def _list_cancelled(folder: Path, *, as_json: bool) -> None:
    kept = aside.kept(folder)
    for one in kept:
        days = max(0.0, one.left_s / _DAY_S)
        words = tr(
            "{name}: {time}, {size}, kept for {days} days yet",
            name=one.path.name,
            time=duration(one.manifest.duration_s),
            size=size(one.manifest.bytes_committed),
            days=f"{days:.1f}",
        )
        until = {"keptUntil": round(time.time() + one.left_s)}
        _print(_described(one.path, one.manifest) | until, words, as_json=as_json)
    if as_json:
        return
    if kept:
        sys.stdout.write(tr("To have one back: heddle recover --bring NAME") + "\n")
    else:
        sys.stdout.write(tr("No cancelled recording is kept in {folder}.", folder=folder) + "\n")


def _bring_back(folder: Path, name: str, server: str | None, *, as_json: bool) -> None:
    kept = {one.path.name: one for one in aside.kept(folder)}
    one = kept.get(name) or kept.get(f"{name}.mp4")
    if one is None:
        known = ", ".join(kept) or tr("none is kept")
        raise HeddleError(tr("There is no cancelled recording {name}", name=name), known)
    try:
        path = aside.bring_back(one.path)
    except CaptureError as error:
        raise HeddleError(error.title, error.detail, error.hint) from error
    sent = bool(server) and queue(path, one.manifest.title, str(server))
    _print(_described(path, one.manifest) | {"queued": sent}, str(path), as_json=as_json)


def _described(path: Path, one: Manifest) -> dict[str, Any]:
    return {
        "path": str(path),
        "id": one.id,
        "title": one.title,
        "durationS": one.duration_s,
        "bytes": one.bytes_committed,
        "fragments": one.fragments,
        "createdAt": one.created_at,
        "soundFiles": [str(sound) for sound in stem_paths(path).values()],
    }


def _print(values: dict[str, Any], words: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(values, ensure_ascii=False) if as_json else words) + "\n")

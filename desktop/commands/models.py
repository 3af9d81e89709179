"""`heddle models`: the speech models on this machine, and those that can be fetched."""

import json
import os
import sys
import threading
import time
from enum import StrEnum
from typing import Annotated

import typer

from desktop import settings
from desktop.errors import ExitCode, HeddleError
from desktop.i18n import tr
from desktop.models.words import size
from desktop.terminal.bar import Bar
from media.errors import MediaError
from media.transcribe.catalogue import catalogue
from media.transcribe.download import download
from media.transcribe.listing import HUB
from media.transcribe.store import ModelStore

_REDRAW_S = 0.2


class Action(StrEnum):
    LIST = "list"
    DOWNLOAD = "download"
    REMOVE = "remove"


def models(
    action: Annotated[Action, typer.Argument(help=tr("What to do."))] = Action.LIST,
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help=tr("Its name, or the address of a folder with one."))
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Tell a download's progress as JSON."))] = False,
) -> None:
    """Lists models, or downloads or removes one. A download that breaks off goes on when it is run again."""
    config = settings.load()
    store = ModelStore(settings.models_folder(config))
    if action is Action.LIST:
        _list(store, config.speech_model or catalogue().default)
        return
    if not model:
        raise HeddleError(tr("Which model?"), hint=tr("`heddle models` lists them."))
    try:
        if action is Action.REMOVE:
            freed = store.remove(model)
            sys.stdout.write(tr("{size} are free again.", size=size(freed)) + "\n")
        elif as_json:
            _tell_download(store, model, config.models_url or HUB)
        else:
            _download(store, model, config.models_url or HUB)
    except MediaError as error:
        raise HeddleError(error.title, error.detail, error.hint) from error
    except KeyboardInterrupt:
        sys.stderr.write("\n" + tr("Stopped; run it again and it goes on from there.") + "\n")
        raise typer.Exit(ExitCode.CTRL_C) from None


def _list(store: ModelStore, chosen: str) -> None:
    here = {model.name: model for model in store.installed()}
    for model in catalogue().models:
        mark = "*" if model.name == chosen else " "
        state = tr("here") if model.name in here else ""
        what = tr("English only") if model.english else tr("all languages")
        if model.translates:
            what = tr("all languages, translates")
        sys.stdout.write(f"{mark} {model.name:<16} {model.size_mb:>5} MB  {state:<5} {what}\n")
    known = {model.name for model in catalogue().models}
    for name, model_here in here.items():
        if name not in known:
            sys.stdout.write(f"  {name}  {size(model_here.size)}  {tr('here')}\n")
    sys.stdout.write(tr("They lie in {folder}.", folder=store.folder) + "\n")


def _download(store: ModelStore, model: str, hub: str) -> None:
    bar = Bar()
    drawn = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - drawn >= _REDRAW_S:
            drawn = now
            bar.show(done / total if total else None, f"{model}  {size(done)}")

    bar.show(None, tr("Asking for {model}", model=model))
    folder = download(model, store, progress=progress, hub=hub)
    bar.clear()
    sys.stdout.write(f"{folder}\n")


def _tell_download(store: ModelStore, model: str, hub: str) -> None:
    """For a program, which ends it by closing standard input: `progress` events, then `done` or `failed`."""
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _REDRAW_S or done == total:
            told = now
            _say(event="progress", done=done, total=total)

    try:
        folder = download(model, store, progress=progress, hub=hub)
    except MediaError as error:
        _say(event="failed", title=error.title, detail=error.detail, hint=error.hint)
        raise typer.Exit(ExitCode.FAILED) from None
    _say(event="done", folder=str(folder))


def _say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(ExitCode.CTRL_C)

"""Finished takes for the library, and what its window shows of them."""

import shutil
from pathlib import Path
from typing import Any

from desktop.controllers.library.window import LibraryController
from desktop.models.library.items import Item
from desktop.views.library.window import LibraryWindow
from media import manifest
from media.manifest import Manifest, TakeState


def keep_take(folder: Path, name: str, film: Path, **given: Any) -> Path:
    """A finished take as the recorder leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.mp4"
    shutil.copy(film, path)
    usual = {
        "id": name,
        "file": path.name,
        "title": name,
        "state": TakeState.FINISHED,
        "created_at": "2026-11-20T10:00:00Z",
        "width": 320,
        "height": 180,
        "fps": 30,
        "encoder": "x264",
        "video_codec": "h264",
        "audio_codec": "aac",
        "duration_s": 4.0,
        "bytes_committed": path.stat().st_size,
        "fragments": 8,
    }
    manifest.write(path, Manifest(**{**usual, **given}))
    return path


def window(library: LibraryController) -> LibraryWindow:
    assert library.window is not None
    return library.window


def items(library: LibraryController) -> list[Item]:
    rows = window(library).rows
    return [
        item
        for row in range(rows.rowCount())
        if (item := rows.item_at(rows.index(row)) or rows.data(rows.index(row)))
    ]


def titles(library: LibraryController) -> list[str]:
    return [item.title for item in items(library)]


def item(library: LibraryController, title: str) -> Item:
    return next(one for one in items(library) if one.title == title)

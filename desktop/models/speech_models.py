"""The speech models as a page shows them: size, what they know, whether they are here. No Qt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.i18n import tr
from desktop.models.words import size
from media.transcribe.catalogue import Model, catalogue
from media.transcribe.store import Installed


@dataclass(frozen=True, slots=True)
class Download:
    """One that is under way: bytes, `total` 0 while nobody knows."""

    name: str
    done: int = 0
    total: int = 0

    @property
    def fraction(self) -> float | None:
        return self.done / self.total if self.total else None

    def after(self, event: Mapping[str, Any]) -> "Download":
        """The next state by an event of `heddle models download --json`."""
        return Download(self.name, int(event.get("done", self.done)), int(event.get("total", self.total)))


@dataclass(frozen=True, slots=True)
class Row:
    """`chosen`: it is the one that listens."""

    name: str
    about: str
    here: bool
    chosen: bool
    state: str
    removable: bool


def rows(installed: Collection[Installed], chosen: str, download: Download | None = None) -> tuple[Row, ...]:
    """The catalogue's, then others that are here, then a folder that the settings name."""
    here = {one.name: one for one in installed}
    known = catalogue().models
    found = [
        Row(model.name, _about(model), model.name in here, model.name == chosen,
            _state(model.name, download, here=model.name in here), model.name in here)
        for model in known
    ]  # fmt: skip
    names = {model.name for model in known}
    found += [
        Row(name, size(one.size), True, name == chosen, tr("here"), True)
        for name, one in here.items()
        if name not in names
    ]
    if chosen not in {row.name for row in found}:
        found.append(Row(chosen, tr("a folder of yours"), Path(chosen).is_dir(), True, "", False))
    return tuple(found)


def download_words(download: Download) -> str:
    """How far it is."""
    if not download.total:
        return tr("Asking for {name} …", name=download.name)
    done, total = size(download.done), size(download.total)
    return tr("{name}: {done} of {total}", name=download.name, done=done, total=total)


def _about(model: Model) -> str:
    knows = tr("English only") if model.english else tr("all languages")
    if model.translates:
        knows = tr("all languages, translates")
    return tr(
        "{size} MB, {memory} MB of memory, {knows}", size=model.size_mb, memory=model.memory_mb, knows=knows
    )


def _state(name: str, download: Download | None, *, here: bool) -> str:
    if download is not None and download.name == name:
        fraction = download.fraction
        return tr("comes") if fraction is None else tr("comes, {percent} %", percent=round(100 * fraction))
    return tr("here") if here else ""

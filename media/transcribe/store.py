"""Where speech models lie: a folder with one folder for each model.

A model is named in one of three ways: by its name in the catalogue, by the path of a folder that holds it, or
by the address of a folder on a web server. One by name or address is in the store or must be downloaded.
"""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from media.errors import SpeechError
from media.transcribe.catalogue import catalogue

# Without `tokenizer.json` the library would ask the network for one.
REQUIRED = ("config.json", "model.bin", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class Installed:
    """A model in the store; `size` in bytes."""

    name: str
    folder: Path
    size: int


class ModelStore:
    """The folder need not exist. `command` is what a person runs to download, said in errors."""

    def __init__(self, folder: Path, *, command: str = "heddle models download") -> None:
        self.folder = folder
        self._command = command

    def locate(self, model: str) -> Path:
        """The folder of a model that is here; SpeechError says what to download and where to put it."""
        path = Path(model).expanduser()
        if not is_address(model) and (path.is_absolute() or len(path.parts) > 1 or is_model(path)):
            _check(path)
            return path.resolve()
        folder = self.folder_of(model).absolute()
        if is_model(folder):
            return folder
        known = catalogue().find(model)
        size = f" (about {known.size_mb} MB)" if known else ""
        raise SpeechError(
            f"The speech model {model} is not on this machine",
            f"It would lie in {folder}.",
            f"Download it{size}: {self._command} {model}. Or copy a Whisper model in CTranslate2's format "
            f"there: {', '.join(REQUIRED)} and {' or '.join(VOCABULARIES)}.",
        )

    def folder_of(self, model: str) -> Path:
        """Where a model by name or address belongs; SpeechError for what is neither."""
        if is_address(model):
            return self.folder / _folder_name(model)
        if catalogue().find(model) is None and not (_plain(model) and (self.folder / model).is_dir()):
            names = ", ".join(known.name for known in catalogue().models)
            raise SpeechError(
                f"There is no speech model {model!r}",
                f"Known are {names}.",
                "Or give the path of a folder with a model, or an address that begins with https://.",
            )
        return self.folder / model

    def installed(self) -> list[Installed]:
        """All that are complete, by name."""
        if not self.folder.is_dir():
            return []
        folders = [folder for folder in sorted(self.folder.iterdir()) if is_model(folder)]
        return [
            Installed(folder.name, folder, sum(f.stat().st_size for f in folder.iterdir() if f.is_file()))
            for folder in folders
        ]

    def remove(self, model: str) -> int:
        """Deletes a model and what a broken-off download left of it; how many bytes are free now."""
        folder = self.folder_of(model)
        found = [path for path in (folder, unfinished(folder)) if path.is_dir() and not path.is_symlink()]
        if not found:
            raise SpeechError(f"The model {model} is not on this machine", f"{folder} does not exist.")
        size = sum(file.stat().st_size for path in found for file in path.rglob("*") if file.is_file())
        for path in found:
            shutil.rmtree(path)
        return size


def is_address(model: str) -> bool:
    return model.startswith(("https://", "http://"))


def is_model(folder: Path) -> bool:
    """Whether all files of a model are there."""
    return (
        not folder.name.endswith(UNFINISHED)
        and all((folder / name).is_file() for name in REQUIRED)
        and any((folder / name).is_file() for name in VOCABULARIES)
    )


def unfinished(folder: Path) -> Path:
    """Where a model is put together before it takes its place."""
    return folder.with_name(folder.name + UNFINISHED)


def _check(path: Path) -> None:
    if not path.is_dir():
        raise SpeechError("There is no speech model", f"{path} is no folder.")
    missing = [name for name in REQUIRED if not (path / name).is_file()]
    if not missing and not is_model(path):
        missing = [" or ".join(VOCABULARIES)]
    if missing:
        raise SpeechError(
            "This folder holds no speech model",
            f"{path} lacks {', '.join(missing)}.",
            "It must be a Whisper model in CTranslate2's format.",
        )


def _plain(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) is not None


def _folder_name(address: str) -> str:
    """Readable, and another one for each address."""
    parts = urlsplit(address)
    if not parts.hostname:
        raise SpeechError("This is no address of a speech model", address)
    last = parts.path.rstrip("/").rpartition("/")[2]
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{parts.hostname}-{last}").strip("-.")
    return f"{words[:60]}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"

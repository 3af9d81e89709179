"""Recordings that a crash cut short, as `heddle recover --json` tells them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media import manifest
from media.manifest import ManifestError, TakeState


@dataclass(frozen=True, slots=True)
class Recovered:
    """One of them; it plays up to its last whole half second."""

    path: Path
    title: str
    duration_s: float
    bytes: int
    sending: bool = False  # the upload that followed it goes on by itself


def recovered(lines: Iterable[Mapping[str, Any]], sending: frozenset[Path]) -> tuple[Recovered, ...]:
    """Those in which there is something to see."""
    return tuple(
        Recovered(
            path=Path(line["path"]),
            title=str(line.get("title") or Path(line["path"]).stem),
            duration_s=float(line["durationS"]),
            bytes=int(line["bytes"]),
            sending=Path(line["path"]) in sending,
        )
        for line in lines
        if line.get("fragments")
    )


def any_unfinished(folder: Path) -> bool:
    """Whether a manifest says that a recorder is at work: one that is gone, or one that is.

    Reads files: not for Qt's thread.
    """
    return any(_is_unfinished(path) for path in folder.glob("*.mp4.json"))


def _is_unfinished(path: Path) -> bool:
    try:
        told = manifest.read(path.with_name(path.name.removesuffix(".json")))
    except ManifestError:
        return False
    return told.state is TakeState.RECORDING

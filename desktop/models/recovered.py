"""Recordings that a crash cut short: of the recorder, as `heddle recover --json` tells them, of the app, or
of its private server.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop.i18n import tr
from media import manifest
from media.manifest import ManifestError, TakeState


class Cause(StrEnum):
    """What stopped."""

    RECORDER = "recorder"  # or the computer: the file ends where it had come to
    APP = "app"  # the recorder finished the file
    SERVER = "server"  # before it had everything


@dataclass(frozen=True, slots=True)
class Recovered:
    """One of them; it plays up to its last whole half second. `link` is that of a recording that is whole on
    the server."""

    path: Path
    title: str
    duration_s: float
    bytes: int
    sending: bool = False  # the upload that followed it goes on by itself
    cause: Cause = Cause.RECORDER
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the journal knows: files that are on their way, those of them whose server is the private one, and
    the links of those that have arrived."""

    sending: frozenset[Path] = frozenset()
    private: tuple[Path, ...] = ()
    links: Mapping[Path, str] = field(default_factory=dict)


def cause_words(take: Recovered) -> str:
    """Why it is offered."""
    return {
        Cause.RECORDER: tr("The recorder or the computer stopped. It is whole up to the last half second."),
        Cause.APP: tr("Heddle stopped while this was recorded. It was finished all the same."),
        Cause.SERVER: tr("Your private server stopped before it had all of it."),
    }[take.cause]


def state_words(take: Recovered) -> str:
    """What becomes of it by itself; empty where somebody has to say."""
    if take.link:
        return tr("It is on the server.")
    return tr("It is being sent.") if take.sending else ""


def recovered(lines: Iterable[Mapping[str, Any]], sent: Sent) -> tuple[Recovered, ...]:
    """Those of a recorder that is gone in which there is something to see."""
    return tuple(
        _with(
            sent,
            path=Path(line["path"]),
            title=str(line.get("title") or Path(line["path"]).stem),
            duration_s=float(line["durationS"]),
            bytes=int(line["bytes"]),
            cause=Cause.RECORDER,
        )
        for line in lines
        if line.get("fragments")
    )


def finished(paths: Iterable[Path], sent: Sent, cause: Cause) -> tuple[Recovered, ...]:
    """Those of these files that are whole by now. Reads files: not for Qt's thread."""
    found = []
    for path in paths:
        try:
            told = manifest.read(path)
        except ManifestError:
            continue  # nothing had been recorded yet, or somebody took it away
        if told.state is TakeState.RECORDING or not told.fragments or not path.is_file():
            continue
        title, length, size = told.title or path.stem, told.duration_s, told.bytes_committed
        found.append(_with(sent, path=path, title=title, duration_s=length, bytes=size, cause=cause))
    return tuple(found)


def any_unfinished(folder: Path) -> bool:
    """Whether a manifest says that a recorder is at work: one that is gone, or one that is.

    Reads files: not for Qt's thread.
    """
    return any(
        is_unfinished(path.with_name(path.name.removesuffix(".json"))) for path in folder.glob("*.mp4.json")
    )


def is_unfinished(path: Path) -> bool:
    """Whether this one's manifest says so."""
    try:
        told = manifest.read(path)
    except ManifestError:
        return False
    return told.state is TakeState.RECORDING


def offered(groups: Iterable[Collection[Recovered]]) -> tuple[Recovered, ...]:
    """Each file once, by the first group that has it."""
    found: dict[Path, Recovered] = {}
    for group in groups:
        for one in group:
            found.setdefault(one.path, one)
    return tuple(found.values())


def _with(sent: Sent, *, path: Path, **values: Any) -> Recovered:
    link = sent.links.get(path, "")
    return Recovered(path=path, sending=path in sent.sending, link=link, **values)

"""The newest recordings that have a link, as the journal of uploads knows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from uploader.journal import Journal
from uploader.model import Upload
from uploader.paths import default_journal

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Recent:
    title: str
    link: str


def newest(uploads: Iterable[Upload], count: int = SHOWN) -> tuple[Recent, ...]:
    """`uploads` come newest first; a take that was put aside has no link any more."""
    found = (Recent(one.title, one.share_url) for one in uploads if one.share_url and one.wish != "cancel")
    return tuple(one for one, _ in zip(found, range(count), strict=False))


def read(path: Path | None = None) -> tuple[Recent, ...]:
    """From the journal; nothing where none was written yet. JournalError when it is broken."""
    path = path or default_journal()
    if not path.exists():
        return ()
    with Journal(path) as journal:
        return newest(journal.all())

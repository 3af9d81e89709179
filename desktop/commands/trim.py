"""`heddle trim`: a piece of a video as a file of its own, to the picture."""

import asyncio
import itertools
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from desktop.errors import ExitCode, HeddleError, UsageError
from desktop.i18n import tr
from desktop.library.exporting import make
from desktop.models.words import duration, size
from desktop.terminal.bar import Bar

# `12.5`, `1:03`, `1:02:03.25`
_MOMENT = re.compile(r"(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:\.\d+)?)", re.ASCII)
_LONGEST = 12  # characters of a moment


def trim(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("A video; it stays as it is."))],
    *,
    begin: Annotated[
        str, typer.Option("--from", metavar="TIME", help=tr("Where the piece begins, such as 0:12.5."))
    ] = "",
    end: Annotated[str, typer.Option("--to", metavar="TIME", help=tr("Where it ends, such as 1:03."))] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=tr("Where to write it; beside FILE if not given.")),
    ] = None,
) -> None:
    """The picture on the screen at the first moment is the first one; none from before or after is there."""
    begin_s, end_s = seconds_of(begin) if begin else 0.0, seconds_of(end) if end else None
    if not begin and end_s is None:
        raise UsageError(tr("Nothing is to be cut away"), hint=tr("Give --from, --to or both."))
    if end_s is not None and end_s <= begin_s:
        raise UsageError(tr("The piece would end before it begins"))
    if not file.is_file():
        raise HeddleError(tr("There is no such file"), str(file))
    target = output or _beside(file)
    if target.exists():
        raise HeddleError(tr("There is such a file already"), str(target), tr("Give another with --output."))
    try:
        made = _made(file, target, begin_s, end_s)
    except KeyboardInterrupt:
        sys.stderr.write(tr("Stopped; nothing was written.") + "\n")
        raise typer.Exit(ExitCode.CTRL_C) from None
    facts = {"time": duration(made["duration_s"]), "size": size(made["bytes"])}
    sys.stdout.write(tr("{path}: {time}, {size}", path=target, **facts) + "\n")


def seconds_of(text: str) -> float:
    """`12.5`, `1:03` or `1:02:03` in seconds; UsageError for anything else."""
    found = _MOMENT.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise UsageError(
            tr("{moment} is no moment of a video", moment=text), hint=tr("Such as 12.5, 1:03 or 1:02:03.")
        )
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _made(file: Path, target: Path, begin_s: float, end_s: float | None) -> dict[str, Any]:
    bar = Bar()

    def told(part: float) -> None:
        bar.show(part, tr("Cutting {title}", title=file.name))

    try:
        return asyncio.run(make("mp4", file, target, begin_s=begin_s, end_s=end_s, told=told))
    finally:
        bar.clear()


def _beside(file: Path) -> Path:
    """A name that nothing has yet."""
    first = tr("{title} (cut)", title=file.stem)
    names = itertools.chain([first], (f"{first} {number}" for number in itertools.count(2)))
    return next(path for name in names if not (path := file.with_name(f"{name}.mp4")).exists())

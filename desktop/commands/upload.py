"""`heddle upload` sends files the way recordings go; `heddle uploads` shows and steers what is on its way."""

import json
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from desktop import settings
from desktop.errors import ExitCode, HeddleError
from desktop.i18n import tr
from desktop.models.session import PLAN_FULL
from desktop.recorder.follower import upload_event
from desktop.sentences import say
from desktop.terminal.transfers import Transfers
from uploader.journal import Journal
from uploader.manager import ensure_running
from uploader.model import Upload
from uploader.rates import parse_rate
from uploader.states import UploadState

POLL_S = 0.05
CHECK_WORKER_S = 2.0
LINK_PATIENCE_S = 5.0  # --no-wait waits so long for the link


class Action(StrEnum):
    LIST = "list"
    RETRY = "retry"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


def upload(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=tr("Videos to send."))],
    *,
    title: Annotated[str, typer.Option(help=tr("What viewers see; the file's name if not given."))] = "",
    server: Annotated[str | None, typer.Option(help=tr("Send to this server."))] = None,
    limit: Annotated[str, typer.Option(help=tr("Bytes a second at most, such as 2M or 500k."))] = "",
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help=tr("Leave the sending to the background."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print events as JSON lines."))] = False,
) -> None:
    """Prints each link as soon as it exists. Run again with the same file, it goes on where it was."""
    address = settings.address(server) if server else settings.load().server or ""
    if not address:
        raise HeddleError(
            tr("No server is set up"), hint=tr("Sign in first: heddle login --server URL --email YOU")
        )
    for path in files:
        _check(path)
    with Journal() as journal:
        rate = parse_rate(limit)
        ids = [_enqueue(journal, path, title or path.stem, address, rate) for path in files]
        ensure_running(journal.path, server=address)
        code = _follow(journal, ids, as_json=as_json, no_wait=no_wait)
    raise typer.Exit(code)


def uploads(
    action: Annotated[Action, typer.Argument(help=tr("What to do."))] = Action.LIST,
    upload_id: Annotated[
        str, typer.Argument(metavar="ID", help=tr("Which one; the start of its id will do."))
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON lines."))] = False,
) -> None:
    """Lists uploads, newest first, or acts on one of them. `cancel` also removes the recording from the
    server.
    """
    with Journal() as journal:
        if action is Action.LIST:
            _show(journal.all(), as_json=as_json)
            return
        chosen = _choose(journal, upload_id)
        acts = {
            Action.RETRY: journal.retry,
            Action.CANCEL: journal.cancel,
            Action.PAUSE: journal.hold,
            Action.RESUME: journal.release,
        }
        acts[action](chosen.id)
        ensure_running(journal.path)
        _show([journal.get(chosen.id)], as_json=as_json)


def _check(path: Path) -> None:
    if not path.is_file():
        raise HeddleError(tr("There is no such file"), str(path))
    if path.stat().st_size == 0:
        raise HeddleError(tr("The file is empty"), str(path))


def _enqueue(journal: Journal, path: Path, title: str, server: str, rate: float | None) -> str:
    """The row of this version of the file: the one it already has, or a new one."""
    known = journal.find(path, server)
    if known is None:
        return journal.add(path, title=title, server=server, growing=False, limit_bps=rate)
    if not known.ended:
        journal.release(known.id)
        journal.retry(known.id)
    return known.id


def _follow(journal: Journal, ids: list[str], *, as_json: bool, no_wait: bool) -> ExitCode:
    """Shows the uploads until they end; Ctrl-C leaves them to the background."""
    shown = Transfers(as_json=as_json)
    started = checked = time.monotonic()
    try:
        while True:
            rows = [journal.get(upload_id) for upload_id in ids]
            shown.show(rows)
            over = all(row.ended or _waits_for_plan(row) for row in rows)
            if over or (no_wait and _has_links(rows, started)):
                return _conclude(rows, shown)
            if time.monotonic() - checked > CHECK_WORKER_S:
                checked = time.monotonic()
                ensure_running(journal.path)
            _wait(journal)
    except KeyboardInterrupt:
        shown.say(tr("The upload goes on in the background."))
        return ExitCode.UPLOAD_PENDING
    finally:
        shown.close()


def _waits_for_plan(row: Upload) -> bool:
    """Until somebody pays, deletes or a month is over: nothing to stand and wait for."""
    return row.error is not None and row.error.get("code") == PLAN_FULL


def _wait(journal: Journal) -> None:
    if not journal.changed():
        time.sleep(POLL_S)  # the journal is another process's, and is looked at


def _has_links(rows: list[Upload], started: float) -> bool:
    return all(row.share_url for row in rows) or time.monotonic() - started > LINK_PATIENCE_S


def _conclude(rows: list[Upload], shown: Transfers) -> ExitCode:
    for row in rows:
        if row.error:
            shown.problem(row)
    if any(row.state in (UploadState.FAILED, UploadState.CANCELLED) for row in rows):
        return ExitCode.UPLOAD_REFUSED
    # With --no-wait a link is all that was asked for.
    return ExitCode.OK if all(row.ended or row.share_url for row in rows) else ExitCode.UPLOAD_PENDING


def _choose(journal: Journal, start: str) -> Upload:
    found = [row for row in journal.all() if start and row.id.startswith(start)]
    if len(found) != 1:
        raise HeddleError(
            tr("Which upload?"),
            tr("{count} uploads begin with {start!r}.", count=len(found), start=start),
            tr("`heddle uploads` lists them."),
        )
    return found[0]


def _show(rows: list[Upload], *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            sys.stdout.write(json.dumps(upload_event(row, row.created_at)) + "\n")
            continue
        percent = f"{100 * row.offset // row.size:3d} %" if row.size else "     "
        sys.stdout.write(f"{row.id[:8]}  {row.state:<9}  {percent}  {row.title}  {row.share_url or ''}\n")
        if row.error:
            sys.stdout.write(f"          {say(row.error['title'])}: {say(row.error['detail'])}\n")

"""What a recording needs of this machine, one check each. Each answers; none raises, none waits long."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from desktop import settings
from desktop.i18n import tr
from desktop.models.diagnostics import Finding, Verdict
from desktop.sentences import say
from uploader import credentials, web
from uploader.addresses import LOOPBACK
from uploader.api import ApiClient
from uploader.errors import (
    KeyringLockedError,
    NotHeddleError,
    SignInNeededError,
    Transient,
    UploadError,
)
from uploader.journal import Journal
from uploader.paths import default_journal

# An hour of a busy 1080p screen is about 2 GiB.
_ENOUGH_BYTES = 2 * 1024**3
_TIMEOUT_S = 5.0
_CLOCKS_APART = timedelta(minutes=5)


def examine(config: settings.Settings) -> Iterator[Finding]:
    """Each finding as soon as it is there."""
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        (tr("screen"), _screen),
        (tr("microphone"), _microphone),
        (tr("permissions"), _permissions),
        (tr("encoder"), _encoder),
        (tr("disk"), lambda: _disk(settings.recordings_folder(config))),
        (tr("server"), lambda: _server(config.server)),
        (tr("sign-in"), lambda: _sign_in(config.server)),
        (tr("uploads"), _uploads),
    )
    yield from (_answer(name, check) for name, check in checks)


def _answer(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a broken library is a finding, not the end of the report
        hint = say(getattr(error, "hint", "")) or tr(
            "This should not be: `heddle doctor --bundle FILE` writes a report for whoever can mend it."
        )
        return Finding(name, Verdict.PROBLEM, _detail(error), hint)


def _detail(error: Exception) -> str:
    """Ours are words already; of others their kind may be all there is."""
    return say(str(error)) if hasattr(error, "title") else f"{type(error).__name__}: {error}"


def _screen() -> Finding:
    from capture.model import ScreenRequest
    from capture.registry import choose_screen

    chosen = choose_screen(ScreenRequest(display=None, region=None, fps=settings.Settings().fps))
    words = _chosen(chosen.backend.name, chosen.rejected)
    return Finding(tr("screen"), Verdict.OK, f"{words}. {say(chosen.limits)}" if chosen.limits else words)


def _microphone() -> Finding:
    from capture.errors import NoBackend
    from capture.registry import choose_sound

    try:
        chosen = choose_sound()
    except NoBackend as error:
        hint = tr("Recordings have no sound. Plug in a microphone or see the sound settings.")
        return Finding(tr("microphone"), Verdict.WARNING, say(str(error)), hint)
    return Finding(tr("microphone"), Verdict.OK, _chosen(chosen.backend.name, chosen.rejected))


def _permissions() -> Finding:
    """What the system says before anything is recorded; a screen that may not be filmed is a problem."""
    from capture.permissions import Access, permissions
    from desktop.platform.permissions import access_words, status_words

    found = permissions()
    detail = "; ".join(f"{access_words(one.access)}: {status_words(one.status)}" for one in found)
    denied = [one for one in found if one.stands_in_the_way]
    if not denied:
        return Finding(tr("permissions"), Verdict.OK, detail)
    bad = any(one.access is Access.SCREEN for one in denied)
    pages = ", ".join(one.page for one in denied if one.page)
    hint = tr("Allow it in the system's settings and start again: {pages}", pages=pages)
    return Finding(tr("permissions"), Verdict.PROBLEM if bad else Verdict.WARNING, detail, hint)


def _encoder() -> Finding:
    from media import encoders

    choice = encoders.choose()
    return Finding(tr("encoder"), Verdict.OK, _chosen(choice.preset.name, dict(choice.rejected)))


def _chosen(name: str, rejected: dict[str, str]) -> str:
    others = "; ".join(f"{other}: {say(reason)}" for other, reason in rejected.items())
    return tr("{name} (not {others})", name=name, others=others) if others else name


def _disk(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"heddle")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        detail = tr(
            "{folder} cannot be written: {reason}", folder=folder, reason=say(error.strerror or str(error))
        )
        hint = tr("Make room there, or choose another folder: heddle settings set recordings FOLDER")
        return Finding(tr("disk"), Verdict.PROBLEM, detail, hint)
    free = shutil.disk_usage(folder).free
    detail = tr("{free} GiB free in {folder}", free=f"{free / 1024**3:.1f}", folder=folder)
    if free >= _ENOUGH_BYTES:
        return Finding(tr("disk"), Verdict.OK, detail)
    return Finding(tr("disk"), Verdict.WARNING, detail, tr("A long recording may not fit; make room."))


def _server(server: str | None) -> Finding:
    name = tr("server")
    if not server:
        hint = tr("Recordings stay on this machine. For links: heddle login --server URL --email YOU")
        return Finding(name, Verdict.WARNING, tr("none is set up"), hint)
    hint = tr("Recordings are kept here and go up as soon as it answers. Is the address right?")
    try:
        answer = httpx.get(
            f"{server}/health/ready",
            timeout=_TIMEOUT_S,
            follow_redirects=True,
            trust_env=httpx.URL(server).host not in LOOPBACK,  # as uploads go: by no proxy to this machine
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(name, Verdict.PROBLEM, say(f"{server}: {error or type(error).__name__}"), hint)
    if answer.is_success:
        return _clocks(server, answer.headers.get("date", "")) or Finding(name, Verdict.OK, server)
    return Finding(
        name, Verdict.PROBLEM, tr("{server} answers {status}", server=server, status=answer.status_code), hint
    )


def _clocks(server: str, date: str) -> Finding | None:
    """Whether this computer's clock is another than the server's: sign-ins end by it, and links do."""
    try:
        apart = datetime.now(UTC) - parsedate_to_datetime(date)
    except (ValueError, TypeError):  # of no date, or one without its zone
        return None
    if abs(apart) < _CLOCKS_APART:
        return None
    minutes = round(apart.total_seconds() / 60)
    detail = tr("{server} has another time: {minutes} minutes apart", server=server, minutes=abs(minutes))
    hint = tr("Let the system set the clocks of both by the network: sign-ins and links go by them.")
    return Finding(tr("server"), Verdict.WARNING, detail, hint)


def _sign_in(server: str | None) -> Finding:
    name = tr("sign-in")
    if not server:
        return Finding(name, Verdict.OK, tr("needed by no server"))
    hint = tr("Sign in: heddle login --server {server} --email YOU", server=server)
    try:
        if not credentials.token_for(server):
            return Finding(name, Verdict.PROBLEM, tr("you are not signed in"), hint)
        email = asyncio.run(asyncio.wait_for(_who(server), _TIMEOUT_S))
    except KeyringLockedError as error:
        return Finding(name, Verdict.PROBLEM, say(error.title), say(error.hint))
    except SignInNeededError:
        return Finding(name, Verdict.PROBLEM, tr("the server does not accept it any more"), hint)
    except (Transient, NotHeddleError, TimeoutError):
        return Finding(name, Verdict.WARNING, tr("cannot be checked while the server does not answer"))
    except UploadError as error:
        email = say(error.detail)
    return Finding(name, Verdict.OK, email)


async def _who(server: str) -> str:
    async with web.open_client(server) as http:
        return await ApiClient(http).email()


def _uploads() -> Finding:
    if not default_journal().exists():
        return Finding(tr("uploads"), Verdict.OK, tr("none yet"))
    with Journal() as journal:
        waiting = journal.pending()
    worries = sorted({upload.error["title"] for upload in waiting if upload.error})
    if not worries:
        return Finding(tr("uploads"), Verdict.OK, tr("{count} under way", count=len(waiting)))
    detail = tr("{count} wait: {worries}", count=len(waiting), worries="; ".join(map(say, worries)))
    return Finding(tr("uploads"), Verdict.WARNING, detail, tr("`heddle uploads` shows them."))

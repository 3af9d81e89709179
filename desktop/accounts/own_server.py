"""The private server as a process: found if it runs, started if not, signed in to, watched, ended.

It runs in a session of its own: an app that dies takes no upload and no viewer along, and the next one finds
it by the lock and the card in its folder.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from desktop.accounts import signing_in
from desktop.accounts.last_out import uploads_to
from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models import private_server as model
from desktop.models.private_server import Card, Phase, ServerState
from desktop.models.session import Problem
from media import self_command
from uploader.api import Session
from uploader.errors import SignInNeededError, UploadError
from uploader.lock import is_held

OWNER = "owner@localhost"
START_S = 60.0
LOOK_S = 0.1  # how often a start is looked at
WATCH_S = 3.0  # how often somebody looks whether it lives: a try at a lock, which costs microseconds
_LOG_BYTES = 5 * 1024 * 1024
_TAIL_BYTES = 4000

Tell = Callable[[ServerState], object]


class OwnServer:
    """`program` is `heddle-server`; `variables` its environment. Calls `tell` at each change."""

    def __init__(
        self, home: Path, program: str | None, variables: Mapping[str, str], port: int | None, tell: Tell
    ) -> None:
        self._home, self._program, self._variables, self._tell = home, program, variables, tell
        self._data = model.folder(home)
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()  # it starts in a thread, which goes on when `run` is cancelled
        self._stopped = False

    async def run(self) -> None:
        """Keeps it running until it is cancelled, or until it failed so often that it would again."""
        failures = 0
        while failures < model.MOST_FAILURES:
            try:
                card = await self.ensure()
                await self._pair(card)
            except HeddleError as error:
                failures += 1
                problem = Problem(error.title, error.detail, error.hint)
                self._tell(ServerState(Phase.FAILED, problem=problem))
                if self._program is None:
                    return
                await asyncio.sleep(model.wait_s(failures))  # what failed would fail at once again
                continue
            failures, self._port = 0, model.port_of(card.url)
            self._tell(ServerState(Phase.RUNNING, card.url))
            await self._watch()
            failures, self._process = 1, None  # it ended, and nobody here had asked for that
            await asyncio.sleep(model.wait_s(failures))  # as above

    async def ensure(self) -> Card:
        """The running server's card; one is started where there is none. HeddleError when it fails."""
        card = await self._found()
        if card is not None:
            return card
        if self._program is None:
            raise _error(model.not_installed())
        self._tell(ServerState(Phase.STARTING))
        port = await asyncio.to_thread(model.free_port) if self._port is None else self._port
        try:
            return await self._start_at(self._program, port)
        except HeddleError:
            other = port if self._port is not None else await asyncio.to_thread(model.free_port)
            if other == port:
                raise
            # Somebody else's began at the same moment, and took it.
            return await self._start_at(self._program, other)

    async def _start_at(self, program: str, port: int) -> Card:
        await asyncio.to_thread(self._start, program, port)
        return await self._started(port)

    async def sign_in(self, url: str) -> Session:
        """As its owner, by the password that its first start left in its folder. HeddleError when refused."""
        try:
            password = (self._data / "owner-password").read_text(encoding="utf-8").strip()
            session = await signing_in.with_password(url, OWNER, password)
        except (OSError, SignInNeededError):
            raise _error(_changed_password(url)) from None
        if not isinstance(session, Session):  # it wants a code of a second factor, which a person has
            raise _error(_changed_password(url))
        return session

    def stop(self) -> bool:
        """Asks it to end; where an upload to it is under way, has it asked when that has arrived. Starts none
        any more. Whether it was asked now."""
        with self._starting:
            self._stopped, process = True, self._process
        card = model.card(self._home)
        if process is not None and process.poll() is None:
            pid = process.pid  # also of one that has just been started, and has no card yet
        elif card is not None and self._lives():
            pid = card.pid
        else:
            return False
        if uploads_to(card.url if card else None):
            _detached(self_command.command("desktop.accounts.last_out"))
            return False
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGTERM)
        return True

    async def _found(self) -> Card | None:
        """Of one that runs already: this app's last one, or one that somebody started by hand."""
        if not await asyncio.to_thread(self._lives):
            return None
        return await self._started(self._port or 0)

    async def _started(self, port: int) -> Card:
        """Waits until it answers."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                while self._process is None or self._process.poll() is None:
                    card = await asyncio.to_thread(model.card, self._home)
                    if card is not None and await _answers(card.url):
                        return card
                    if self._process is None and not await asyncio.to_thread(self._lives):
                        break  # it was on its way out
                    await asyncio.sleep(LOOK_S)  # its card is a file, and says nothing when it comes
        raise _error(model.why(await asyncio.to_thread(self._log_tail), port))

    async def _watch(self) -> None:
        """Until it ends. Its lock is looked at: one that another app left here is nobody's child."""
        while await asyncio.to_thread(self._lives):  # noqa: ASYNC110 - a lock tells nobody when it goes
            await asyncio.sleep(WATCH_S)  # as above

    async def _pair(self, card: Card) -> None:
        """A sign-in ends when nobody uses it for a week; the password in the folder does not."""
        try:
            if not await signing_in.is_signed_in(card.url):
                session = await self.sign_in(card.url)
                await asyncio.to_thread(signing_in.keep, card.url, session)
            else:
                await asyncio.to_thread(signing_in.send_now, card.url)
        except UploadError as error:
            raise HeddleError(error.title, error.detail, error.hint) from error

    def _start(self, program: str, port: int) -> None:
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = model.log_file(self._home)
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))
        with self._starting, log.open("ab") as out:
            if self._stopped:
                return
            command = model.command(program, self._data, port)
            self._process = _detached(command, dict(self._variables), out.fileno())

    def _lives(self) -> bool:
        return is_held(model.lock_file(self._home))

    def _log_tail(self) -> str:
        try:
            with model.log_file(self._home).open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
                return file.read().decode(errors="replace")
        except OSError:
            return ""


async def _answers(url: str) -> bool:
    try:
        async with signing_in.anonymous(url) as http:
            return (await http.get("/health/live")).is_success
    except httpx.HTTPError:
        return False


def _detached(
    command: list[str], environment: dict[str, str] | None = None, out: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, creationflags=flags
        )
    else:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True
        )
    # Collects its exit status should it end before us; a daemon, so it never keeps us alive.
    threading.Thread(target=process.wait, name="end of a detached process", daemon=True).start()
    return process


def _changed_password(url: str) -> Problem:
    return Problem(
        tr("Your private server does not accept its owner's first password any more"),
        tr("It was changed, or the account wants a second factor."),
        tr("Sign in to {url} as a server with an address.", url=url),
    )


def _error(problem: Problem) -> HeddleError:
    return HeddleError(problem.title, problem.detail, problem.hint)

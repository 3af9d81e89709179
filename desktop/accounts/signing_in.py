"""Signing in to a server, as command line and app do it: which server, through the browser or by a code, and
where what came of it is kept."""

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from desktop.errors import HeddleError
from desktop.i18n import language, tr
from uploader import browser, credentials, paths, web
from uploader.addresses import LOOPBACK
from uploader.api import ApiClient, Session, StepUp
from uploader.errors import (
    NotHeddleError,
    RecordingGoneError,
    ServerUnreachableError,
    SignInNeededError,
    UntrustedServerError,
)
from uploader.journal import Journal
from uploader.tokens import Tokens

UPLOADS = "/api/v1/uploads"
_LONGEST_VERSION = 40  # letters that are shown


def is_private(server: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    try:
        parts = urlsplit(server)
    except ValueError:
        return False
    return parts.scheme == "https" or parts.hostname in LOOPBACK


def anonymous(server: str) -> httpx.AsyncClient:
    """Without the sign-in that may be kept already. NotHeddleError when `server` is no address."""
    return web.open_client(server, Tokens(server, lambda _: None))


@dataclass(frozen=True, slots=True)
class Found:
    """A Heddle server that answers at an address; `version` is empty for one that does not tell it."""

    server: str
    version: str = ""


@contextmanager
def _reaching(server: str) -> Iterator[None]:
    """Nothing is uploaded here: the words for uploads that cannot be sent would mislead."""
    try:
        yield
    except UntrustedServerError:
        raise  # whose words say what to do
    except ServerUnreachableError as error:
        error.hint = tr("Check the address, and whether this computer is online.")
        raise
    except RecordingGoneError:
        raise NotHeddleError(
            tr("{server} answers, but not as a Heddle server does.", server=server)
        ) from None


async def check(server: str) -> Found:
    """Which Heddle server answers at this address. NotHeddleError, or Transient when nobody does."""
    async with anonymous(server) as http:
        with _reaching(server), web.reaching(server):
            health = await http.get("/health/live")
            uploads = await http.options(UPLOADS, headers={"Tus-Resumable": "1.0.0"})
        if not health.is_success or "Tus-Version" not in uploads.headers:
            raise _not_heddle(server)
        return Found(server, _version(health))


async def in_browser(server: str, show: Callable[[str], object]) -> Session:
    """`show` opens the address in a browser, or tells it. HeddleError when nobody signs in."""
    async with anonymous(server) as http:
        try:
            with _reaching(server):
                return await browser.sign_in(ApiClient(http), server, platform.node(), show, _words())
        except SignInNeededError as error:
            raise _not_signed_in(error.detail) from None


def _words() -> browser.Words:
    return browser.Words(
        tr("You are signed in"),
        tr("You are not signed in"),
        tr("There is nothing here"),
        tr("You can close this page."),
        language(),
    )


async def by_code(server: str, show: Callable[[str, str], object]) -> Session:
    """`show` tells an address and the code to type in there. HeddleError when nobody does in time."""
    async with anonymous(server) as http:
        try:
            with _reaching(server):
                return await browser.sign_in_by_code(ApiClient(http), platform.node(), show)
        except SignInNeededError as error:
            raise _not_signed_in(error.detail) from None
        except TimeoutError:
            raise _not_signed_in(tr("The code has expired.")) from None


async def with_password(server: str, email: str, password: str) -> Session | StepUp:
    """SignInNeededError when the server does not accept them."""
    async with anonymous(server) as http:
        with _reaching(server):
            return await ApiClient(http).login(email, password, platform.node())


async def is_signed_in(server: str) -> bool:
    """Whether the sign-in that is kept can be had, and is still accepted. Transient when the server does not
    answer."""
    try:
        if credentials.token_for(server) is None:
            return False
        async with web.open_client(server) as http:
            await ApiClient(http).email()
    except SignInNeededError:
        return False
    return True


def keep(server: str, session: Session) -> str:
    """Keeps the sign-in and answers where, in words. What waited for it goes on now."""
    kept = credentials.store(server, session.email, session.credential)
    send_now(server)
    return kept


def send_now(server: str) -> None:
    """What waits for this server need not wait any longer."""
    if paths.default_journal().exists():
        with Journal() as journal:
            journal.retry_now(server)


def _version(health: httpx.Response) -> str:
    try:
        told: Any = health.json()
    except ValueError:
        return ""
    version = told.get("version") if isinstance(told, dict) else None
    return version[:_LONGEST_VERSION] if isinstance(version, str) and version.isprintable() else ""


def _not_signed_in(detail: str) -> HeddleError:
    return HeddleError(tr("You are not signed in"), detail, tr("Try again."))


def _not_heddle(server: str) -> NotHeddleError:
    return NotHeddleError(tr("{server} answers, but not as a Heddle server does.", server=server))

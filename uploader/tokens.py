"""The sign-in of one server, kept valid: access tokens end after minutes, uploads take hours.

A token is renewed before it ends. A refresh token is good for one use, and recorder, worker and command line
share it: so one process at a time renews, under a lock, and the others take what it kept. The request says
how it will be repeated, so that an answer that a broken line swallowed can be had again.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from uploader import credentials, paths
from uploader.credentials import Credential
from uploader.errors import UploadError
from uploader.lock import FileLock

# Of its life, how much an access token is used.
USED_PART = 0.8
LOCK_S, LOCK_POLL_S = 20.0, 0.05


@dataclass(frozen=True, slots=True)
class Renewal:
    """What the server answered: a new credential, or that the sign-in is over."""

    credential: Credential | None


Renew = Callable[[str, str], Awaitable[Renewal]]
"""Asks the server with a refresh token and the request's key. Raises UploadError when it cannot say."""


def renew_at(expires_in_s: float) -> float:
    """When to renew a token that was just received (Unix time)."""
    return time.time() + expires_in_s * USED_PART


class Tokens:
    """One per client. `read` and `keep` are the store that all processes share."""

    def __init__(
        self,
        server: str,
        read: Callable[[str], Credential | None] = credentials.credential_for,
        keep: Callable[[str, Credential], None] | None = None,
    ) -> None:
        self._server, self._read, self._keep = server, read, keep or _keep
        self._held: Credential | None = None
        self._over: str | None = None  # a refresh token that the server refused
        self._renew: Renew | None = None
        self._turn = asyncio.Lock()

    def use(self, renew: Renew) -> None:
        """How to ask this server for a new token."""
        self._renew = renew

    async def current(self) -> str | None:
        """A token that is good for a while; None when nobody has signed in."""
        held = await self._look()
        if held is None:
            return None
        if held.renew_at is not None and time.time() >= held.renew_at:
            held = await self._renewed(held)
        return held.token

    async def after(self, refused: str) -> str | None:
        """Another token than the one that the server refused; None where there is none."""
        held = await self._look()
        if held is not None and held.token == refused:
            held = await self._renewed(held)
        if held is None or held.token == refused:
            self._held = None  # somebody may sign in meanwhile
            return None
        return held.token

    async def _look(self) -> Credential | None:
        if self._held is None:
            self._held = await asyncio.to_thread(self._read, self._server)
        return self._held

    async def _renewed(self, held: Credential) -> Credential:
        """A newer credential, or the same where it cannot be had now."""
        async with self._turn:
            if self._held is not None and self._held is not held:
                return self._held
            lock = FileLock(paths.refresh_lock())
            try:
                if not await _locked(lock):
                    return held
                self._held = await self._ask(held)
            finally:
                lock.release()
            return self._held

    async def _ask(self, held: Credential) -> Credential:
        """Under the lock: takes what another process got, else asks the server."""
        kept = await asyncio.to_thread(self._read, self._server) or held
        if kept.token != held.token:
            return kept
        if kept.refresh is None or kept.refresh == self._over or self._renew is None:
            return held
        try:
            renewal = await self._renew(kept.refresh, _request_key(kept.refresh))
        except UploadError:
            return held  # the request itself will meet what is wrong
        if renewal.credential is None:
            self._over = kept.refresh
            return held
        await asyncio.to_thread(self._keep, self._server, renewal.credential)
        return renewal.credential


def _keep(server: str, credential: Credential) -> None:
    credentials.store(server, credentials.email_for(server) or "", credential)


async def _locked(lock: FileLock) -> bool:
    deadline = time.monotonic() + LOCK_S
    while not lock.acquire():
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(LOCK_POLL_S)
    return True


def _request_key(refresh: str) -> str:
    """The same for every try with one token, also after a crash between asking and keeping."""
    return hashlib.sha256(b"heddle refresh " + refresh.encode()).hexdigest()[:32]

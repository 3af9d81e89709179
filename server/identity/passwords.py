"""Argon2id, off the event loop and never more than a few at a time: each hash takes 64 MiB on purpose."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from pwdlib import PasswordHash

AT_ONCE = 2


class Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHash.recommended()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether they belong together; without a hash it costs the same and is False.

        Accounts that are entered by other ways have an empty one.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._verify, password, hashed)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, hashed: str | None) -> bool:
        if hashed:
            return self._hasher.verify(password, hashed)
        # Nothing to compare with: hashing takes as long as verifying, so the answer does not tell.
        self._hasher.hash(password)
        return False

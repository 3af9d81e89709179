"""Where requests are counted: in the memory of this process, or in Redis, which several processes share."""

import asyncio
import time
from contextlib import suppress
from urllib.parse import urlsplit

from limits.aio.storage import MemoryStorage, Storage
from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from server.errors import SetupError

# A request waits this long for Redis before it goes its way uncounted, or is refused.
TIMEOUT_S = 1.0
FORGET_EVERY_S = 60.0
_SCHEMES = ("redis", "rediss", "redis+unix")


class Counters:
    """The library's storage with an end. Must be opened inside a running loop."""

    def __init__(self, url: str) -> None:
        self._forgetting: asyncio.Task[None] | None = None
        self.storage: Storage
        if url:
            self.storage = _redis(url)
        else:
            memory = MemoryStorage()
            # It would look through all keys at each request, with a thread for each of them, unless its task
            # for that runs already. Ours does it once a minute.
            memory.timer = self._forgetting = asyncio.create_task(_forget(memory), name="limits-forget")
            self.storage = memory

    async def reachable(self) -> bool:
        """Waits no longer than a request would."""
        try:
            async with asyncio.timeout(2 * TIMEOUT_S):
                return bool(await self.storage.check())
        except Exception:  # noqa: BLE001 (of Redis and its client: whatever it is, the answer is no)
            return False

    async def close(self) -> None:
        task, self._forgetting = self._forgetting, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        client = getattr(getattr(self.storage, "bridge", None), "storage", None)
        if client is not None:
            with suppress(Exception):  # of Redis, which may be gone
                await client.aclose()


def check_url(url: str) -> None:
    """Raises SetupError for an address that is none of Redis."""
    if url and urlsplit(url).scheme not in _SCHEMES:
        raise SetupError(
            "Requests cannot be counted there",
            f"HEDDLE_RATE_LIMITS_URL begins with none of {', '.join(f'{one}://' for one in _SCHEMES)}.",
            "Name a Redis server such as redis://127.0.0.1:6379/0, or leave it empty to count in memory.",
        )


def _redis(url: str) -> Storage:
    check_url(url)
    try:
        storage = storage_from_string(
            f"async+{url}",
            implementation="redispy",
            key_prefix="heddle-limits",
            wrap_exceptions=True,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
        )
    except ConfigurationError as problem:
        raise SetupError(
            "Requests cannot be counted in Redis",
            str(problem),
            "Install the extra scale (pip install 'heddle[scale]'), or count in memory.",
        ) from problem
    assert isinstance(storage, Storage)  # noqa: S101 (what async+ stands for)
    return storage


async def _forget(memory: MemoryStorage) -> None:
    while True:
        await asyncio.sleep(FORGET_EVERY_S)
        forget(memory, time.time())


def forget(memory: MemoryStorage, at: float) -> None:
    """Drops what no window reaches any more; entries lie newest first. `at` is Unix time."""
    for key, entries in list(memory.events.items()):
        while entries and entries[-1].expiry <= at:
            entries.pop()
        if not entries:
            del memory.events[key]
            memory.locks.pop(key, None)

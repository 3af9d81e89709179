"""Pictures of people: kept under a name that nobody can guess, so that a page of comments may show them."""

import re
import secrets
from collections.abc import Awaitable, Callable

from server.errors import NotFound, UnsupportedMedia
from server.identity.accounts.service import Accounts
from server.ports.blobs import BlobMissing, BlobStore

MEDIA_TYPE = "image/webp"
TAKEN = ("image/png", "image/jpeg", "image/webp")
_NAME = re.compile(r"[0-9a-f]{32}")

# Makes the picture that is kept of the one that was sent; given by the tier that has the codec child.
Portrait = Callable[[bytes], Awaitable[bytes]]


class Avatars:
    def __init__(self, accounts: Accounts, blobs: BlobStore, portrait: Portrait) -> None:
        self._accounts = accounts
        self._blobs = blobs
        self._portrait = portrait

    async def put(self, user_id: str, data: bytes, content_type: str) -> str:
        """Its name. Raises UnsupportedMedia or UnreadableMedia; the one before is kept then."""
        if content_type.partition(";")[0].strip().lower() not in TAKEN:
            raise UnsupportedMedia(f"A picture must be sent as {', '.join(TAKEN)}.")
        made = await self._portrait(data)
        name = secrets.token_hex(16)
        await self._blobs.append(_key(name), 0, made)
        await self._drop(await self._accounts.set_avatar(user_id, name))
        return name

    async def remove(self, user_id: str) -> None:
        await self._drop(await self._accounts.set_avatar(user_id, None))

    async def read(self, name: str) -> bytes:
        """Raises NotFound."""
        if not _NAME.fullmatch(name):
            raise _no_picture()
        try:
            return b"".join([piece async for piece in self._blobs.read(_key(name))])
        except BlobMissing:
            raise _no_picture() from None

    async def _drop(self, name: str | None) -> None:
        if name is not None:
            await self._blobs.delete(_key(name))


def path_of(name: str | None) -> str | None:
    return None if name is None else f"/avatars/{name}.webp"


def _key(name: str) -> str:
    return f"avatars/{name}.webp"


def _no_picture() -> NotFound:
    return NotFound("There is no such picture.")

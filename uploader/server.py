"""What the worker keeps per server: one client with its connections, and the two protocols spoken through
it.
"""

import contextlib
from collections.abc import Callable

from uploader import web
from uploader.api import ApiClient
from uploader.credentials import Credential, credential_for
from uploader.errors import UploadError
from uploader.tokens import Tokens
from uploader.transport import TusClient

UPLOADS = "/api/v1/uploads"


class Server:
    """Open until `close`."""

    def __init__(self, address: str, read: Callable[[str], Credential | None] = credential_for) -> None:
        self.address = address
        self.tokens = Tokens(address, read)
        self._http = web.open_client(address, self.tokens)
        self.api = ApiClient(self._http)
        self.tus = TusClient(self._http, UPLOADS)

    async def warm(self) -> None:
        """Opens a connection and asks what the server can do, so that the first recording need not wait
        for it.
        """
        with contextlib.suppress(UploadError):
            await self.tus.capabilities()

    async def close(self) -> None:
        await self._http.aclose()

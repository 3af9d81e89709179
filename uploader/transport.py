"""tus over httpx: one method per verb, answers as values, failures as our errors."""

from collections.abc import AsyncIterable, Mapping

import httpx

from uploader import protocol, web
from uploader.errors import NotHeddleError
from uploader.protocol import Capabilities, Place


class TusClient:
    """Speaks to one tus endpoint through an httpx client that it does not own.

    Every method raises Transient errors for what may pass, UploadGoneError when the server has dropped the
    resource, and RefusedError for what no repetition changes.
    """

    def __init__(self, http: httpx.AsyncClient, endpoint: str) -> None:
        self._http = http
        self._endpoint = http.base_url.join(endpoint)
        self._capabilities: Capabilities | None = None

    async def capabilities(self) -> Capabilities:
        """What the server can do; asked once."""
        if self._capabilities is None:
            response = await self._request("OPTIONS", self._endpoint, {})
            self._capabilities = protocol.parse_capabilities(response.headers)
        return self._capabilities

    async def create(self, length: int | None, metadata: Mapping[str, str]) -> str:
        """A new upload's address."""
        headers = protocol.create_headers(length, metadata)
        response = await self._request("POST", self._endpoint, headers)
        location = response.headers.get("location")
        if not location:
            raise NotHeddleError("It made an upload but did not say where.")
        return str(self._endpoint.join(location))

    async def place(self, url: str) -> Place:
        """How much the server holds."""
        response = await self._request("HEAD", url, {"Tus-Resumable": protocol.VERSION})
        return protocol.parse_place(response.headers)

    async def append(
        self,
        url: str,
        body: AsyncIterable[bytes],
        *,
        offset: int,
        size: int,
        checksum: str | None = None,
        declared: int | None = None,
        final: bool = False,
    ) -> int:
        """Sends `size` bytes for `offset` and answers the new offset, which the server has on disk by
        then.
        """
        headers = protocol.append_headers(offset, size, checksum, declared)
        timeout = web.patience(web.FINAL_ANSWER_S if final else web.ANSWER_S)
        response = await self._request("PATCH", url, headers, content=body, timeout=timeout)
        return protocol.parse_place(response.headers).offset

    async def terminate(self, url: str) -> None:
        """The server forgets the upload and its bytes."""
        await self._request("DELETE", url, {"Tus-Resumable": protocol.VERSION})

    async def _request(
        self,
        method: str,
        url: str | httpx.URL,
        headers: Mapping[str, str],
        *,
        content: AsyncIterable[bytes] | None = None,
        timeout: httpx.Timeout | None = None,
    ) -> httpx.Response:
        wait = timeout or web.patience(web.ANSWER_S)
        with web.reaching(self._endpoint.host):
            response = await self._http.request(method, url, headers=headers, content=content, timeout=wait)
        if not response.is_success:
            raise web.problem_of(response)
        return response

"""Asks a provider, and takes no more of an answer than it may have.

Which addresses are asked, the administrator decides: the issuer stands in their file, the others in what the
issuer itself publishes. So private addresses are allowed here; what is not is plain http to another computer,
and being sent on elsewhere.
"""

import asyncio
import json
import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from server.identity.oidc.providers import is_secure

TIMEOUT_S = 10.0
MAX_BYTES = 512 * 1024


class Unreachable(Exception):
    """No answer, or none that can be used. The text is for the log."""


class Http:
    """`transport` stands in for the network in tests."""

    def __init__(
        self, *, timeout_s: float = TIMEOUT_S, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._timeout_s = timeout_s
        self.transport = transport
        self._tls: ssl.SSLContext | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A JSON object. Raises Unreachable for anything else."""
        status, found = await self._ask("GET", url, headers=headers)
        if status != httpx.codes.OK:
            raise Unreachable(f"{url} answered {status}")
        return found

    async def post(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON object, also of a refusal. Raises Unreachable."""
        return await self._ask("POST", url, data=form, headers=headers)

    async def _ask(self, method: str, url: str, **sent: Any) -> tuple[int, dict[str, Any]]:
        if not is_secure(url):
            raise Unreachable(f"{url} is not https")
        try:
            async with asyncio.timeout(self._timeout_s), await self._client() as client:
                async with client.stream(method, url, **sent) as response:
                    body = await _body(response)
                return response.status_code, _object(body)
        except TimeoutError as problem:
            raise Unreachable(f"{url} did not answer within {self._timeout_s:g} seconds") from problem
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
            raise Unreachable(f"{url}: {type(problem).__name__}: {problem}"[:300]) from problem

    async def _client(self) -> httpx.AsyncClient:
        """Sign-ins are rare: one client each, and the certificates, which take a while, are read once."""
        if self._tls is None:
            self._tls = await asyncio.to_thread(httpx.create_ssl_context)
        return httpx.AsyncClient(
            verify=self._tls,
            transport=self.transport,
            timeout=self._timeout_s,
            trust_env=False,
            follow_redirects=False,
            headers={"Accept": "application/json"},
        )


async def _body(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BYTES:
            raise ValueError(f"the answer has more than {MAX_BYTES} bytes")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except RecursionError as problem:
        raise ValueError("the answer is nested too deeply") from problem
    if not isinstance(found, dict):
        raise ValueError("the answer is not a JSON object")
    return found

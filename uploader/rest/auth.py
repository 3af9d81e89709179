"""Signing requests: with an API key, or with a token that is renewed when the server says that it is over."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

import httpx

# Given the token that was refused: another one, or None where there is none.
Renew = Callable[[str], str | None]
RenewLater = Callable[[str], Awaitable[str | None]]


class ApiKey(httpx.Auth):
    def __init__(self, key: str) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-API-Key"] = self._key
        yield request


class Token(httpx.Auth):
    """`renew` is for `Client`, `renew_later` for `AsyncClient`: a refused request is sent once more."""

    def __init__(
        self, token: str, renew: Renew | None = None, *, renew_later: RenewLater | None = None
    ) -> None:
        self._token = token
        self._renew = renew
        self._renew_later = renew_later

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        refused = self._token
        response = yield self._signed(request)
        if _over(response) and self._renew is not None:
            another = self._renew(refused)
            if another is not None:
                self._token = another
                yield self._signed(request)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        refused = self._token
        response = yield self._signed(request)
        if _over(response) and self._renew_later is not None:
            another = await self._renew_later(refused)
            if another is not None:
                self._token = another
                yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _over(response: httpx.Response) -> bool:
    return response.status_code == httpx.codes.UNAUTHORIZED

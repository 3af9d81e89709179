"""Clients that send calls over an httpx client of their caller's, which also signs in and ends with it."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeVar

import httpx

from uploader.rest.call import Answer, Call, Listing, answer_of

T = TypeVar("T")


class Client:
    """Raises ApiError for what the server refuses, and what httpx does where a network fails."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def send(self, call: Call[T]) -> T:
        return self.answer(call).value

    def answer(self, call: Call[T]) -> Answer[T]:
        """With status and headers, such as the ETag."""
        return answer_of(call, self._http.send(call.request(self._http)))

    def each(self, listing: Listing[Any, T]) -> Iterator[T]:
        """Everything in a list, page after page."""
        following: Listing[Any, T] | None = listing.first()
        while following is not None:
            page = self.send(following)
            yield from page["data"]
            following = following.after(page)


class AsyncClient:
    """The same for programs that wait for many things."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def send(self, call: Call[T]) -> T:
        return (await self.answer(call)).value

    async def answer(self, call: Call[T]) -> Answer[T]:
        """With status and headers, such as the ETag."""
        return answer_of(call, await self._http.send(call.request(self._http)))

    async def each(self, listing: Listing[Any, T]) -> AsyncIterator[T]:
        """Everything in a list, page after page."""
        following: Listing[Any, T] | None = listing.first()
        while following is not None:
            page = await self.send(following)
            for one in page["data"]:
                yield one
            following = following.after(page)

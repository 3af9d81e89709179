"""A server of ours as the blocking clients of SCIM know one: as WSGI, asked from another thread."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import httpx

StartResponse = Callable[[str, list[tuple[str, str]]], object]


def as_wsgi(
    client: httpx.AsyncClient, loop: asyncio.AbstractEventLoop
) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """Not to be called from the thread of `loop`, which answers."""

    def application(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {"Content-Type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else {}
        url = httpx.URL(path=environ["PATH_INFO"], query=environ.get("QUERY_STRING", "").encode())
        asking = client.request(environ["REQUEST_METHOD"], url, content=body, headers=headers)
        answer = asyncio.run_coroutine_threadsafe(asking, loop).result(60)
        start(f"{answer.status_code} {answer.reason_phrase}", [*answer.headers.items()])
        return [answer.content]

    return application

"""Whether a server answers only what its own description says it can."""

import json
from collections.abc import Iterator
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Method and path of an operation; status, and the code of a refusal.
Answer = tuple[str, str, int, str]


class Listener:
    """ASGI middleware that notes what operations answer."""

    def __init__(self, app: ASGIApp, heard: set[Answer]) -> None:
        self._app = app
        self._heard = heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, body = 0, b""

        async def listen(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            if status >= 400 and scope["method"] != "HEAD":
                body += message.get("body", b"")
            await send(message)

        await self._app(scope, receive, listen)
        path = getattr(scope.get("route"), "path", None)
        if path is not None:
            self._heard.add((scope["method"], path, status, _code(body)))


class Description:
    """What `/openapi.json` says that operations answer."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._shared = document["components"]["responses"]
        self._answers = {
            (method.upper(), path): operation["responses"]
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def unknown(self, heard: set[Answer]) -> Iterator[str]:
        """Answers that it does not know of, in words."""
        for method, path, status, code in sorted(heard):
            answers = self._answers.get((method, path))
            if answers is None or status >= 500:  # pages, and what the description says once for all
                continue
            known = answers.get(str(status))
            if known is None or (code and code not in self._codes(known)):
                yield f"{method} {path} answered {status} {code}, which its description does not know"

    def _codes(self, answer: dict[str, Any]) -> set[str]:
        if "$ref" in answer:
            answer = self._shared[answer["$ref"].rpartition("/")[2]]
        shown = answer.get("content", {}).get("application/json", {}).get("examples", {})
        return set(shown)


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return ""

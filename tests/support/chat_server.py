"""A language model that says what a test wants, behind the protocol: `/v1/chat/completions` over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from tests.support.processes import wait_until

Body = dict[str, Any]
# What to answer to the body of a request: a ready response, or the object the "model" writes.
Script = Callable[[Body], Response | Body]


@dataclass
class ChatServer:
    """`url` ends in /v1. `scripts` answer a request each, the last all that follow; `asked` are bodies."""

    url: str = ""
    scripts: list[Script] = field(default_factory=list)
    asked: list[Body] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def sentences(self, number: int = -1) -> list[Body]:
        """The transcript in the request of that number."""
        found: list[Body] = json.loads(self.asked[number]["messages"][1]["content"])["sentences"]
        return found


def says(text: str | Body, *, finish: str = "stop", usage: Body | None = None) -> Response:
    """A completion with that text, or that object as JSON."""
    content = text if isinstance(text, str) else json.dumps(text)
    message = {"role": "assistant", "content": content}
    counted = {"prompt_tokens": 700, "completion_tokens": 300} if usage is None else usage
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return JSONResponse({"object": "chat.completion", "choices": [choice], "usage": counted})


def fails(status: int, body: Body | None = None, **headers: str) -> Script:
    """Always that status."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: JSONResponse(body or {"error": {"message": "no"}}, status, names)


def redirects(to: str) -> Script:
    return lambda _: RedirectResponse(to, 307)


@contextmanager
def chat_server(*scripts: Script) -> Iterator[ChatServer]:
    """Serves on a free port of loopback until the end of the block."""
    double = ChatServer(scripts=list(scripts))
    config = uvicorn.Config(_app(double), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="chat-server")
    thread.start()
    try:
        wait_until(lambda: server.started, what="the chat server listens", timeout_s=30)
        port = server.servers[0].sockets[0].getsockname()[1]
        double.url = f"http://127.0.0.1:{port}/v1"
        yield double
    finally:
        double.released.set()
        server.should_exit = True
        server.force_exit = True
        thread.join(30)


def _app(double: ChatServer) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.post("/v1/chat/completions")
    def complete(body: Body, request: Request) -> Response:
        double.asked.append(body)
        double.keys.append(request.headers.get("authorization", ""))
        script = double.scripts.pop(0) if len(double.scripts) > 1 else double.scripts[0]
        answer = script(body)
        return answer if isinstance(answer, Response) else says(answer)

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    def stray(path: str) -> Response:
        double.strays.append(path)
        return Response(status_code=200)

    return app

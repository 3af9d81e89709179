"""An application of this process on a real socket, for clients that need one: WebSockets, for example."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from server.sockets import MAX_MESSAGE_BYTES, PING_S, HeddleSocketProtocol


@asynccontextmanager
async def listening(app: FastAPI, *, ping_s: float = PING_S) -> AsyncIterator[str]:
    """Gives `host:port`. The application's lifespan is the caller's; sockets are pinged every `ping_s`."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        ws=HeddleSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=ping_s,
        ws_ping_timeout=ping_s,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listener]))
    try:
        host, port = listener.getsockname()
        yield f"{host}:{port}"
    finally:
        server.should_exit = True
        await task
        listener.close()

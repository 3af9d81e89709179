"""`heddle-server serve`: the application on a socket, from the first start to an orderly end."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from media import garbage, heap
from server import storage
from server.checks import check
from server.config import Settings, mistyped
from server.errors import SetupError
from server.listening import listen, url_of
from server.lock import DataLock, remove_card, write_card
from server.setup import OWNER, PASSWORD_FILE, ensure_owner, make_folder, prepare
from server.sockets import MAX_MESSAGE_BYTES, PING_S, HeddleSocketProtocol

# A recorder uploads twice a second and a viewer asks as often: their connections stay open between.
KEEP_ALIVE_S = 30

log = structlog.get_logger()


def serve(settings: Settings) -> None:
    """Blocks until SIGINT or SIGTERM. Raises SetupError when it cannot start."""
    make_folder(settings.data)
    lock = DataLock(settings.data)
    lock.acquire()
    try:
        asyncio.run(storage.check(settings))
        check(settings)
        _warn_of_names()
        heap.keep_short_lived_pieces()
        listener = listen(settings.host, settings.port)
        prepare(settings)
        from server.app import create_app  # noqa: PLC0415 - half of what there is to load: not for a refused start

        app = create_app(settings)
        server = _Server(_config(app, settings), app, settings)
        with _quiet_signals(), asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(server.serve([listener]))
    finally:
        remove_card(settings.data)
        lock.release()


def _warn_of_names() -> None:
    for name, meant in mistyped(os.environ).items():
        log.warning("this variable is no setting", name=name, perhaps=meant)


class _Server(uvicorn.Server):
    """Says that it listens, and lets waiting requests go when it ends."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, settings: Settings) -> None:
        super().__init__(config)
        self._app = app
        self._settings = settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            with _without_tracebacks(self._app):
                await super().startup(sockets)
        except SystemExit:  # what uvicorn does where the application does not open
            if (problem := _refused(self._app)) is not None:
                raise problem from None
            raise
        if not self.started or not sockets:
            return
        created = await ensure_owner(self._app.state.services.identity, self._settings)
        garbage.settle()
        url = url_of(sockets[0])
        write_card(self._settings.data, url)
        print(f"Heddle is ready at {url}", flush=True)  # noqa: T201 (what scripts wait for)
        if created:
            file = self._settings.data / PASSWORD_FILE
            print(f"Sign in as {OWNER} with the password in {file}", flush=True)  # noqa: T201 (for people)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.services.begin_stop()
        await super().shutdown(sockets)


def _refused(app: FastAPI) -> SetupError | None:
    """Why the application could not be opened, where a person can mend it."""
    problem: SetupError | None = getattr(app.state, "refused", None)
    return problem


@contextlib.contextmanager
def _without_tracebacks(app: FastAPI) -> Iterator[None]:
    """What a person can mend is said in words: uvicorn would log it as a crash."""

    def wanted(_record: logging.LogRecord) -> bool:
        return _refused(app) is None

    logger = logging.getLogger("uvicorn.error")
    logger.addFilter(wanted)
    try:
        yield
    finally:
        logger.removeFilter(wanted)


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    options: dict[str, Any] = {"http": _http_protocol()}
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="on",
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=settings.shutdown_timeout_s,
        ws=HeddleSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        # Messages are small and encoded once for all who hear them: compressing each again costs more.
        ws_per_message_deflate=False,
        **options,
    )


def _http_protocol() -> Any:
    try:
        from server.protocol import HeddleProtocol  # noqa: PLC0415 (needs httptools, which is optional)
    except ImportError:
        return "h11"  # slower; it bounds heads by itself
    return HeddleProtocol


@contextlib.contextmanager
def _quiet_signals() -> Iterator[None]:
    """uvicorn raises the signal that ended it once more when it is done; an orderly end is no failure."""
    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, lambda _signal, _frame: None) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)

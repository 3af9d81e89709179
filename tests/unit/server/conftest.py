"""The server as its routes see it: real migrations, a real database and disk, requests through ASGI."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server import logging
from server.app import create_app
from server.config import Settings
from server.identity.models import UserRow
from server.wiring import Services
from tests.support.databases import put_migrated
from tests.support.described import Answer, Description, Listener
from tests.support.statements import keep_statements

BASE = "http://heddle.test"
SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture(autouse=True, scope="session")
def quiet() -> None:
    logging.configure("error", "console")
    keep_statements()


@cache
def _usual_settings() -> Settings:
    """To look for each setting in the environment takes a tenth of the time in which a server opens."""
    return Settings(
        database_url="", database_pool=4, workers=0, min_free_bytes=0, log_level="error", rate_limits="off"
    )


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    if not database_url:
        put_migrated(data)
    return _usual_settings().model_copy(update={"data": data, "database_url": database_url})


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """What `/openapi.json` answers. Seconds go into it, and no setting does."""
    return create_app().openapi()


@pytest.fixture(scope="session")
def description(document: dict[str, Any]) -> Description:
    return Description(document)


@pytest.fixture
async def app(
    settings: Settings, document: dict[str, Any], description: Description
) -> AsyncIterator[FastAPI]:
    """Whatever a test asks it: its answers must be those that its description knows."""
    app, heard = create_app(settings), set[Answer]()
    app.openapi_schema = document
    app.add_middleware(Listener, heard=heard)
    async with app.router.lifespan_context(app):
        yield app
    unknown = list(description.unknown(heard))
    assert unknown == [], "add what is right to server/openapi/refusals.py or operations.py"


@pytest.fixture
def services(app: FastAPI) -> Services:
    services: Services = app.state.services
    return services


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody in particular."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        yield client


@pytest.fixture
async def sign_in(app: FastAPI, services: Services) -> AsyncIterator[SignIn]:
    """Makes an account and a client that carries its token, without the time a password's hash takes."""
    async with AsyncExitStack() as stack:

        async def open_client(name: str) -> httpx.AsyncClient:
            row = UserRow(email=f"{name}@example.org", username=name, password_hash="-", role="member")
            async with services.db.write() as session:
                session.add(row)
            token = (await services.identity.sessions.open(row.id)).access.token
            headers = {"Authorization": f"Bearer {token}"}
            transport = httpx.ASGITransport(app)
            return await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)
            )

        yield open_client


@pytest.fixture
async def ann(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("ann")


@pytest.fixture
async def bob(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("bob")

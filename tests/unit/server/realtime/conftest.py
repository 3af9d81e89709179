"""A server on a real socket, and a team."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from server.wiring import Services
from tests.support.listening import listening
from tests.support.people import Team, make_team

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with listening(app) as address:
        yield address


@pytest.fixture
async def team(sign_in: SignIn, services: Services) -> Team:
    return await make_team(sign_in, services)

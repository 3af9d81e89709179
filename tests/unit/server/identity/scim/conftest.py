"""A directory that keeps the accounts of a server, with the key of its owner."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from server.identity.keys.schemas import CreateKeyRequest
from server.identity.schemas import Role
from server.identity.scopes import Scope
from server.wiring import Services
from tests.support.scim import BASE, Directory


@pytest.fixture
async def owner(services: Services) -> str:
    added = await services.identity.add_user("owner@example.org", "correct horse battery", role=Role.OWNER)
    return added.id


@pytest.fixture
async def directory(
    app: FastAPI, services: Services, quick_passwords: None, owner: str
) -> AsyncIterator[Directory]:
    _, key = await services.identity.keys.create(
        owner, CreateKeyRequest(name="Directory", scopes={Scope.SCIM}, expires_at=None)
    )
    headers = {"Authorization": f"Bearer {key}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
        yield Directory(client)

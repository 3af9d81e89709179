"""People of a server under test: a team with somebody of each role, and quick passwords."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from server.db import now
from server.identity.models import UserRow
from server.identity.permissions import WorkspaceRole
from server.identity.workspaces.models import MemberRow
from server.wiring import Services

WORKSPACES = "/api/v1/workspaces"


@dataclass(frozen=True)
class Team:
    """A workspace with somebody of each role, and somebody who is not in it."""

    id: str
    clients: dict[str, httpx.AsyncClient]
    ids: dict[str, str]

    @property
    def url(self) -> str:
        return f"{WORKSPACES}/{self.id}"

    async def roles(self) -> dict[str, str]:
        names = {one: name for name, one in self.ids.items()}
        data = (await self.clients["owner"].get(f"{self.url}/members")).json()["data"]
        return {names[one["userId"]]: one["role"] for one in data}


async def make_team(sign_in: Callable[[str], Awaitable[httpx.AsyncClient]], services: Services) -> Team:
    clients = {name: await sign_in(name) for name in (*WorkspaceRole, "stranger")}
    ids = {name: (await client.get("/api/v1/me")).json()["id"] for name, client in clients.items()}
    made = await clients["owner"].post(WORKSPACES, json={"name": "The team"})
    assert made.status_code == 201, made.text
    async with services.db.write() as session:
        for role in list(WorkspaceRole)[1:]:
            session.add(MemberRow(workspace_id=made.json()["id"], user_id=ids[role], role=role))
    return Team(made.json()["id"], clients, ids)


class QuickHasher:
    """A password's hash takes a tenth of a second on purpose; these tests are about other things."""

    def hash(self, password: str) -> str:
        return f"quick:{password}"

    def verify(self, password: str, hashed: str) -> bool:
        return hashed == f"quick:{password}"


async def change_user(services: Services, user_id: str, **values: Any) -> None:
    async with services.db.write() as session:
        row = await session.get_one(UserRow, user_id)
        for name, value in values.items():
            setattr(row, name, value)


async def verify_user(services: Services, user_id: str) -> None:
    await change_user(services, user_id, email_verified_at=now())

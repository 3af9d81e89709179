"""A directory with its key, whose answers are validated; and a server of ours as SCIM's clients know one."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from scim2_models import BaseModel, Context, Error
from sqlalchemy import select

from server.identity.accounts.models import AuditRow
from server.identity.scim import resources
from server.identity.scim.groups import resources as groups
from server.wiring import Services

BASE = "http://heddle.test"
USERS = "/scim/v2/Users"
GROUPS = "/scim/v2/Groups"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
# As RFC 7644 section 3.3 has it, with what directories send beside it.
BARBARA: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "userName": "bjensen@example.org",
    "externalId": "bjensen",
    "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
    "emails": [{"value": "Barbara.Jensen@example.org", "type": "work", "primary": True}],
    "title": "Vice President",
    "password": "is not taken: t1meMa$heen",
    ENTERPRISE: {"department": "Tours"},
}
Body = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Directory:
    """A directory with its key: each answer must be what SCIM says it is."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(
        self, method: str, path: str, status: int, body: Any = None, *, kind: type[BaseModel] | None = None
    ) -> Body:
        answer = await self.client.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        if status == 204:
            assert answer.content == b""
            return {}
        assert answer.headers["content-type"] == "application/scim+json"
        found: Body = answer.json()
        if status >= 400:
            Error.model_validate(found)
            assert found["status"] == str(status)
            return found
        context = Context.RESOURCE_CREATION_RESPONSE if status == 201 else Context.RESOURCE_QUERY_RESPONSE
        one = resources.User if path.startswith(USERS) else groups.Group
        (kind or one).model_validate(found, scim_ctx=context)
        if kind is None:
            of = USERS if path.startswith(USERS) else GROUPS
            assert answer.headers["location"] == found["meta"]["location"] == f"{BASE}{of}/{found['id']}"
        return found

    async def make(self, **over: Any) -> Body:
        return await self.ask("POST", USERS, 201, BARBARA | over)

    async def patch(self, user_id: str, *operations: Body, status: int = 200) -> Body:
        body = {"schemas": [PATCH], "Operations": operations}
        return await self.ask("PATCH", f"{USERS}/{user_id}", status, body)

    async def make_group(self, name: str, *members: str, status: int = 201, **more: Any) -> Body:
        held = [{"value": user_id} for user_id in members]
        body = {"schemas": [GROUP], "displayName": name, "members": held, **more}
        return await self.ask("POST", GROUPS, status, body)

    async def patch_group(self, group_id: str, *operations: Body, status: int = 200) -> Body:
        body = {"schemas": [PATCH], "Operations": operations}
        return await self.ask("PATCH", f"{GROUPS}/{group_id}", status, body)

    async def find(self, query: str = "", status: int = 200) -> Body:
        return await self.ask("GET", f"{USERS}?{query}", status, kind=resources.Page)


def mail(n: int) -> list[Body]:
    return [{"value": f"u{n}@example.org"}]


async def log(services: Services, user_id: str) -> list[tuple[str, Any]]:
    async with services.db.read() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.user_id == user_id))
        return [(row.act, row.details) for row in rows]


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

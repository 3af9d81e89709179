"""What is not asked by a route of its own: fields of GraphQL, and what is said and heard at `/ws`.

Rows of the same table: `GQL Type.field`, `SAY message`, `HEAR family`. A field, a message or a family of
events without a row fails, as does a row without one.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type

from server.bus import Event
from server.db import now
from server.errors import ServerError
from server.graphql.context import Context
from server.graphql.schema import schema
from server.identity.access import whose
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.realtime import commands
from server.realtime.audience import Audience
from server.realtime.client import Client
from server.realtime.messages import FAMILIES
from server.wiring import Services
from tests.support.access import World, make_world
from tests.unit.server.test_access_matrix import Row, rows

GRAPH = schema._schema
# Of these, every field has a row: they are where rights are asked for.
TYPES = ("Query", "Mutation", "Subscription", "Recording", "User")
OF_GRAPH, SAID, HEARD = "GQL", "SAY", "HEAR"
INPUTS = {
    "Mutation.startRecording": 'input: {title: "Talk", recordingType: SCREEN}',
    "Mutation.controlRecording": 'input: {sessionId: "%s", action: PAUSE}',
    "Query.recording": 'id: "%s"',
    "Subscription.recordingUpdated": 'sessionId: "%s"',
    "Subscription.recordingProgress": 'sessionId: "%s"',
}


def document(name: str, recording_id: str) -> str:
    """What asks for a field, through those that lead to it."""
    type_, _, field = name.partition(".")
    given = INPUTS.get(name, "")
    asked = field + (f"({given.replace('%s', recording_id)})" if given else "") + _inside(type_, field)
    leads = {
        "Recording": f'{{ recording(id: "{recording_id}") {{ {asked} }} }}',
        "User": f"{{ me {{ {asked} }} }}",
        "Query": f"{{ {asked} }}",
    }
    return leads.get(type_) or f"{type_.lower()} {{ {asked} }}"


def _inside(type_: str, field: str) -> str:
    return "" if is_leaf_type(get_named_type(fields_of(type_)[field].type)) else " { __typename }"


def fields_of(type_: str) -> dict[str, GraphQLField]:
    held = GRAPH.type_map[type_]
    assert isinstance(held, GraphQLObjectType)
    return dict(held.fields)


def verdict(data: Any, errors: list[Any] | None) -> int:
    """As a status; what is null is not there."""
    if errors:
        extensions = errors[0].get("extensions", {}) if isinstance(errors[0], dict) else errors[0].extensions
        return int((extensions or {}).get("status", 500))
    return 404 if not data or None in data.values() else 200


@dataclass
class Asking:
    """Everybody of the table, at one server."""

    app: FastAPI
    client: httpx.AsyncClient
    services: Services
    world: World

    def headers(self, row: Row, who: str) -> dict[str, str]:
        scope = "account:read" if row.scope == "-" else row.scope
        return self.world.headers[who if who not in ("key", "but") else f"{who}:{scope}"]

    @property
    def request(self) -> Request:
        scope = {"type": "http", "app": self.app, "method": "POST", "path": "/graphql", "headers": []}
        return Request({**scope, "query_string": b"", "scheme": "http", "server": ("heddle.test", 80)})

    async def user(self, row: Row, who: str, needed: Scope) -> User | None:
        shown = self.headers(row, who)
        token = shown.get("X-API-Key") or shown.get("Authorization", "").removeprefix("Bearer ")
        return await whose(self.request, token, needed)

    async def ask(self, row: Row, who: str) -> int:
        if row.method == SAID:
            return await self.say(row, who)
        if row.method == HEARD:
            return await self.hear(row, who)
        if row.path.startswith("Subscription."):
            return await self.subscribe(row, who)
        body = {"query": document(row.path, self.world.names["recording_id"])}
        answer = await self.client.post("/graphql", json=body, headers=self.headers(row, who))
        if answer.status_code != 200:
            return answer.status_code
        said = answer.json()
        return verdict(said["data"], said.get("errors"))

    async def subscribe(self, row: Row, who: str) -> int:
        user = await self.user(row, who, Scope.RECORDINGS_READ)
        if user is None:
            return refused(who)
        asked = document(row.path, self.world.names["recording_id"])
        results: Any = await schema.subscribe(asked, context_value=Context(self.request, user))
        if not isinstance(results, AsyncGenerator):
            return verdict(results.data, results.errors)
        first = asyncio.ensure_future(anext(results))
        try:
            # One that only tells of what comes was let in when it listens.
            while not first.done() and not len(self.app.state.graphql.feeds):  # noqa: ASYNC110 (nobody is told of it)
                await asyncio.sleep(0)
            return verdict(first.result().data, first.result().errors) if first.done() else 200
        finally:
            first.cancel()
            await asyncio.wait((first,))
            await results.aclose()

    async def say(self, row: Row, who: str) -> int:
        user = await self.user(row, who, Scope.RECORDINGS_READ)
        if row.path == "auth":
            return refused(who) if user is None else 200
        if who in ("key", "but"):  # a key comes in by reading; what it may say is asked of each message
            user = await self.user(
                row, who, Scope.RECORDINGS_WRITE if who == "key" else Scope.RECORDINGS_READ
            )
        if user is None:
            return refused(who)
        try:
            session = {"sessionId": self.world.names["recording_id"]}
            await commands.run(self.request, user, row.path, session)
        except ServerError as problem:
            return problem.status
        return 200

    async def hear(self, row: Row, who: str) -> int:
        user = await self.user(row, who, Scope.RECORDINGS_READ)
        if user is None:
            return refused(who)
        known, names = FAMILIES[row.path], self.world.names
        audience = Audience(self.services.recordings, self.services.workspaces)
        recording_id = None if known.whom == "person" else names["recording_id"]
        event = Event(1, f"{row.path}.happened", recording_id, self.world.ids["maker"], {}, now())
        if not Client(user.id, user).hears(known.scope):
            return 403
        return 200 if user.id in await audience.of(event, known) else 404


def refused(who: str) -> int:
    return 401 if who in ("nobody", "expired") else 403


async def test_fields_and_messages_answer_everybody_as_the_table_says(
    app: FastAPI, services: Services, client: httpx.AsyncClient
) -> None:
    asking = Asking(app, client, services, await make_world(services))
    wrong = []
    for row in rows(OF_GRAPH, SAID, HEARD):
        for who, status in row.asked():
            if (answered := await asking.ask(row, who)) != status:
                wrong.append(f"{row.method} {row.path} {who}: not {status} but {answered}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("method", [OF_GRAPH, SAID, HEARD])
def test_every_one_has_a_row(method: str) -> None:
    there = {
        OF_GRAPH: {f"{name}.{field}" for name in TYPES for field in fields_of(name)},
        SAID: {"auth", *commands._COMMANDS},
        HEARD: {*FAMILIES},
    }
    listed = [row.path for row in rows(method)]
    assert set(listed) == there[method], "each has a row in tests/data/access.txt, and each row is of one"
    assert len(listed) == len(set(listed))

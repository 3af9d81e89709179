"""Asking over GraphQL."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def ask() -> Ask:
    async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
        answer = await client.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return ask


async def record(client: httpx.AsyncClient, title: str) -> str:
    made = await client.post("/api/v1/recordings", json={"recordingType": "screen", "title": title})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])

"""Requests as the description allows them, made by Schemathesis: every answer is one it knows.

The same requests in each run. HEDDLE_CHAOS_REQUESTS says how many per operation, for a longer look.
"""

import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.result import Ok

from server.wiring import Services
from tests.support.people import QuickHasher

REQUESTS = int(os.environ.get("HEDDLE_CHAOS_REQUESTS", "3"))
# Who asks is a test's to say, and it goes on being somebody.
OWN = {"authorization", "x-api-key", "cookie"}


def cases_of(operation: Any) -> list[Any]:
    cases: list[Any] = []

    @settings(
        max_examples=REQUESTS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @seed(20261122)
    @given(case=operation.as_strategy())
    def collect(case: Any) -> None:
        cases.append(case)

    collect()
    return cases


def all_cases(description: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for case in cases_of(operation):
            yield operation, case


async def ask(client: httpx.AsyncClient, case: Any) -> httpx.Response:
    asked = case.as_transport_kwargs(base_url=str(client.base_url))
    headers = {name: value for name, value in dict(asked["headers"]).items() if name.lower() not in OWN}
    data = asked.get("data")
    content = data if isinstance(data, bytes | str) else None
    form = data if isinstance(data, dict) else None
    sent = {"params": asked.get("params"), "json": asked.get("json"), "content": content, "data": form}
    return await client.request(asked["method"], asked["url"], headers=headers, **sent)


def kind_of(answer: httpx.Response) -> str:
    """Empty where there is no body."""
    return answer.headers.get("content-type", "").partition(";")[0] if answer.content else ""


def kinds_of(described: dict[str, Any], description: dict[str, Any]) -> set[str]:
    """What an answer may be; without content, nothing."""
    if "$ref" in described:
        described = description["components"]["responses"][described["$ref"].rpartition("/")[2]]
    return set(described.get("content", ())) or {""}


async def test_what_the_description_allows_gets_an_answer_it_describes(
    app: FastAPI, services: Services, sign_in: Callable[[str], Awaitable[httpx.AsyncClient]]
) -> None:
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
    description = app.openapi()
    wrong, asked, forms = [], 0, 0
    people: dict[str, httpx.AsyncClient] = {}
    for operation, case in all_cases(description):
        if operation.label not in people:  # somebody new for each, as some end a sign-in or an account
            people[operation.label] = await sign_in(f"p{len(people)}")
        answer = await ask(people[operation.label], case)
        asked += 1
        known = description["paths"][operation.path][operation.method.lower()]["responses"]
        described = known.get(str(answer.status_code))
        place = (operation.method, operation.path, answer.status_code)
        if described is None or answer.status_code >= 500:
            wrong.append((*place, answer.text[:100]))
        elif (kind := kind_of(answer)) not in kinds_of(described, description):
            wrong.append((*place, f"answers {kind or 'nothing'}"))
        forms += isinstance(case.media_type, str) and "form" in case.media_type
    assert wrong == [], "\n".join(map(str, wrong))
    assert asked > 400, "the search for operations has gone blind"
    assert forms > 5, "no form was sent"

"""A browser that signs in by SAML: from our page to the provider's, and back."""

from collections.abc import Callable
from typing import Any

import httpx
from fastapi import FastAPI

from tests.support.saml import Answer, Request, encoded

LOGIN, ACS = "/saml/company/login", "/saml/company/acs"
Form = dict[str, str]


async def begin(client: httpx.AsyncClient, **query: str) -> str:
    begun = await client.get(LOGIN, params=query)
    assert begun.status_code == 303, begun.text
    return str(begun.headers["location"])


async def post(app: FastAPI, form: Form, *, to: str = ACS) -> httpx.Response:
    """As a page of the provider's site has the browser send it: without our cookie (`SameSite`)."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://heddle.test"
    ) as elsewhere:
        return await elsewhere.post(to, data=form)


async def answer(app: FastAPI, client: httpx.AsyncClient, xml: str, state: str) -> httpx.Response:
    """What the browser has in the end: our page after the provider's, or where it stopped."""
    posted = await post(app, {"SAMLResponse": encoded(xml), "RelayState": state})
    if posted.status_code != 303:
        return posted
    return await client.get(posted.headers["location"])


async def sign_in(
    app: FastAPI,
    client: httpx.AsyncClient,
    status: int = 303,
    *,
    seal: Callable[[str], str] = str,
    **said: Any,
) -> httpx.Response:
    """`seal` encrypts the assertion of the answer."""
    address = await begin(client, next="/search")
    found = await answer(app, client, seal(Answer.to(address, **said).xml()), Request.of(address).state)
    assert found.status_code == status, found.text
    return found


async def person(client: httpx.AsyncClient) -> dict[str, Any]:
    """Whoever is signed in in this browser."""
    found = await client.post("/auth/refresh", headers={"X-Heddle-Session": "1"})
    assert found.status_code == 200, found.text
    return dict(found.json()["user"])

"""Signing in by SAML: from our page to the provider's and back, in one browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from lxml import etree

from server.config import Settings
from server.identity.native.requests import challenge_of
from server.identity.saml.providers import SamlProvider
from server.wiring import Services
from tests.support import saml
from tests.support.people import change_user
from tests.support.saml import ENTITY_ID, Answer, Request, encoded
from tests.support.saml_browser import ACS, LOGIN, answer, begin, person, post, sign_in

IDENTITIES = "/api/v1/auth/identities"
PROVIDERS = """
[company]
name = "Company"
metadata = "company.xml"
email_domains = ["example.org"]
accounts = "create"
"""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "company.xml").write_text(saml.metadata())
    (tmp_path / "saml.toml").write_text(PROVIDERS)
    known = {"saml": tmp_path / "saml.toml", "public_url": "http://heddle.test"}
    return settings.model_copy(update=known)


def change(services: Services, **values: Any) -> None:
    known = services.people.federation.providers
    assert isinstance(known["company"], SamlProvider)
    known["company"] = replace(known["company"], **values)


async def test_a_newcomer_gets_an_account_and_comes_back_to_it(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    found = await sign_in(app, client)
    assert found.headers["location"] == "/signin?next=%2Fsearch"
    ada = await person(client)
    assert (ada["email"], ada["username"], ada["role"]) == ("ada@example.org", "Ada", "member")
    # Who they are is the NameID, whatever else changes.
    await sign_in(app, client, attributes=(("mail", "Countess@example.org"),))
    assert (await person(client))["id"] == ada["id"]
    ways = (await client.get("/auth/ways")).json()["providers"]
    assert ways == [{"id": "company", "name": "Company", "startPath": LOGIN}]


async def test_the_request_and_our_metadata_say_what_we_are(client: httpx.AsyncClient) -> None:
    request = Request.of(await begin(client))
    assert request.destination == saml.SSO_URL
    assert request.acs == f"http://heddle.test{ACS}"
    found = await client.get("/saml/company/metadata")
    assert found.headers["content-type"].startswith("application/samlmetadata+xml")
    described = etree.fromstring(found.content)
    assert described.get("entityID") == request.issuer
    (place,) = described.xpath("//@Location")
    assert place == request.acs
    assert described.xpath("//@WantAssertionsSigned") == ["true"]
    for path in ("metadata", "login", "done"):
        assert (await client.get(f"/saml/nobody/{path}")).status_code == 404
    # Each kind has addresses of its own.
    assert (await client.get("/auth/oidc/company/start")).status_code == 404


LIES: dict[str, Callable[[Answer], str]] = {
    "not signed": lambda answer: answer.with_(sign_assertion=False).xml(),
    "over": lambda answer: answer.with_(end=-61).xml(),
    "for somebody else": lambda answer: answer.with_(audience="https://else.example.org/saml").xml(),
    "a bomb": lambda answer: '<!DOCTYPE x [<!ENTITY a "b">]>' + answer.xml(),
    "nothing": lambda _: "",
}


async def test_an_assertion_that_is_forged_foreign_or_old_signs_nobody_in(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    """All that is wrong with one: test_assertions.py."""
    for name, lie in LIES.items():
        address = await begin(client)
        found = await answer(app, client, lie(Answer.to(address)), Request.of(address).state)
        assert found.status_code == 403, name
        assert "Company did not confirm who you are" in found.text
        assert "heddle_session" not in client.cookies
    assert await services.identity.users() == []


async def test_a_comment_does_not_cut_a_name_short(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    """Signatures are made over the text without comments; what is read must be all of it."""
    email = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    for cut in ("ada@example.org<!-- -->.evil.example", "<!-- -->ada@example.org.evil.example"):
        address = await begin(client)
        said = Answer.to(address, name_id="ada@example.org.evil.example", format=email, attributes=())
        xml = said.xml().replace("ada@example.org.evil.example", cut)
        found = await answer(app, client, xml, Request.of(address).state)
        assert found.status_code == 403
        assert "certain e-mail addresses" in found.text
    assert await services.identity.users() == []
    await sign_in(app, client, name_id="ada@example.org", format=email, attributes=())
    assert (await person(client))["email"] == "ada@example.org"


async def test_what_was_begun_is_finished_once_in_the_same_browser(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    address = await begin(client)
    form = {"SAMLResponse": encoded(Answer.to(address).xml()), "RelayState": Request.of(address).state}
    arrived = (await post(app, form)).headers["location"]
    again = await post(app, form)
    assert (again.status_code, "finished already" in again.text) == (400, True)
    async with httpx.AsyncClient(transport=client._transport, base_url=client.base_url) as other:
        assert (await other.get(arrived)).status_code == 400
    # That has used it up: whoever got hold of the address has nothing of it.
    assert (await client.get(arrived)).status_code == 400
    for form in (
        {"SAMLResponse": encoded(Answer.to(await begin(client)).xml())},
        {"SAMLResponse": "x", "RelayState": "invented"},
        {},
    ):
        assert (await post(app, form)).status_code == 400
    state = Request.of(await begin(client)).state
    assert (await client.get("/saml/company/done", params={"key": state})).status_code == 400


async def test_people_are_sent_without_having_asked_only_where_the_administrator_said_so(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    unasked = Answer.to(await begin(client)).with_(request_id=None)
    assert (await post(app, {"SAMLResponse": encoded(unasked.xml())})).status_code == 400
    change(services, unasked=True)
    form = {"SAMLResponse": encoded(unasked.xml())}
    arrived = await post(app, form)
    assert arrived.status_code == 303
    client.cookies.set("heddle_oidc", arrived.cookies["heddle_oidc"], "heddle.test", "/saml")
    assert (await client.get(arrived.headers["location"])).headers["location"] == "/signin?next=%2F"
    # Nothing was asked that could be used up: the assertion is.
    for again in (form, {"SAMLResponse": encoded(unasked.with_(name_id="u-2").xml())}):
        refused = await post(app, again)
        assert (refused.status_code, "did not confirm" in refused.text) == (403, True)
    # An answer to a question is none to no question.
    asked = Answer.to(await begin(client))
    assert (await post(app, {"SAMLResponse": encoded(asked.xml())})).status_code == 403


async def test_what_was_said_to_another_server_is_not_believed_whatever_host_is_asked_for(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    """Whoever runs that one could ask there what was begun here, and bring the answer."""
    host = {"Host": "evil.example.org"}
    begun = await client.get(LOGIN, headers=host)
    request = Request.of(begun.headers["location"])
    assert request.issuer == "http://heddle.test/saml/company/metadata"
    there = "http://evil.example.org/saml/company"
    said = Answer(request.id, f"{there}/acs", f"{there}/metadata")
    form = {"SAMLResponse": encoded(said.xml()), "RelayState": request.state}
    assert (await client.post(ACS, data=form, headers=host)).status_code == 403


async def test_a_provider_that_says_no_is_told_in_words(app: FastAPI, client: httpx.AsyncClient) -> None:
    status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
    address = await begin(client, next="/search")
    said = Answer.to(address, status=status, sign_assertion=False)
    refused = await answer(app, client, said.xml(), Request.of(address).state)
    assert refused.status_code == 403
    assert "cancelled there" in refused.text
    assert "/signin?next=%2Fsearch" in refused.text


async def test_whose_account_it_is_follows_the_same_rules(
    app: FastAPI, client: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    anns: dict[str, Any] = {"name_id": "u-ann", "attributes": (("email", "ann@example.org"),)}
    assert "There is an account" in (await sign_in(app, client, 403, **anns)).text
    begun = await ann.post(IDENTITIES, json={"provider": "company", "next": "/security"})
    address = begun.json()["address"]
    xml = Answer.to(address, **anns).xml()
    linked = await answer(app, ann, xml, Request.of(address).state)
    assert linked.headers["location"] == "/security"
    (identity,) = (await ann.get(IDENTITIES)).json()["data"]
    assert (identity["provider"], identity["email"]) == ("company", "ann@example.org")
    await sign_in(app, client, **anns)
    assert (await person(client))["email"] == "ann@example.org"
    # Whoever has left the domain is let in no more; and a provider of the other kind is somebody else.
    await sign_in(app, client, 403, name_id="u-ann", attributes=(("email", "ann@example.net"),))
    found = await services.people.federation.linked.list((await ann.get("/api/v1/me")).json()["id"])
    assert [one.issuer for one in found] == [f"saml:{ENTITY_ID}"]
    # A disabled account is entered no way.
    await change_user(services, found[0].user_id, disabled_at=found[0].created_at)
    assert "disabled" in (await sign_in(app, client, 403, **anns)).text


async def test_an_attribute_can_say_who_somebody_is(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    change(services, subject="employee", names=("given",), emails=("address",))
    said = (("employee", "7"), ("given", "Ada"), ("address", "ada@example.org"))
    transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    await sign_in(app, client, attributes=said, name_id="a", format=transient)
    first = await person(client)
    await sign_in(app, client, attributes=said, name_id="b", format=transient)
    assert (await person(client))["id"] == first["id"]
    await sign_in(app, client, 403, attributes=said[1:], name_id="c")


VERIFIER = "v" * 43
PROGRAM = {
    "client_id": "heddle",
    "response_type": "code",
    "redirect_uri": "http://127.0.0.1:5555/done",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
    "state": "s",
    "device_name": "laptop",
}


async def test_a_program_is_signed_in_that_way_after_a_yes(app: FastAPI, client: httpx.AsyncClient) -> None:
    page = await client.get("/oauth/authorize", params=PROGRAM)
    assert f"{LOGIN}?client_id=heddle" in page.text
    address = await begin(client, **PROGRAM)
    page = await answer(app, client, Answer.to(address).xml(), Request.of(address).state)
    assert (page.status_code, "heddle_session" in client.cookies) == (200, False)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    found = await client.post("/oauth/authorize", data=sent)
    code = parse_qs(urlsplit(found.headers["location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": "heddle", "code": code}
    form |= {"code_verifier": VERIFIER, "redirect_uri": PROGRAM["redirect_uri"]}
    assert (await client.post("/oauth/token", data=form)).json()["email"] == "ada@example.org"

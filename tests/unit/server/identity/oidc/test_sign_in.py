"""Signing in with an account elsewhere: a provider is believed if what it says is for us, new and signed."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from server.identity.oidc import discovery
from server.identity.oidc.service import Federation
from server.wiring import Services
from tests.support.mailbox import Mailbox
from tests.support.moving_clock import Clock
from tests.support.oidc import ADA, CALLBACK, CLIENT_ID, ISSUER, START, Provider, begin
from tests.support.people import change_user

IDENTITIES = "/api/v1/auth/identities"


def federation(services: Services) -> Federation:
    return services.people.federation


def change(services: Services, **values: Any) -> None:
    known = federation(services).providers
    known["company"] = replace(known["company"], **values)


async def sign_in(
    client: httpx.AsyncClient, provider: Provider, status: int = 303, **claims: Any
) -> httpx.Response:
    back = provider.approve(await begin(client, next="/search"), **claims)
    answer = await client.get(f"{CALLBACK}?{back}")
    assert answer.status_code == status, answer.text
    return answer


async def person(client: httpx.AsyncClient) -> dict[str, Any]:
    """Whoever is signed in in this browser."""
    answer = await client.post("/auth/refresh", headers={"X-Heddle-Session": "1"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["user"])


async def test_a_newcomer_gets_an_account_and_comes_back_to_it(
    client: httpx.AsyncClient, provider: Provider, services: Services
) -> None:
    answer = await sign_in(client, provider)
    assert answer.headers["location"] == "/signin?next=%2Fsearch"
    assert "HttpOnly" in answer.headers["set-cookie"]
    ada = await person(client)
    assert (ada["email"], ada["username"], ada["role"]) == ("ada@example.org", "Ada", "member")
    # Who they are is issuer and subject, whatever else changes.
    await sign_in(client, provider, email="ada.l@example.org", name="Countess")
    assert (await person(client))["id"] == ada["id"]
    # Nobody enters such an account with a password.
    for password in ("", " ", "correct horse battery"):
        tried = await client.post("/auth/login", json={"email": "ada@example.org", "password": password})
        assert tried.status_code in (400, 401)
    assert {user.email for user in await services.identity.users()} == {"ada@example.org"}


async def test_an_account_without_a_password_is_erased_after_a_fresh_sign_in(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, provider: Provider, services: Services
) -> None:
    await sign_in(client, provider)
    session = await client.post("/auth/refresh", headers={"X-Heddle-Session": "1"})
    client.headers["Authorization"] = f"Bearer {session.json()['token']}"
    clock = services.identity.sessions._clock = Clock()
    clock.move(minutes=11)
    late = await client.post("/api/v1/users/me/erasure", json={})
    assert (late.status_code, late.json()["code"]) == (403, "sign_in_again")
    clock.move(minutes=-11)
    assert (await client.post("/api/v1/users/me/erasure", json={})).status_code == 202
    # Whoever has a password is asked for it.
    asked = await ann.post("/api/v1/users/me/erasure", json={})
    assert (asked.status_code, asked.json()["code"]) == (403, "wrong_password")


async def test_the_ways_to_sign_in_are_listed(client: httpx.AsyncClient, provider: Provider) -> None:
    ways = (await client.get("/auth/ways")).json()
    assert (ways["password"], ways["passkeys"]) == (True, False)
    assert [one["name"] for one in ways["providers"]] == ["Company", "Other"]
    assert ways["providers"][0]["startPath"] == START
    assert "secret" not in json.dumps(ways).lower()


def other_key(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims, ECKey.generate_key("P-256", {"kid": str(provider.keys[0].kid)}))


def unverified(*parts: dict[str, Any]) -> str:
    text = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts]
    return ".".join(text)


def public_key_as_secret(provider: Provider, claims: dict[str, Any]) -> str:
    said = unverified({"alg": "HS256", "kid": provider.keys[0].kid}, claims)
    made = hmac.digest(provider.keys[0].as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def unsigned(provider: Provider, claims: dict[str, Any]) -> str:
    return unverified({"alg": "none", "kid": provider.keys[0].kid}, claims) + "."


def own_key_in_it(provider: Provider, claims: dict[str, Any]) -> str:
    key = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "jwk": key.as_dict(private=False)}, claims, key)


def saying(**over: Any) -> Callable[[Provider, dict[str, Any]], str]:
    def forge(provider: Provider, claims: dict[str, Any]) -> str:
        said = {name: value for name, value in (claims | over).items() if value is not None}
        return provider.sign(said)

    return forge


LIES: dict[str, Callable[[Provider, dict[str, Any]], str]] = {
    "another key by the same name": other_key,
    "a public key taken for a secret": public_key_as_secret,
    "no signature": unsigned,
    "a key it brings along": own_key_in_it,
    "a key nobody knows": lambda provider, claims: provider.sign(claims, kid="unknown"),
    "another issuer": saying(iss="https://evil.example.org"),
    "an issuer that only begins so": saying(iss=f"{ISSUER}.evil.example"),
    "for another client": saying(aud="somebody else"),
    "for several, and another acts": saying(aud=[CLIENT_ID, "x"], azp="x"),
    "for several, and nobody acts": saying(aud=[CLIENT_ID, "x"]),
    "expired": saying(exp=1),
    "without an end": saying(exp=None),
    "an end that is none": saying(exp="never"),
    "from the future": saying(iat=4_000_000_000),
    "of another sign-in": saying(nonce="another"),
    "of no sign-in": saying(nonce=None),
    "about nobody": saying(sub=None),
    "about something": saying(sub=1),
    "about too much": saying(sub="x" * 300),
    "no token": lambda *_: "",
    "text": lambda *_: "a.b.c",
    "much": lambda *_: "a" * 20_000,
}


async def test_a_token_that_is_forged_foreign_or_old_signs_nobody_in(
    client: httpx.AsyncClient, provider: Provider, services: Services
) -> None:
    for name, lie in LIES.items():
        provider.forge = lie
        answer = await sign_in(client, provider, 502)
        assert "Company did not confirm who you are" in answer.text, name
        assert "heddle_session" not in client.cookies, name
    assert await services.identity.users() == []
    provider.forge = saying(aud=[CLIENT_ID, "x"], azp=CLIENT_ID)
    await sign_in(client, provider)


async def test_new_keys_are_fetched_when_a_token_names_one(
    client: httpx.AsyncClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(client, provider)
    await sign_in(client, provider)
    assert provider.asked.count("jwks") == provider.asked.count("metadata") == 1
    provider.rotate()
    # Not for each token that names a key nobody has.
    await sign_in(client, provider, 502)
    assert provider.asked.count("jwks") == 1
    monkeypatch.setattr(discovery, "ASK_AGAIN_S", 0.0)
    await sign_in(client, provider)
    assert provider.asked.count("jwks") == 2


async def test_what_was_begun_is_finished_once_in_the_same_browser_with_the_same_provider(
    client: httpx.AsyncClient, provider: Provider, services: Services
) -> None:
    back = provider.approve(await begin(client))
    for address, cookies in (
        (f"{CALLBACK}?code=x&state=invented", client.cookies),
        (f"/auth/oidc/other/callback?{provider.approve(await begin(client))}", client.cookies),
        (f"{CALLBACK}?{provider.approve(await begin(client))}", httpx.Cookies()),
        (CALLBACK, client.cookies),
    ):
        async with httpx.AsyncClient(
            transport=client._transport, base_url=client.base_url, cookies=cookies
        ) as browser:
            refused = await browser.get(address)
            assert refused.status_code == 400
            assert "begin again" in refused.text
    # Another tab that began later has not spoilt it.
    assert (await client.get(f"{CALLBACK}?{back}")).status_code == 303
    assert (await client.get(f"{CALLBACK}?{back}")).status_code == 400
    clock = Clock()
    federation(services)._clock = clock
    late = provider.approve(await begin(client))
    clock.move(minutes=16)
    assert (await client.get(f"{CALLBACK}?{late}")).status_code == 400
    assert (await client.get("/auth/oidc/nobody/start")).status_code == 404


async def test_a_provider_that_says_no_is_told_in_words(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    async def refused(status: int, **answer: str) -> str:
        state = parse_qs(urlsplit(await begin(client, next="/search")).query)["state"][0]
        page = await client.get(CALLBACK, params={"state": state, **answer})
        assert page.status_code == status
        assert "/signin?next=%2Fsearch" in page.text
        return page.text

    assert "cancelled there" in await refused(403, error="access_denied")
    assert "cannot be reached" in await refused(502, error="server_error")
    odd = await refused(502, error="<script>", error_description="<script>alert(1)</script>")
    assert "script" not in odd
    assert "did not confirm" in await refused(502, code="x", iss="https://evil.example.org")
    assert "did not confirm" in await refused(502, code="never given")


async def test_a_provider_that_cannot_be_used_is_told_in_words(
    client: httpx.AsyncClient, provider: Provider, services: Services
) -> None:
    for lie in (
        {"issuer": "https://evil.example.org"},
        {"token_endpoint": "http://internal.example.org/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ):
        provider.metadata = lie
        stopped = await client.get(START)
        assert stopped.status_code == 502
        assert "Company cannot be reached just now" in stopped.text
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    # One that promises to name itself in its answer, and does not: it may be another one's.
    await sign_in(client, provider, 502)


async def test_an_address_that_is_not_in_the_token_is_asked_for(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    provider.claims = {}
    provider.userinfo = {"sub": "another", **ADA}
    await sign_in(client, provider, 502)
    provider.userinfo = {"sub": "1", **ADA}
    await sign_in(client, provider)
    assert (await person(client))["email"] == "ada@example.org"


async def test_an_account_is_connected_and_disconnected_by_its_person(
    client: httpx.AsyncClient,
    ann: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    *,
    provider: Provider,
    services: Services,
    mailbox: Mailbox,
) -> None:
    async def connect(one: httpx.AsyncClient, status: int = 303) -> httpx.Response:
        begun = await one.post(IDENTITIES, json={"provider": "company", "next": "/account"})
        assert begun.status_code == 200, begun.text
        answer = await one.get(f"{CALLBACK}?{provider.approve(begun.json()['address'])}")
        assert answer.status_code == status
        return answer

    assert (await connect(ann)).headers["location"] == "/account"
    (identity,) = (await ann.get(IDENTITIES)).json()["data"]
    assert (identity["providerName"], identity["email"]) == ("Company", "ada@example.org")
    await mailbox.letter("ann@example.org", "new way to sign in")
    assert "signs in to another account" in (await connect(bob, 409)).text

    await sign_in(client, provider)
    assert (await person(client))["email"] == "ann@example.org"

    url = f"{IDENTITIES}/{identity['id']}"
    assert (await bob.delete(url)).status_code == 404
    me = (await ann.get("/api/v1/me")).json()["id"]
    await change_user(services, me, password_hash="")
    assert (await ann.delete(url)).json()["code"] == "last_way_in"
    await change_user(services, me, password_hash="-")
    assert (await ann.delete(url)).status_code == 204
    acts = [one["act"] for one in (await ann.get("/api/v1/audit")).json()["data"]]
    assert {"identity.linked", "identity.unlinked"} <= set(acts)


async def test_an_address_alone_opens_an_account_only_where_the_administrator_said_so(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, provider: Provider, services: Services
) -> None:
    provider.claims["email"] = "ann@example.org"
    refused = await sign_in(client, provider, 403)
    assert "There is an account with your e-mail address" in refused.text
    change(services, link_by_email=True, email_domains=frozenset({"example.org"}))
    await sign_in(client, provider, 403, email_verified=False)
    await sign_in(client, provider)
    assert (await person(client))["email"] == "ann@example.org"
    assert len((await ann.get(IDENTITIES)).json()["data"]) == 1
    # Whoever has left the company's domain is let in no more, though the account is linked.
    await sign_in(client, provider, 403, email="ann@example.net")


FOREIGN = ["https://evil.example", "//evil.example", "/\\evil.example", "search", "", "/a\nb"]


async def test_nobody_is_led_elsewhere(client: httpx.AsyncClient) -> None:
    for address in FOREIGN:
        answer = await client.get(START, params={"next": address})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")

"""Signing out by SAML: what the provider ends, ends here, and the other way round; nothing else does."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from lxml import etree

from server.config import Settings
from server.identity.oidc.tokens import Disbelieved
from server.identity.saml import sign_out
from server.identity.saml.providers import SamlProvider
from server.wiring import Services
from tests.support import saml
from tests.support.saml_browser import LOGIN, person, sign_in
from tests.support.saml_logout import LOGOUT_URL, SUCCESS, Heard, Said
from tests.support.saml_sealed import sealed

HERE = "/saml/company/logout"
DESTINATION = f"http://heddle.test{HERE}"
OURS = saml.keys("ours")
PROVIDERS = """
[company]
name = "Company"
metadata = "company.xml"
email_domains = ["example.org"]
accounts = "create"
our_key = "ours.key"
our_certificate = "ours.pem"
"""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "company.xml").write_text(saml.metadata(logout_url=LOGOUT_URL))
    (tmp_path / "ours.key").write_text(OURS.private)
    (tmp_path / "ours.pem").write_text(OURS.certificate)
    (tmp_path / "saml.toml").write_text(PROVIDERS)
    known = {"saml": tmp_path / "saml.toml", "public_url": "http://heddle.test"}
    return settings.model_copy(update=known)


async def signed_in(client: httpx.AsyncClient) -> bool:
    found = await client.post("/auth/refresh", headers={"X-Heddle-Session": "1"})
    return found.status_code == 200


async def elsewhere(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Another browser."""
    return httpx.AsyncClient(transport=client._transport, base_url=client.base_url)


async def send(client: httpx.AsyncClient, said: Said, status: int = 303) -> httpx.Response:
    found = await client.get(f"{HERE}?{said.query()}")
    assert found.status_code == status, found.text
    return found


async def test_our_metadata_and_requests_show_our_key(client: httpx.AsyncClient) -> None:
    described = etree.fromstring((await client.get("/saml/company/metadata")).content)
    names = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": saml.NAMES["ds"]}
    uses = described.xpath("//md:KeyDescriptor/@use", namespaces=names)
    assert uses == ["signing", "encryption"]
    body = "".join(OURS.certificate.strip().splitlines()[1:-1])
    assert set(described.xpath("//ds:X509Certificate/text()", namespaces=names)) == {body}
    methods = described.xpath("//md:EncryptionMethod/@Algorithm", namespaces=names)
    assert not [one for one in methods if "1_5" in one or "des" in one]
    outs = described.xpath("//md:SingleLogoutService", namespaces=names)
    assert [one.get("Binding").rpartition(":")[2] for one in outs] == ["HTTP-Redirect", "HTTP-POST"]
    assert {one.get("Location") for one in outs} == {DESTINATION}
    assert described.xpath("//@AuthnRequestsSigned") == ["true"]
    begun = await client.get(LOGIN)
    assert Heard.of(begun.headers["location"], OURS.certificate).tag == "AuthnRequest"


async def test_an_encrypted_assertion_signs_somebody_in(app: FastAPI, client: httpx.AsyncClient) -> None:
    await sign_in(app, client, seal=lambda xml: sealed(xml, OURS.certificate))
    assert (await person(client))["email"] == "ada@example.org"


async def test_who_signs_out_at_the_provider_is_signed_out_in_that_browser_alone(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async with await elsewhere(client) as other, await elsewhere(client) as bob:
        await sign_in(app, client)
        await sign_in(app, other, index="s-2")
        await sign_in(app, bob, name_id="u-2", attributes=(("email", "bob@example.org"),))
        said = Said(DESTINATION, state="where they were")
        answered = await send(client, said)
        heard = Heard.of(answered.headers["location"], OURS.certificate)
        assert answered.headers["location"].startswith(f"{LOGOUT_URL}?SAMLResponse=")
        assert (heard.tag, heard.answers, heard.status) == ("LogoutResponse", said.id, SUCCESS)
        assert heard.state == "where they were"
        assert [await signed_in(one) for one in (client, other, bob)] == [False, True, True]
        # Without an index, wherever they are; nobody is signed out who is not there any more.
        for again in ("_first", "_second"):
            await send(client, said.with_(indexes=(), id=again))
            assert [await signed_in(one) for one in (client, other, bob)] == [False, False, True]


async def test_who_signs_out_here_is_signed_out_at_the_provider(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async with await elsewhere(client) as other:
        await sign_in(app, client)
        await sign_in(app, other, index="s-2")
        left = await leave(client)
        assert urlsplit(left["address"]).query.startswith("SAMLRequest=")
        heard = Heard.of(left["address"], OURS.certificate)
        assert (heard.tag, heard.name_id, heard.indexes) == ("LogoutRequest", "u-1", ("s-1",))
        assert heard.xml.get("Destination") == LOGOUT_URL
        assert [await signed_in(one) for one in (client, other)] == [False, True]
        answer = Said(DESTINATION, answers=heard.id, state=heard.state)
        done = await send(client, answer, 200)
        assert "signed out here and at Company" in done.text
        # It is good once.
        await send(client, answer, 403)
        heard = Heard.of((await leave(other))["address"], OURS.certificate)
        status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
        failed = Said(DESTINATION, answers=heard.id, state=heard.state, status=status)
        assert "did not confirm" in (await send(client, failed, 200)).text


async def leave(client: httpx.AsyncClient) -> dict[str, Any]:
    refreshed = await client.post("/auth/refresh", headers={"X-Heddle-Session": "1"})
    token = {"Authorization": f"Bearer {refreshed.json()['token']}"}
    left = await client.post("/auth/single-logout", headers=token)
    assert (left.status_code, "heddle_session" in client.cookies) == (200, False), left.text
    return dict(left.json())


async def test_who_was_signed_in_otherwise_is_signed_out_here_alone(
    client: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    assert (await ann.post("/auth/single-logout")).json() == {"address": None}
    assert (await ann.get("/api/v1/me")).status_code == 401


LIES: dict[str, Callable[[Said], str]] = {
    "not signed": lambda said: said.query().partition("&SigAlg")[0],
    "a signature of nothing": lambda said: said.query().partition("&Signature")[0] + "&Signature=",
    "by another key": lambda said: said.with_(key=saml.keys("somebody else")).query(),
    "over SHA-1": lambda said: said.with_(algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1").query(),
    "said otherwise afterwards": lambda said: said.query().replace("RelayState=x", "RelayState=y"),
    "another message under the signature": lambda said: (
        said.with_(name_id="u-2").query().partition("&RelayState")[0]
        + "&RelayState"
        + said.query().partition("&RelayState")[2]
    ),
    "the message twice": lambda said: f"{said.query().partition('&')[0]}&{said.query()}",
    "of another provider": lambda said: said.with_(issuer="https://evil.example.org").query(),
    "for another server": lambda said: said.with_(destination="https://else.example.org/logout").query(),
    "over": lambda said: said.with_(until=-61).query(),
    "old": lambda said: said.with_(issued=-600).query(),
    "of a time to come": lambda said: said.with_(issued=600).query(),
    "about nobody": lambda said: said.with_(name_id="").query(),
    "a bomb": lambda said: said.with_(name_id="</saml:NameID><!DOCTYPE x>").query(),
    "no XML": lambda said: said.with_(name_id="<").query(),
    "an answer to nothing": lambda said: said.with_(answers="_nothing").query(),
    "much": lambda said: said.with_(state="x" * 20_000).query(),
    "nothing": lambda _: "",
    "no base64": lambda _: "SAMLRequest=%%%&SigAlg=x&Signature=y",
    "no message": lambda said: "SAMLRequest=AAAA&" + said.query().partition("&")[2],
}


async def test_a_sign_out_that_is_forged_foreign_or_old_ends_nothing(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    await sign_in(app, client)
    said = Said(DESTINATION, state="x")
    for name, lie in LIES.items():
        found = await client.get(f"{HERE}?{lie(said)}")
        assert (found.status_code, "Nobody was signed out" in found.text) == (403, True), name
        assert "location" not in found.headers
    others: tuple[dict[str, Any], ...] = ({"name_id": "u-3"}, {"indexes": ("s-9",)}, {"format": "x:y"})
    for number, other in enumerate(others):
        await send(client, said.with_(id=f"_other{number}", **other))
    assert await signed_in(client)
    await send(client, said)
    assert not await signed_in(client)
    # Signed in again, the same request ends nothing.
    await sign_in(app, client)
    await send(client, said, 403)
    assert await signed_in(client)


def changed(form: dict[str, str], old: str, new: str) -> dict[str, str]:
    xml = base64.b64decode(form["SAMLRequest"]).decode()
    assert old in xml
    return {**form, "SAMLRequest": base64.b64encode(xml.replace(old, new).encode()).decode()}


def around(form: dict[str, str]) -> dict[str, str]:
    """What was signed lies in another message, which says something else."""
    signed = base64.b64decode(form["SAMLRequest"]).decode()
    other = Said(DESTINATION, name_id="u-2").xml()
    wrapped = other.replace("</saml:Issuer>", f"</saml:Issuer><samlp:Extensions>{signed}</samlp:Extensions>")
    return {"SAMLRequest": base64.b64encode(wrapped.encode()).decode()}


FORGED: dict[str, Callable[[Said], dict[str, str]]] = {
    "not signed": lambda said: said.form(sign=False),
    "by another key": lambda said: said.with_(key=saml.keys("somebody else")).form(),
    "changed afterwards": lambda said: changed(said.form(), ">u-1<", ">u-2<"),
    "another index": lambda said: changed(said.form(), ">s-1<", ">s-2<"),
    "around a signed one": lambda said: around(said.form()),
    "over SHA-1": lambda said: changed(said.form(), "xmldsig-more#rsa-sha256", "xmldsig#rsa-sha1"),
    "by an encrypted name": lambda said: changed(said.form(), "saml:NameID", "saml:EncryptedID"),
    "of another provider": lambda said: said.with_(issuer="https://evil.example.org").form(),
    "for another server": lambda said: said.with_(destination="https://else.example.org/logout").form(),
    "over": lambda said: said.with_(until=-61).form(),
    "an answer to nothing": lambda said: said.with_(answers="_nothing").form(),
    "both": lambda said: {**said.form(), **said.with_(answers="_nothing").form()},
    "no base64": lambda _: {"SAMLRequest": "%%%"},
    "no XML": lambda _: {"SAMLRequest": base64.b64encode(b"<").decode()},
    "much": lambda said: {**said.form(), "RelayState": "x" * 20_000},
    "nothing": lambda _: {},
}


async def test_by_forms_as_well_and_forged_ones_end_nothing(app: FastAPI, client: httpx.AsyncClient) -> None:
    await sign_in(app, client)
    said = Said(DESTINATION, state="where they were")
    for name, forge in FORGED.items():
        refused = await client.post(HERE, data=forge(said))
        ended = (refused.status_code in (400, 403), "Nobody was signed out" in refused.text)
        assert ended == (True, True), (name, refused.text)
    assert await signed_in(client)
    answered = await client.post(HERE, data=said.form())
    assert answered.status_code == 303, answered.text
    heard = Heard.of(answered.headers["location"], OURS.certificate)
    assert (heard.answers, heard.status, heard.state) == (said.id, SUCCESS, "where they were")
    assert not await signed_in(client)
    assert (await client.post(HERE, data=said.form())).status_code == 403  # once

    await sign_in(app, client)
    asked = Heard.of((await leave(client))["address"], OURS.certificate)
    told = await client.post(HERE, data=Said(DESTINATION, answers=asked.id, state=asked.state).form())
    assert (told.status_code, "signed out here and at Company" in told.text) == (200, True)


def test_an_encrypted_name_is_refused_in_words() -> None:
    plain = Said(DESTINATION).xml()
    name = plain[plain.index("<saml:NameID") : plain.index("</saml:NameID>") + len("</saml:NameID>")]
    sealed = plain.replace(
        name,
        '<saml:EncryptedID><e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherData>'
        "<e:CipherValue>AAAA</e:CipherValue></e:CipherData></e:EncryptedData></saml:EncryptedID>",
    )
    provider = SamlProvider(
        "company", "Company", entity_id=saml.ENTITY_ID, sso_url=saml.SSO_URL, certificates=()
    )
    with pytest.raises(Disbelieved, match="encrypted NameID, which is not read here: have the provider"):
        sign_out.request(sealed, provider, destination=DESTINATION, at=datetime.now(UTC))


async def test_a_provider_without_single_logout_signs_nobody_out(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    known = services.people.federation.providers
    known["company"] = replace(known["company"], logout_url=None)
    await sign_in(app, client)
    await send(client, Said(DESTINATION), 404)
    assert await signed_in(client)
    described = etree.fromstring((await client.get("/saml/company/metadata")).content)
    assert not described.xpath("//*[local-name() = 'SingleLogoutService']")
    assert (await leave(client))["address"] is None

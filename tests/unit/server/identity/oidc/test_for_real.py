"""The whole way to a certified provider and back, over its real pages: only the browser is played."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from server.config import Settings
from server.identity.oidc import discovery
from tests.support.nodes import oidc_provider
from tests.support.processes import Program

HERE = "http://heddle.test"
BACK = f"{HERE}/auth/oidc/company/callback"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, str]]:
    with oidc_provider(tmp_path_factory.mktemp("provider"), "heddle", "a secret", BACK) as running:
        yield running


@pytest.fixture
def settings(settings: Settings, provider: tuple[Program, str], tmp_path: Path) -> Settings:
    lines = ["[company]", 'name = "Company"', f'issuer = "{provider[1]}"', 'client_id = "heddle"']
    lines += ['client_secret = "a secret"', 'accounts = "create"', 'email_domains = ["example.org"]']
    (tmp_path / "oidc.toml").write_text("\n".join(lines))
    return settings.model_copy(update={"oidc": tmp_path / "oidc.toml"})


async def come_back(address: str, name: str) -> str:
    """Signs in on the provider's pages and consents; where it sends the browser then."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        for _ in range(12):
            answer = await browser.get(address)
            while answer.is_success:
                form = dict(re.findall(r'<input[^>]*type="hidden" name="(\w+)" value="(\w*)"', answer.text))
                action = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                assert action is not None, answer.text
                fields = form | ({"login": name, "password": "any"} if form["prompt"] == "login" else {})
                answer = await browser.post(urljoin(address, action[1]), data=fields)
            assert answer.is_redirect, answer.text
            address = urljoin(address, answer.headers["location"])
            if address.startswith(HERE):
                return address.removeprefix(HERE)
    raise AssertionError("the provider sends in circles")


async def sign_in(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    begun = await client.get("/auth/oidc/company/start", params={"next": "/search"})
    assert begun.status_code == 303, begun.text
    answer = await client.get(await come_back(begun.headers["location"], name))
    assert (answer.status_code, answer.headers.get("location")) == (303, "/signin?next=%2Fsearch"), (
        answer.text
    )
    session = await client.post("/auth/refresh", headers={"X-Heddle-Session": "1"})
    return dict(session.json()["user"])


async def test_somebody_signs_in_with_a_certified_provider_also_after_it_changed_its_keys(
    client: httpx.AsyncClient, provider: tuple[Program, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await sign_in(client, "ada")
    assert (ada["email"], ada["username"]) == ("ada@example.org", "ada of Node")
    assert (await sign_in(client, "grace"))["email"] == "grace@example.org"
    monkeypatch.setattr(discovery, "ASK_AGAIN_S", 0.0)
    program, _ = provider
    program.send(rotate=True)
    program.first(lambda line: "rotated" in line, timeout_s=20, what="new keys")
    assert (await sign_in(client, "ada"))["id"] == ada["id"]


async def test_somebody_who_cancels_there_is_told_so(client: httpx.AsyncClient) -> None:
    begun = await client.get("/auth/oidc/company/start")
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
        page = await browser.get(begun.headers["location"])
        abort = re.search(r'href="([^"]+/abort)"', page.text)
        assert abort is not None, page.text
        answer = await browser.get(urljoin(str(page.url), abort[1]), follow_redirects=False)
        answer = await browser.get(urljoin(str(page.url), answer.headers["location"]), follow_redirects=False)
    stopped = await client.get(answer.headers["location"].removeprefix(HERE))
    assert stopped.status_code == 403
    assert "cancelled there" in stopped.text

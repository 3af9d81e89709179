"""Health, documentation and description."""

import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from server import docs
from server.wiring import Services


async def test_a_living_server_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    live = (await client.get("/health/live")).json()
    assert (live["status"], live["server"]) == ("ok", "Heddle")
    assert live["version"]
    answer = await client.get("/health/ready")
    assert answer.status_code == 200
    assert set(answer.json()["checks"]) == {"database", "storage", "disk", "events", "worker"}


async def test_a_server_without_its_tables_is_not_ready(
    client: httpx.AsyncClient, services: Services
) -> None:
    async with services.db.write() as session:
        await session.execute(text("ALTER TABLE alembic_version RENAME TO gone"))
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["ok"] is False


async def test_a_server_that_cannot_store_is_not_ready(client: httpx.AsyncClient, services: Services) -> None:
    services.settings.media_root.rmdir()
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["storage"]["ok"] is False


async def test_a_server_whose_events_stand_still_is_not_ready(
    client: httpx.AsyncClient, services: Services
) -> None:
    await services.dispatcher.stop()
    answer = await client.get("/health/ready")
    assert answer.json()["checks"]["events"]["ok"] is False


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in docs.FILES:
        (tmp_path / name).write_text(f"/* {name} */")
    monkeypatch.setattr(docs, "DIST", tmp_path)


@pytest.mark.usefixtures("built")
async def test_the_documentation_comes_from_this_server_alone(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "http" not in re.sub(r"<!doctype html>", "", page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for address in re.findall(r'(?:src|href)="(/docs/[^"]+)"', page.text):
        assert (await client.get(address)).status_code == 200, address


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", ["other.js", "..%2fdocs.py", "swagger-ui.css.map"])
async def test_the_documentation_serves_its_own_files_only(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/{name}")).status_code == 404


async def test_without_built_pages_the_documentation_says_what_to_do(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "DIST", tmp_path)
    assert "make setup" in (await client.get("/docs")).text


async def test_the_description_says_what_the_server_does(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    assert schema["components"]["securitySchemes"]["BearerAuth"]["scheme"] == "bearer"
    start = schema["paths"]["/api/v1/recordings"]["post"]
    assert start["operationId"] == "startRecording"
    scopes = ["recordings:write"]
    assert start["security"] == [{"BearerAuth": scopes}, {"ApiKeyAuth": scopes}]
    assert schema["paths"]["/api/v1/keys"]["post"]["security"] == [{"BearerAuth": []}]
    assert {"201", "400", "401"} <= set(start["responses"])


async def test_a_browser_gets_graphiql_and_a_program_is_told_to_post(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"Accept": "text/html,*/*"})
    assert page.status_code == 200
    assert "script-src 'self';" in page.headers["content-security-policy"]
    refused = await client.get("/graphql", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nowhere", "/s", "/account/nowhere"])
async def test_a_person_at_an_address_without_anything_gets_a_page(
    path: str, client: httpx.AsyncClient
) -> None:
    answer = await client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing here" in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [("GET", "/nowhere", {}), ("GET", "/api/v1/nowhere", BROWSER), ("POST", "/nowhere", BROWSER)],
)
async def test_programs_get_the_one_shape_of_errors(
    method: str, path: str, headers: dict[str, str], client: httpx.AsyncClient
) -> None:
    answer = await client.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

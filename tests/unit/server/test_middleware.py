"""What every request meets: an id, headers, limits, and one shape of error whatever goes wrong."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from server.errors import Conflict
from server.ports.blobs import BlobStoreFull

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def broken(app: FastAPI) -> FastAPI:
    """Routes that go wrong in each way."""

    @app.get("/test/bug")
    async def bug() -> None:
        raise ZeroDivisionError("a secret detail")

    @app.get("/test/conflict")
    async def conflict() -> None:
        raise Conflict("No.", code="no", details={"why": 1}, headers={"X-Why": "1"})

    @app.get("/test/full")
    async def full() -> None:
        raise BlobStoreFull

    @app.post("/test/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    return app


async def test_every_answer_has_an_id_and_the_security_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/live")
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize(("given", "kept"), [("abc-123.x_Y", True), ("short", False), ("a b c d e f", False)])
async def test_the_id_of_a_proxy_is_kept_when_it_is_one(
    client: httpx.AsyncClient, given: str, kept: bool
) -> None:
    answer = await client.get("/nowhere", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


@pytest.mark.usefixtures("broken")
async def test_a_bug_is_a_500_that_tells_nothing(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await client.get("/test/bug")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


@pytest.mark.usefixtures("broken")
async def test_an_expected_error_keeps_its_status_code_and_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/test/conflict")
    assert answer.status_code == 409
    assert answer.headers["x-why"] == "1"
    request_id = answer.headers["x-request-id"]
    assert answer.json() == {"error": "No.", "code": "no", "details": {"why": 1}, "requestId": request_id}


@pytest.mark.usefixtures("broken")
async def test_a_full_disk_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/test/full")
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")


async def test_an_unknown_address_and_method_have_the_same_shape(client: httpx.AsyncClient) -> None:
    unknown, method = await client.get("/nowhere"), await client.patch("/health/live")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert (method.status_code, method.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.usefixtures("broken")
async def test_a_body_of_the_allowed_size_passes(client: httpx.AsyncClient) -> None:
    assert (await client.post("/test/body", content=b"x" * 1024 * 1024)).json() == 1024 * 1024


@pytest.mark.usefixtures("broken")
async def test_a_larger_body_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/login", content=b"x" * (1024 * 1024 + 1), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


async def test_a_body_that_does_not_say_its_size_is_cut_off(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    answer = await client.post("/auth/login", content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("length", ["-1", "x", "9" * 40, "1, 1"])
async def test_a_nonsense_length_is_refused(client: httpx.AsyncClient, length: str) -> None:
    answer = await client.post("/auth/login", content=b"{}", headers={**JSON, "Content-Length": length})
    assert answer.status_code == 413

"""Sign-ins over HTTP: refreshed, listed, ended."""

from typing import Any

import httpx
import pytest

from server.wiring import Services

pytestmark = pytest.mark.usefixtures("quick_passwords")

EMAIL, PASSWORD = "carol@example.org", "correct horse battery"
SESSIONS = "/api/v1/auth/sessions"


@pytest.fixture
async def carol(services: Services, quick_passwords: None) -> None:
    await services.identity.add_user(EMAIL, PASSWORD)


async def sign_in(
    client: httpx.AsyncClient, device: str = "Laptop", password: str = PASSWORD
) -> dict[str, Any]:
    body = {"email": EMAIL, "password": password, "deviceName": device}
    answer = await client.post("/auth/login", json=body, headers={"User-Agent": "heddle/1 (Linux)"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def bearer(pair: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair['token']}"}


async def listed(client: httpx.AsyncClient, pair: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get(SESSIONS, headers=bearer(pair))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def refresh(client: httpx.AsyncClient, pair: dict[str, Any], key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post("/auth/refresh", json={"refreshToken": pair["refreshToken"]}, headers=headers)


@pytest.mark.usefixtures("carol")
async def test_a_refresh_answers_a_new_pair_of_the_same_sign_in(client: httpx.AsyncClient) -> None:
    first = await sign_in(client)
    answer = await refresh(client, first)
    assert answer.status_code == 200
    second = answer.json()
    assert second.keys() == first.keys()
    assert second["refreshToken"] != first["refreshToken"]
    assert [one["current"] for one in await listed(client, second)] == [True]
    reused = await refresh(client, first)
    assert (reused.status_code, reused.json()["code"]) == (401, "token_reused")
    assert "invalid_token" in reused.headers["www-authenticate"]
    assert (await refresh(client, second)).json()["code"] == "session_ended"


@pytest.mark.usefixtures("carol")
async def test_a_request_that_names_itself_may_be_repeated(client: httpx.AsyncClient) -> None:
    first = await sign_in(client)
    assert (await refresh(client, first, "once")).status_code == 200
    again = await refresh(client, first, "once")
    assert again.status_code == 200
    assert (await client.get("/api/v1/me", headers=bearer(again.json()))).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"refreshToken": ""}, {"refreshToken": 1}, {"refreshToken": "x" * 5000}, []]
)
async def test_a_bad_refresh_is_a_400(client: httpx.AsyncClient, body: object) -> None:
    assert (await client.post("/auth/refresh", json=body)).status_code == 400


@pytest.mark.usefixtures("carol")
async def test_every_device_is_listed_with_its_name(client: httpx.AsyncClient) -> None:
    await sign_in(client, "Old telephone")
    laptop = await sign_in(client, "Laptop")
    devices = await listed(client, laptop)
    assert {one["deviceName"]: one["current"] for one in devices} == {"Old telephone": False, "Laptop": True}
    assert {one["client"] for one in devices} == {"heddle/1 (Linux)"}
    assert devices[0].keys() == {
        *("id", "deviceName", "client", "createdAt", "lastUsedAt", "expiresAt", "current")
    }


@pytest.mark.usefixtures("carol")
async def test_one_device_is_signed_out_from_another(client: httpx.AsyncClient) -> None:
    telephone, laptop = await sign_in(client, "Telephone"), await sign_in(client)
    other = next(one["id"] for one in await listed(client, laptop) if not one["current"])
    assert (await client.delete(f"{SESSIONS}/{other}", headers=bearer(laptop))).status_code == 204
    ended = await client.get("/api/v1/me", headers=bearer(telephone))
    assert (ended.status_code, ended.json()["code"]) == (401, "session_ended")
    assert (await client.delete(f"{SESSIONS}/{other}", headers=bearer(laptop))).status_code == 404


@pytest.mark.usefixtures("carol")
async def test_all_others_or_all_are_signed_out(client: httpx.AsyncClient) -> None:
    pairs = [await sign_in(client, f"Device {number}") for number in range(3)]
    assert (await client.delete(SESSIONS, headers=bearer(pairs[0]))).status_code == 204
    assert len(await listed(client, pairs[0])) == 1
    pairs[1] = await sign_in(client)
    assert (await client.post("/auth/logout-all", headers=bearer(pairs[0]))).status_code == 204
    answers = [await client.get("/api/v1/me", headers=bearer(pair)) for pair in pairs]
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.usefixtures("carol")
@pytest.mark.parametrize("session_id", ["nonsense", "00000000-0000-4000-8000-000000000000"])
async def test_a_sign_in_of_nobody_or_somebody_else_is_not_found(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, session_id: str
) -> None:
    carols = await listed(client, await sign_in(client))
    for one in (session_id, carols[0]["id"]):
        answer = await ann.delete(f"{SESSIONS}/{one}")
        assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


@pytest.mark.usefixtures("carol")
async def test_a_new_password_signs_all_others_out(client: httpx.AsyncClient) -> None:
    telephone, laptop = await sign_in(client, "Telephone"), await sign_in(client)

    async def change(current: str, new: str) -> httpx.Response:
        body = {"currentPassword": current, "newPassword": new}
        return await client.post("/api/v1/auth/password", json=body, headers=bearer(laptop))

    assert (await change("wrong", "another good one")).json()["code"] == "wrong_credentials"
    assert (await change(PASSWORD, "password12345")).json()["code"] == "weak_password"
    assert (await change(PASSWORD, "carol and friends")).json()["code"] == "weak_password"
    assert (await change(PASSWORD, "another good one")).status_code == 204
    assert (await client.get("/api/v1/me", headers=bearer(laptop))).status_code == 200
    assert (await client.get("/api/v1/me", headers=bearer(telephone))).status_code == 401
    await sign_in(client, password="another good one")


async def test_an_administrator_sets_a_new_password(services: Services, client: httpx.AsyncClient) -> None:
    await services.identity.add_user(EMAIL, PASSWORD)
    before = await sign_in(client)
    for _ in range(10):
        await services.identity.lockout.attempt(EMAIL, "127.0.0.1")
    await services.identity.reset(EMAIL.upper(), "another good one")
    assert (await client.get("/api/v1/me", headers=bearer(before))).status_code == 401
    await sign_in(client, password="another good one")

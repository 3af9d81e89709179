"""Signing in and out over HTTP."""

import httpx
import pytest
from sqlalchemy import text

from server.errors import Conflict, InvalidRequest
from server.identity.lockout.policy import RULES, Subject
from server.wiring import Services

EMAIL, PASSWORD = "carol@example.org", "correct horse"
FREE = RULES[Subject.PAIR].free


@pytest.fixture
async def carol(services: Services) -> None:
    await services.identity.add_user(EMAIL, PASSWORD)


async def login(client: httpx.AsyncClient, password: str = PASSWORD, email: str = EMAIL) -> httpx.Response:
    return await client.post("/auth/login", json={"email": email, "password": password})


@pytest.mark.usefixtures("carol")
async def test_a_token_signs_in_until_it_is_given_back(client: httpx.AsyncClient) -> None:
    answer = await login(client, email=" Carol@Example.ORG ")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["tokenType"], body["expiresIn"]) == ("Bearer", 900)
    assert body["token"] == body["accessToken"] != body["refreshToken"]
    assert body["user"]["email"] == EMAIL
    assert answer.headers["cache-control"] == "no-store"
    headers = {"Authorization": f"Bearer {body['token']}"}
    assert (await client.get("/api/v1/me", headers=headers)).json() == body["user"]
    assert (await client.post("/auth/logout", headers=headers)).status_code == 204
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 401


@pytest.mark.usefixtures("carol")
async def test_a_wrong_password_and_an_unknown_account_answer_alike(client: httpx.AsyncClient) -> None:
    wrong, unknown = await login(client, "wrong"), await login(client, email="nobody@example.org")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["error"] == unknown.json()["error"]
    assert wrong.json()["code"] == unknown.json()["code"] == "wrong_credentials"


@pytest.mark.usefixtures("carol")
async def test_an_unknown_account_costs_a_hash_too(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = services.identity._passwords._hasher
    real = hasher.hash
    monkeypatch.setattr(hasher, "hash", lambda password: hashed.append(password) or real(password))
    await login(client, email="nobody@example.org")
    assert hashed == [PASSWORD]


@pytest.mark.usefixtures("carol")
async def test_guessing_is_stopped_and_told_when_to_come_back(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(_password: str, _hashed: str | None) -> bool:
        return False

    monkeypatch.setattr(services.identity._passwords, "verify", wrong)
    answers = [await login(client, f"guess {n}") for n in range(FREE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {401}
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 300
    assert (await login(client, email="nobody@example.org")).status_code == 401
    assert (await login(client)).status_code == 429  # the right one has to wait too


@pytest.mark.usefixtures("carol")
async def test_the_right_password_forgives_the_slips_before_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    for _ in range(FREE - 1):
        await services.identity.lockout.attempt(EMAIL, "127.0.0.1")
    assert (await login(client)).status_code == 200
    assert (await login(client, "wrong")).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"email": EMAIL}, {"email": "", "password": ""}, {"email": 1, "password": 2}]
)
async def test_a_bad_body_is_a_400_that_does_not_repeat_it(
    client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await client.post("/auth/login", json=body)
    assert answer.status_code == 400
    assert EMAIL not in answer.text


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer " + "x" * 10_000])
async def test_a_header_without_a_valid_token_is_a_401(client: httpx.AsyncClient, header: str) -> None:
    assert (await client.get("/api/v1/me", headers={"Authorization": header})).status_code == 401


async def test_the_database_knows_neither_password_nor_token(
    client: httpx.AsyncClient, services: Services
) -> None:
    await services.identity.add_user(EMAIL, PASSWORD)
    pair = (await login(client)).json()
    async with services.db.read() as session:
        rows = (await session.execute(text("SELECT * FROM users, sessions, sign_in_failures, outbox"))).all()
        rows = rows or (await session.execute(text("SELECT * FROM users, sessions, outbox"))).all()
    assert "$argon2id$" in str(rows)
    assert PASSWORD not in str(rows)
    assert not [token for token in (pair["token"], pair["refreshToken"]) if token in str(rows)]


@pytest.mark.parametrize(
    "email",
    ["", "carol", "@example.org", "a b@example.org", "carol@", "a@b@c", "x@localhost.", "é@localhost"],
)
async def test_what_is_no_address_gets_no_account(services: Services, email: str) -> None:
    with pytest.raises(InvalidRequest):
        await services.identity.add_user(email, PASSWORD)


@pytest.mark.usefixtures("carol")
async def test_one_address_gets_one_account(services: Services) -> None:
    with pytest.raises(Conflict):
        await services.identity.add_user(EMAIL.upper(), PASSWORD)


async def test_a_short_password_is_refused(services: Services) -> None:
    with pytest.raises(InvalidRequest, match="at least 12"):
        await services.identity.add_user(EMAIL, "short")

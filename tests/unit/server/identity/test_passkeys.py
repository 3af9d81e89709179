"""Passkeys: made soon after a sign-in, a whole sign-in by themselves, and for this server's pages alone."""

from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest

from server.config import Settings
from server.errors import Conflict
from server.identity.lockout.policy import RULES, Subject
from server.identity.passkeys import ceremony, service
from server.wiring import Services
from tests.support.authenticator import PRESENT, Authenticator
from tests.support.mailbox import Mailbox, text_of
from tests.support.moving_clock import Clock
from tests.support.people import change_user

SITE = "https://video.example.org"
PASSKEYS, LOGIN = "/api/v1/auth/passkeys", "/auth/login/passkey"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"public_url": SITE})


@pytest.fixture
def key() -> Authenticator:
    return Authenticator(SITE)


@pytest.fixture
def clock(services: Services, clock: Clock) -> Clock:
    """The server's too."""
    services.identity.passkeys._clock = services.identity.sessions._clock = clock
    return clock


async def make(
    client: httpx.AsyncClient, key: Authenticator, status: int = 201, name: str = "Laptop", **client_data: Any
) -> dict[str, Any]:
    begun = await client.post(f"{PASSKEYS}/options", json={})
    assert begun.status_code == 200, begun.text
    credential = key.create(begun.json()["publicKey"], **client_data)
    made = await client.post(PASSKEYS, json={"credential": credential, "name": name})
    assert made.status_code == status, made.text
    return dict(made.json())


async def begin(client: httpx.AsyncClient) -> dict[str, Any]:
    begun = await client.post(f"{LOGIN}/options")
    assert begun.status_code == 200, begun.text
    return dict(begun.json()["publicKey"])


async def sign_in(
    client: httpx.AsyncClient, key: Authenticator, status: int = 200, **client_data: Any
) -> dict[str, Any]:
    credential = key.get(await begin(client), **client_data)
    answer = await client.post(LOGIN, json={"credential": credential, "deviceName": "Ann's laptop"})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_a_passkey_from_beginning_to_end(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, key: Authenticator, mailbox: Mailbox
) -> None:
    options = (await ann.post(f"{PASSKEYS}/options", json={})).json()["publicKey"]
    assert options["rp"]["id"] == "video.example.org"
    wanted = options["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    made = await make(ann, key)
    assert (made["name"], made["lastUsedAt"], made["copiedAt"]) == ("Laptop", None, None)
    assert "Laptop" in text_of(await mailbox.letter("ann@example.org", "new way to sign in"))

    pair = await sign_in(client, key)
    assert pair["user"]["email"] == "ann@example.org"
    assert {"token", "accessToken", "refreshToken", "expiresIn"} <= set(pair)
    ann.headers["Authorization"] = f"Bearer {pair['token']}"
    (device, *_) = (await ann.get("/api/v1/auth/sessions")).json()["data"]
    assert (device["deviceName"], device["current"]) == ("Ann's laptop", True)

    url = f"{PASSKEYS}/{made['id']}"
    assert (await ann.patch(url, json={"name": "Old laptop"})).json()["name"] == "Old laptop"
    (listed,) = (await ann.get(PASSKEYS)).json()["data"]
    assert listed["lastUsedAt"] is not None
    acts = [one["act"] for one in (await ann.get("/api/v1/audit")).json()["data"]]
    assert "passkey.added" in acts


async def test_a_page_signs_in_without_seeing_the_refresh_token(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, key: Authenticator
) -> None:
    await make(ann, key)
    body = {"credential": key.get(await begin(client)), "cookie": True}
    refused = await client.post(LOGIN, json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    answer = await client.post(LOGIN, json=body, headers={"X-Heddle-Session": "1"})
    assert answer.json()["refreshToken"] is None
    assert "heddle_session" in answer.headers["set-cookie"]


async def test_it_is_asked_for_soon_after_a_sign_in_or_with_all_factors(
    client: httpx.AsyncClient, services: Services, clock: Clock, quick_passwords: None
) -> None:
    words = {"email": "carol@example.org", "password": "correct horse battery"}
    await services.identity.add_user(words["email"], words["password"])
    token = (await client.post("/auth/login", json=words)).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    assert (await client.post(f"{PASSKEYS}/options", json={})).status_code == 200
    clock.move(minutes=11)
    refused = await client.post(f"{PASSKEYS}/options", json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_again")
    wrong = await client.post(f"{PASSKEYS}/options", json={"password": "wrong"})
    assert wrong.json()["code"] == "wrong_credentials"
    right = await client.post(f"{PASSKEYS}/options", json={"password": words["password"]})
    assert right.status_code == 200


async def test_no_key_and_nobody_else_touches_a_passkey(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, bob: httpx.AsyncClient, key: Authenticator
) -> None:
    made = await make(ann, key)
    url = f"{PASSKEYS}/{made['id']}"
    for client_, status in ((bob, 404), (client, 401)):
        assert (await client_.patch(url, json={"name": "Mine"})).status_code == status
        assert (await client_.delete(url)).status_code == status
    assert (await bob.get(PASSKEYS)).json() == {"data": []}
    api_key = (await ann.post("/api/v1/keys", json={"name": "k", "scopes": ["account:write"]})).json()["key"]
    answer = await client.post(f"{PASSKEYS}/options", json={}, headers={"X-API-Key": api_key})
    assert answer.json()["code"] == "sign_in_needed"


async def test_another_person_cannot_finish_what_one_has_begun(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, key: Authenticator
) -> None:
    options = (await ann.post(f"{PASSKEYS}/options", json={})).json()["publicKey"]
    answer = await bob.post(PASSKEYS, json={"credential": key.create(options)})
    assert (answer.status_code, answer.json()["code"]) == (400, "challenge_over")


async def test_a_challenge_is_good_for_one_answer_within_five_minutes(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, key: Authenticator, clock: Clock
) -> None:
    await make(ann, key)
    credential = key.get(await begin(client))
    assert (await client.post(LOGIN, json={"credential": credential})).status_code == 200
    again = await client.post(LOGIN, json={"credential": credential})
    assert (again.status_code, again.json()["code"]) == (401, "challenge_over")
    late = key.get(await begin(client))
    clock.move(minutes=5, seconds=1)
    assert (await client.post(LOGIN, json={"credential": late})).json()["code"] == "challenge_over"


async def test_a_challenge_for_one_act_is_none_for_another(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, key: Authenticator
) -> None:
    await make(ann, key)
    to_make = (await ann.post(f"{PASSKEYS}/options", json={})).json()["publicKey"]
    used = key.get({"challenge": to_make["challenge"], "rpId": to_make["rp"]["id"]})
    assert (await client.post(LOGIN, json={"credential": used})).json()["code"] == "challenge_over"
    # It was not used up by that.
    made = Authenticator(SITE).create(to_make)
    assert (await ann.post(PASSKEYS, json={"credential": made})).status_code == 201


LIES: dict[str, dict[str, Any]] = {
    "another page": {"origin": "https://evil.example"},
    "without https": {"origin": "http://video.example.org"},
    "in a frame": {"crossOrigin": True},
    "another act": {"type": "webauthn.other"},
}


async def test_what_a_page_of_others_asked_for_is_not_believed(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, key: Authenticator
) -> None:
    for lie in LIES.values():
        assert (await make(ann, Authenticator(SITE), 400, **lie))["code"] == "passkey_refused"
    assert (await ann.get(PASSKEYS)).json() == {"data": []}
    await make(ann, key)
    for lie in LIES.values():
        assert (await sign_in(client, key, 401, **lie))["code"] == "wrong_passkey"
    await sign_in(client, key)


async def test_a_person_who_is_not_verified_is_not_signed_in(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, key: Authenticator
) -> None:
    key.flags = PRESENT
    assert (await make(ann, key, 400))["code"] == "passkey_refused"
    key.flags, key.kept = Authenticator(SITE).flags, []
    await make(ann, key)
    key.flags = PRESENT
    assert (await sign_in(client, key, 401))["code"] == "wrong_passkey"


async def test_a_signature_by_another_key_or_for_another_account_counts_for_nothing(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, bob: httpx.AsyncClient, key: Authenticator
) -> None:
    await make(ann, key)
    other = Authenticator(SITE)
    await make(bob, other)
    of_bob = other.get(await begin(client))
    forged = key.get(await begin(client)) | {name: of_bob[name] for name in ("id", "rawId")}
    assert (await client.post(LOGIN, json={"credential": forged})).json()["code"] == "wrong_passkey"
    key.kept[0].handle = other.kept[0].handle
    assert (await sign_in(client, key, 401))["code"] == "wrong_passkey"
    stranger = key.cloned()
    stranger.kept[0].id = b"nobody has this one"
    assert (await sign_in(client, stranger, 401))["code"] == "unknown_passkey"


async def test_a_copy_is_refused_and_its_person_told(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, key: Authenticator, mailbox: Mailbox
) -> None:
    await make(ann, key)
    thief = key.cloned()
    await sign_in(client, key)
    assert (await sign_in(client, thief, 401))["code"] == "passkey_copied"
    (listed,) = (await ann.get(PASSKEYS)).json()["data"]
    assert listed["copiedAt"] is not None
    await mailbox.letter("ann@example.org", "copy of your passkey")
    await sign_in(client, key)
    assert (await ann.delete(f"{PASSKEYS}/{listed['id']}")).status_code == 204
    log = [(one["act"], one["actorId"] is None) for one in (await ann.get("/api/v1/audit")).json()["data"]]
    assert log[:4] == [
        ("passkey.removed", False),
        ("sign_in.succeeded", False),
        ("sign_in.failed", True),
        ("passkey.copied", True),
    ]


COUNTS = [(0, 0, False), (0, 1, False), (5, 6, False), (5, 5, True), (5, 0, True)]


@pytest.mark.parametrize(("last", "count", "copy"), COUNTS)
def test_a_count_that_does_not_go_on_shows_a_copy(last: int, count: int, copy: bool) -> None:
    assert ceremony.is_copy(last, count) is copy


async def test_whoever_tries_forever_has_to_wait(client: httpx.AsyncClient, key: Authenticator) -> None:
    credential = {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQUFBQSIsIm9yaWdpbiI6IngifQ",
            "authenticatorData": "AAAA",
            "signature": "AAAA",
        },
    }
    codes = [
        (await client.post(LOGIN, json={"credential": credential})).status_code
        for _ in range(RULES[Subject.PAIR].free + 1)
    ]
    assert codes == [401] * RULES[Subject.PAIR].free + [429]


async def test_the_last_way_in_stays(ann: httpx.AsyncClient, key: Authenticator, services: Services) -> None:
    made = await make(ann, key)
    url, me = f"{PASSKEYS}/{made['id']}", (await ann.get("/api/v1/me")).json()["id"]
    await change_user(services, me, password_hash="")
    assert (await ann.delete(url)).json()["code"] == "last_way_in"
    assert len((await ann.get(PASSKEYS)).json()["data"]) == 1
    await change_user(services, me, password_hash="-")
    assert (await ann.delete(url)).status_code == 204
    assert (await ann.delete(url)).status_code == 404


async def test_nobody_keeps_more_than_enough(
    ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, key: Authenticator
) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    await make(ann, key)
    refused = await ann.post(f"{PASSKEYS}/options", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_passkeys")


NONSENSE = ["AAAA", "bnVsbA", "W10", "eyJjaGFsbGVuZ2UiOjF9"]
NO_ATTESTATION = [b"\xff", b"\xa0", b"\xa1cfmtcabc", b"\xa2cfmtdnonehauthDataA0", b"\xd8\x1c\x80" * 50]


async def test_nonsense_is_a_clear_no(ann: httpx.AsyncClient) -> None:
    rest = {"attestationObject": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA"}
    for said in NONSENSE:
        credential = {"id": "AAAA", "rawId": "AAAA", "response": {"clientDataJSON": said, **rest}}
        for url in (PASSKEYS, LOGIN):
            answer = await ann.post(url, json={"credential": credential})
            assert (answer.status_code, answer.json()["code"]) == (400, "passkey_refused")


async def test_an_attestation_that_is_none_is_a_clear_no(ann: httpx.AsyncClient) -> None:
    for attestation in NO_ATTESTATION:
        options = (await ann.post(f"{PASSKEYS}/options", json={})).json()["publicKey"]
        credential = Authenticator(SITE).create(options)
        credential["response"]["attestationObject"] = urlsafe_b64encode(attestation).decode()
        answer = await ann.post(PASSKEYS, json={"credential": credential})
        assert (answer.status_code, answer.json()["code"]) == (400, "passkey_refused")


async def test_a_passkey_is_kept_under_the_name_that_it_holds(
    ann: httpx.AsyncClient, key: Authenticator
) -> None:
    async def options() -> dict[str, Any]:
        return dict((await ann.post(f"{PASSKEYS}/options", json={})).json()["publicKey"])

    for lie in ("AAAA", key.create(await options())["id"]):
        credential = Authenticator(SITE).create(await options())
        answer = await ann.post(PASSKEYS, json={"credential": credential | {"id": lie, "rawId": lie}})
        assert (answer.status_code, answer.json()["code"]) == (400, "passkey_refused")


@pytest.mark.parametrize(
    ("public_url", "base", "rp_id"),
    [
        ("https://video.example.org/", "http://x", "video.example.org"),
        ("https://Video.example.org:8443", "http://x", "video.example.org"),
        ("", "http://localhost:8080", "localhost"),
        ("http://localhost:8080", "http://x", "localhost"),
        ("", "http://app.localhost", "app.localhost"),
    ],
)
def test_passkeys_are_for_the_name_of_the_server(public_url: str, base: str, rp_id: str) -> None:
    assert ceremony.site_of(public_url, base).rp_id == rp_id


@pytest.mark.parametrize(
    ("public_url", "base"),
    [
        ("http://video.example.org", "http://x"),
        ("https://192.0.2.1", "http://x"),
        ("https://[2001:db8::1]", "http://x"),
        # Nobody but the setting says which name is ours: a request may come to any.
        ("", "https://evil.example"),
        ("", "http://127.0.0.1:8080"),
    ],
)
def test_without_a_name_of_its_own_a_server_has_no_passkeys(public_url: str, base: str) -> None:
    with pytest.raises(Conflict, match="HEDDLE_PUBLIC_URL"):
        ceremony.site_of(public_url, base)

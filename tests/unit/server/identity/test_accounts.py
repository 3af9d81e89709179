"""An account in the hands of its person: profile, picture, a new password by mail, another address."""

import io
from typing import Any

import httpx
import pyotp
import pytest
from PIL import Image

from server.wiring import Services
from tests.support.mailbox import Mailbox, text_of
from tests.support.people import change_user, verify_user

ME = "/api/v1/users/me"
NEW = "seven blue kettles sing"

pytestmark = pytest.mark.usefixtures("quick_passwords")


async def id_of(client: httpx.AsyncClient) -> str:
    return str((await client.get(ME)).json()["id"])


async def test_a_profile_is_shown_and_changed(ann: httpx.AsyncClient) -> None:
    before = (await ann.get(ME)).json()
    assert before["email"] == "ann@example.org"
    assert [before[name] for name in ("emailVerified", "timeZone", "language", "avatarUrl")] == [False] + [
        None
    ] * 3
    body = {"username": " Ann A. ", "timeZone": "Europe/Berlin", "language": "pt-BR"}
    after = (await ann.patch(ME, json=body)).json()
    assert after == before | {"username": "Ann A.", "timeZone": "Europe/Berlin", "language": "pt-BR"}
    emptied = (await ann.patch(ME, json={"timeZone": None, "username": None})).json()
    assert (emptied["timeZone"], emptied["language"], emptied["username"]) == (None, "pt-BR", "Ann A.")


@pytest.mark.parametrize(
    "body",
    [
        {"username": ""},
        {"username": "a\x00b"},
        {"username": "\ud800"},
        {"timeZone": "Mars/Base"},
        {"timeZone": "../../etc/passwd"},
        {"timeZone": "Europe"},
        {"language": "not a language"},
        {"email": "other@example.org"},
        {"role": "owner"},
    ],
)
async def test_a_bad_profile_is_a_400(ann: httpx.AsyncClient, body: dict[str, Any]) -> None:
    import json

    answer = await ann.patch(ME, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


async def test_a_forgotten_password_is_replaced_by_mail_and_every_device_signed_out(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    answer = await client.post("/auth/password/forgotten", json={"email": "Ann@example.org "})
    assert answer.status_code == 202
    key = await mailbox.key("ann@example.org", "Choose a new password")
    short = await client.post("/auth/password/reset", json={"token": key, "password": "short"})
    assert short.status_code == 400
    done = await client.post("/auth/password/reset", json={"token": key, "password": NEW})
    assert done.status_code == 204, done.text
    assert (await ann.get(ME)).status_code == 401
    body = {"email": "ann@example.org", "password": NEW}
    token = (await client.post("/auth/login", json=body)).json()["token"]
    profile = await client.get(ME, headers={"Authorization": f"Bearer {token}"})
    assert profile.json()["emailVerified"] is True
    again = await client.post("/auth/password/reset", json={"token": key, "password": NEW})
    assert (again.status_code, again.json()["code"]) == (404, "link_over")
    assert "every device was" in text_of(await mailbox.letter("ann@example.org", "Your password was changed"))


async def test_an_unknown_address_is_answered_alike_and_nothing_is_left(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox, services: Services
) -> None:
    answers = [
        await client.post("/auth/password/forgotten", json={"email": email})
        for email in ("nobody@example.org", "owner@localhost", "nonsense", "ann@example.org")
    ]
    assert {(one.status_code, one.content) for one in answers} == {(202, b"")}
    await mailbox.letter("ann@example.org", "Choose a new password")
    assert {letter["To"] for letter in mailbox.all()} == {"ann@example.org"}
    async with services.db.read() as session:
        from sqlalchemy import func, select

        from server.identity.accounts.models import KeyRow

        assert await session.scalar(select(func.count()).select_from(KeyRow)) == 1


async def test_the_last_link_to_a_new_password_is_the_good_one(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await client.post("/auth/password/forgotten", json={"email": "ann@example.org"})
    first = await mailbox.key("ann@example.org", "Choose")
    await client.post("/auth/password/forgotten", json={"email": "ann@example.org"})
    answer = await client.post("/auth/password/reset", json={"token": first, "password": NEW})
    assert answer.status_code == 404


async def test_an_address_is_verified_by_mail(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    assert (await ann.post(f"{ME}/verification")).status_code == 202
    key = await mailbox.key("ann@example.org", "Confirm your e-mail address")
    assert (await client.post("/auth/verify-email", json={"token": key})).status_code == 200
    assert (await ann.get(ME)).json()["emailVerified"] is True
    assert (await client.post("/auth/verify-email", json={"token": key})).status_code == 404


@pytest.mark.parametrize("first", ["old", "new"])
async def test_a_verified_address_changes_when_both_have_confirmed(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox, services: Services, first: str
) -> None:
    await verify_user(services, await id_of(ann))
    await change_user(services, await id_of(ann), password_hash=f"quick:{NEW}")
    body = {"email": "new@example.org", "password": NEW}
    assert (await ann.post(f"{ME}/email", json=body)).status_code == 202
    keys = [
        await mailbox.key("ann@example.org", "Your e-mail address is to change"),
        await mailbox.key("new@example.org", "Confirm your new e-mail address"),
    ]
    if first == "new":
        keys.reverse()
    half = await client.post("/auth/email/confirm", json={"token": keys[0]})
    assert half.json() == {"email": "ann@example.org", "pending": True}
    assert (await ann.get(ME)).json()["email"] == "ann@example.org"
    whole = await client.post("/auth/email/confirm", json={"token": keys[1]})
    assert whole.json() == {"email": "new@example.org", "pending": False}
    assert (await ann.get(ME)).json()["email"] == "new@example.org"
    for address in ("ann@example.org", "new@example.org"):
        assert await mailbox.letter(address, "was changed")
    assert (await client.post("/auth/email/confirm", json={"token": keys[1]})).status_code == 404


async def test_an_address_that_was_never_verified_is_only_told(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox, services: Services
) -> None:
    await change_user(services, await id_of(ann), password_hash=f"quick:{NEW}")
    await ann.post(f"{ME}/email", json={"email": "new@example.org", "password": NEW})
    told = await mailbox.letter("ann@example.org", "is to change")
    assert "/account/email#" not in text_of(told)
    key = await mailbox.key("new@example.org", "Confirm your new")
    done = await client.post("/auth/email/confirm", json={"token": key})
    assert done.json() == {"email": "new@example.org", "pending": False}


async def test_an_address_changes_only_with_the_password_and_never_to_somebody_elses(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, mailbox: Mailbox, services: Services
) -> None:
    await change_user(services, await id_of(ann), password_hash=f"quick:{NEW}")
    wrong = await ann.post(f"{ME}/email", json={"email": "new@example.org", "password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    taken = await ann.post(f"{ME}/email", json={"email": "bob@example.org", "password": NEW})
    free = await ann.post(f"{ME}/email", json={"email": "free@example.org", "password": NEW})
    assert taken.status_code == free.status_code == 202
    assert taken.content == free.content
    assert await mailbox.letter("bob@example.org", "Another account asked for your address")
    assert mailbox.to("new@example.org") == []


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind, **options)
    return made.getvalue()


async def put(client: httpx.AsyncClient, data: bytes, kind: str = "image/png") -> httpx.Response:
    return await client.put(f"{ME}/avatar", content=data, headers={"Content-Type": kind})


async def test_a_picture_is_made_anew_and_shown_to_anybody_who_has_its_address(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    answer = await put(ann, picture("JPEG", exif=exif), "image/jpeg")
    assert answer.status_code == 200, answer.text
    first = answer.json()["avatarUrl"]
    shown = await client.get(first)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert "immutable" in shown.headers["cache-control"]
    assert b"where I live" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
    assert (await ann.delete(f"{ME}/avatar")).status_code == 204
    assert (await client.get(first)).status_code == 404
    assert (await ann.get(ME)).json()["avatarUrl"] is None
    assert list((services.settings.data / "portraits").iterdir()) == []


async def test_what_is_no_picture_is_refused_and_changes_nothing(
    ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    broken = await put(ann, picture()[:150])
    assert (broken.status_code, broken.json()["code"]) == (422, "unreadable_media")
    wrong = await put(ann, b"<svg onload='alert(1)'/>", "image/svg+xml")
    assert (wrong.status_code, wrong.json()["code"]) == (415, "unsupported_media")
    large = await put(ann, b"\0" * (8 * 1024 * 1024 + 1))
    assert large.status_code == 413
    assert (await ann.get(ME)).json()["avatarUrl"] is None
    for name in ("0" * 32, "..%2f..%2fsecrets", "x"):
        assert (await client.get(f"/avatars/{name}.webp")).status_code == 404


@pytest.mark.parametrize(
    ("path", "more"), [(f"{ME}/email", {"email": "new@example.org"}), (f"{ME}/erasure", {})]
)
async def test_what_cannot_be_taken_back_asks_for_the_second_factor_too(
    ann: httpx.AsyncClient, services: Services, path: str, more: dict[str, str]
) -> None:
    await services.takeout.clerk.rounds.stop()
    anns_id = await id_of(ann)
    await change_user(services, anns_id, password_hash=f"quick:{NEW}")
    secret, _ = await services.identity.factors.begin(anns_id, "ann@example.org")
    codes = await services.identity.factors.confirm(anns_id, pyotp.TOTP(secret).now())
    for sent, code in (({}, "mfa_needed"), ({"code": "000000"}, "wrong_code")):
        refused = await ann.post(path, json={**more, "password": NEW, **sent})
        assert (refused.status_code, refused.json()["code"]) == (403, code)
    wrong = await ann.post(path, json={**more, "password": "wrong", "code": codes[0]})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    assert (await ann.post(path, json={**more, "password": NEW, "code": codes[0]})).status_code == 202

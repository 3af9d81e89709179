"""The second factor: asked for at the sign-in, each code taken once."""

from typing import Any

import httpx
import pyotp
import pytest

from server.errors import Conflict, TooManyRequests, Unauthenticated
from server.identity.lockout.policy import RULES, Subject
from server.identity.mfa import codes
from server.identity.service import Identity, Visitor
from server.identity.sessions.schemas import Device, SignIn
from server.identity.sessions.tokens import Signed
from server.wiring import Services
from tests.support.moving_clock import Clock

EMAIL, PASSWORD = "carol@example.org", "correct horse battery"
MFA = "/api/v1/auth/mfa"
HERE = Visitor("192.0.2.1", Device())


class App:
    """An authenticator app with the clock of the test."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._totp, self._clock = pyotp.TOTP(secret), clock

    def code(self) -> str:
        return self._totp.at(self._clock())


@pytest.fixture
async def app_of_carol(identity: Identity, clock: Clock) -> tuple[App, list[str]]:
    user = await identity.add_user(EMAIL, PASSWORD)
    secret, _ = await identity.factors.begin(user.id, user.email)
    app = App(secret, clock)
    recovery = await identity.factors.confirm(user.id, app.code())
    clock.move(seconds=30)
    return app, recovery


async def half_way(identity: Identity) -> str:
    found = await identity.login(EMAIL, PASSWORD, HERE)
    assert isinstance(found, Signed)
    return found.token


async def test_a_code_is_taken_once_and_older_ones_never(
    identity: Identity, app_of_carol: tuple[App, list[str]], clock: Clock
) -> None:
    app, _ = app_of_carol
    older = app.code()
    clock.move(seconds=30)
    code = app.code()
    assert isinstance(await identity.login_with_code(await half_way(identity), code, HERE), SignIn)
    for again in (code, older, "000000", "", "12345٣"):
        with pytest.raises(Unauthenticated) as refused:
            await identity.login_with_code(await half_way(identity), again, HERE)
        assert refused.value.code == "wrong_code"


async def test_a_recovery_code_is_taken_once_however_it_is_typed(
    identity: Identity, app_of_carol: tuple[App, list[str]]
) -> None:
    _, recovery = app_of_carol
    assert len(set(recovery)) == codes.RECOVERY_CODES
    typed = recovery[0].upper().replace("-", " ")
    signed_in = await identity.login_with_code(await half_way(identity), typed, HERE)
    assert (await identity.factors.of(signed_in.user.id)).recovery_codes == codes.RECOVERY_CODES - 1
    with pytest.raises(Unauthenticated):
        await identity.login_with_code(await half_way(identity), recovery[0], HERE)


async def test_the_password_buys_no_more_than_a_few_codes(
    identity: Identity, app_of_carol: tuple[App, list[str]]
) -> None:
    for _ in range(RULES[Subject.PAIR].free):
        token = await half_way(identity)
        with pytest.raises(Unauthenticated):
            await identity.login_with_code(token, "000000", HERE)
    with pytest.raises(TooManyRequests):
        await half_way(identity)


async def test_the_step_between_ends_soon(
    identity: Identity, app_of_carol: tuple[App, list[str]], clock: Clock
) -> None:
    token = await half_way(identity)
    clock.move(minutes=6)
    with pytest.raises(Unauthenticated) as refused:
        await identity.login_with_code(token, app_of_carol[0].code(), HERE)
    assert refused.value.code == "token_expired"


async def test_a_secret_cannot_be_read_with_another_key() -> None:
    sealed = codes.Seal("11" * 32).close("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert codes.Seal("11" * 32).open(sealed) == "JBSWY3DPEHPK3PXP"
    assert codes.Seal("22" * 32).open(sealed) is None
    assert codes.Seal("11" * 32).open("nonsense") is None


async def test_nothing_is_asked_for_until_the_first_code_was_right(identity: Identity, clock: Clock) -> None:
    user = await identity.add_user(EMAIL, PASSWORD)
    with pytest.raises(Conflict):
        await identity.factors.confirm(user.id, "000000")
    await identity.factors.begin(user.id, user.email)
    with pytest.raises(Unauthenticated):
        await identity.factors.confirm(user.id, "000000")
    assert isinstance(await identity.login(EMAIL, PASSWORD, HERE), SignIn)


async def test_a_second_factor_from_beginning_to_end_over_http(
    client: httpx.AsyncClient, services: Services, clock: Clock, quick_passwords: None
) -> None:
    await services.identity.add_user(EMAIL, PASSWORD)
    services.identity.factors._clock = clock
    pair = (await client.post("/auth/login", json={"email": EMAIL, "password": PASSWORD})).json()
    client.headers["Authorization"] = f"Bearer {pair['token']}"

    async def post(path: str, status: int = 200, **body: str) -> dict[str, Any]:
        answer = await client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return dict(answer.json()) if answer.content else {}

    assert (await post(f"{MFA}/totp", 401, password="wrong"))["code"] == "wrong_credentials"
    begun = await post(f"{MFA}/totp", password=PASSWORD)
    assert begun["uri"].startswith("otpauth://totp/Heddle:carol")
    app = App(begun["secret"], clock)
    recovery = (await post(f"{MFA}/totp/confirm", code=app.code()))["recoveryCodes"]
    assert (await client.get(MFA)).json()["recoveryCodes"] == len(recovery) == 10
    assert (await post(f"{MFA}/totp", 409, password=PASSWORD))["code"] == "mfa_enabled"

    clock.move(seconds=30)
    step_up = await post("/auth/login", email=EMAIL, password=PASSWORD)
    assert step_up["mfaRequired"] is True
    assert "token" not in step_up
    signed_in = await post("/auth/login/mfa", mfaToken=step_up["mfaToken"], code=app.code())
    assert signed_in["user"]["email"] == EMAIL

    wrong = {"password": PASSWORD, "code": "000000"}
    assert (await post(f"{MFA}/recovery-codes", 401, **wrong))["code"] == "wrong_code"
    new = (await post(f"{MFA}/recovery-codes", password=PASSWORD, code=recovery[0]))["recoveryCodes"]
    assert not set(new) & set(recovery)
    await post(f"{MFA}/totp/remove", 204, password=PASSWORD, code=new[0])
    assert (await client.get(MFA)).json() == {"totp": False, "totpSince": None, "recoveryCodes": 0}
    assert "token" in await post("/auth/login", email=EMAIL, password=PASSWORD)

"""Tokens: as the specification signs them, believed only as long and by whom they should be."""

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from server.config import Settings
from server.errors import Unauthenticated
from server.identity.service import Identity
from server.identity.sessions import signing
from server.identity.sessions.schemas import SignIn
from server.identity.sessions.signing import KeyRing
from server.identity.sessions.tokens import AUDIENCE, Tokens, UnknownKeyError
from tests.support.moving_clock import Clock

PASSWORD = "correct horse battery"


@pytest.fixture
async def signed_in(identity: Identity) -> SignIn:
    user = await identity.add_user("ann@example.org", PASSWORD)
    return await identity.sessions.open(user.id)


def payload(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


async def code_of(identity: Identity, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await identity.authenticate(token)
    return refused.value.code


def test_a_pair_is_what_the_specification_says(signed_in: SignIn) -> None:
    access, refresh = payload(signed_in.access.token), payload(signed_in.refresh.token)
    for claims in (access, refresh):
        assert (claims["iss"], claims["aud"]) == ("loom-api", "loom-client")
        assert claims["userId"] == signed_in.user.id
    assert int(str(access["exp"])) - int(str(access["iat"])) == 15 * 60
    assert int(str(refresh["exp"])) - int(str(refresh["iat"])) == 7 * 24 * 3600


async def test_an_access_token_ends_and_says_that_refreshing_helps(
    identity: Identity, signed_in: SignIn, clock: Clock
) -> None:
    assert (await identity.authenticate(signed_in.access.token)).id == signed_in.user.id
    clock.move(minutes=16)
    assert await code_of(identity, signed_in.access.token) == "token_expired"
    renewed = await identity.sessions.refresh(signed_in.refresh.token)
    assert (await identity.authenticate(renewed.access.token)).session_id == signed_in.user.session_id


async def test_one_kind_of_token_never_passes_for_another(identity: Identity, signed_in: SignIn) -> None:
    assert await code_of(identity, signed_in.refresh.token) == "unauthenticated"
    step_up = identity._tokens.step_up(signed_in.user.id)
    assert await code_of(identity, step_up.token) == "unauthenticated"
    with pytest.raises(Unauthenticated):
        await identity.sessions.refresh(signed_in.access.token)
    with pytest.raises(Unauthenticated):
        await identity._tokens.read_step_up(signed_in.access.token)


@pytest.mark.parametrize("damage", ["none", "key", "signature", "issuer", "audience", "unsigned"])
async def test_what_another_signed_is_worth_nothing(
    identity: Identity, signed_in: SignIn, settings: Settings, damage: str
) -> None:
    key = signing.listed(settings.data / signing.FILE)[0]
    claims = payload(signed_in.access.token)
    claims |= {"iss": "somebody"} if damage == "issuer" else {}
    claims |= {"aud": "somebody"} if damage == "audience" else {}
    secret = bytes(32) if damage in ("key", "signature") else bytes.fromhex(key.access)
    header = {"alg": "HS256", "kid": "deadbeef" if damage == "key" else key.kid}
    token = jwt.encode(header, claims, OctKey.import_key(secret), algorithms=["HS256"])
    if damage == "unsigned":
        head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": key.kid}).encode()).decode()
        token = ".".join([head.rstrip("="), token.split(".")[1], ""])
    if damage == "none":
        assert (await identity.authenticate(token)).id == signed_in.user.id
    else:
        assert await code_of(identity, token) == "unauthenticated"


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "..", "é.ü.ß", "x" * 100_000, "\ud800", "e30.e30.e30"])
async def test_nonsense_is_refused_like_any_other(identity: Identity, token: str) -> None:
    assert await code_of(identity, token) == "unauthenticated"


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": JSON | st.sampled_from(["HS256", "none", "RS256"]),
        "kid": JSON,
        "crit": JSON,
        "b64": JSON,
    },
)


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    path = tmp_path_factory.mktemp("keys") / signing.FILE
    signing.prepare(path)
    return KeyRing(path)


@given(header=HEADERS | JSON, payload=JSON, tail=st.text(max_size=50), known=st.booleans())
@example(header={"alg": "HS256", "crit": None}, payload=None, tail="", known=True)
def test_no_token_from_outside_is_more_than_refused(
    ring: KeyRing, header: object, payload: object, tail: str, known: bool
) -> None:
    if known and isinstance(header, dict):
        header["kid"] = ring.current
    tokens = Tokens(ring, access_s=900, refresh_s=900, clock=Clock())
    with pytest.raises((Unauthenticated, UnknownKeyError)):
        tokens._verified(f"{part(header)}.{part(payload)}.{tail}", ring.access, AUDIENCE)


async def test_a_used_refresh_token_ends_the_sign_in(identity: Identity, signed_in: SignIn) -> None:
    second = await identity.sessions.refresh(signed_in.refresh.token)
    with pytest.raises(Unauthenticated) as refused:
        await identity.sessions.refresh(signed_in.refresh.token)
    assert refused.value.code == "token_reused"
    assert await code_of(identity, second.access.token) == "session_ended"
    with pytest.raises(Unauthenticated) as refused:
        await identity.sessions.refresh(second.refresh.token)
    assert refused.value.code == "session_ended"


async def test_an_answer_that_got_lost_can_be_had_again_until_it_was_used(
    identity: Identity, signed_in: SignIn
) -> None:
    lost = await identity.sessions.refresh(signed_in.refresh.token, "my request")
    again = await identity.sessions.refresh(signed_in.refresh.token, "my request")
    assert (await identity.authenticate(again.access.token)).id == signed_in.user.id
    with pytest.raises(Unauthenticated) as refused:
        await identity.sessions.refresh(signed_in.refresh.token, "my request")
    assert refused.value.code == "token_reused"
    assert await code_of(identity, lost.access.token) == "session_ended"


async def test_what_a_lost_answer_carried_is_spent_once_another_was_given(
    identity: Identity, signed_in: SignIn
) -> None:
    lost = await identity.sessions.refresh(signed_in.refresh.token, "my request")
    await identity.sessions.refresh(signed_in.refresh.token, "my request")
    with pytest.raises(Unauthenticated) as refused:
        await identity.sessions.refresh(lost.refresh.token, "my request")
    assert refused.value.code == "token_reused"


async def test_a_sign_in_that_is_used_stays_and_one_that_is_not_ends(
    identity: Identity, signed_in: SignIn, clock: Clock
) -> None:
    pair = signed_in
    for _ in range(4):
        clock.move(days=6)
        pair = await identity.sessions.refresh(pair.refresh.token)
    clock.move(days=8)
    with pytest.raises(Unauthenticated) as refused:
        await identity.sessions.refresh(pair.refresh.token)
    assert refused.value.code == "token_expired"
    assert await identity.sessions.views(pair.user.id) == []


async def test_ending_a_sign_in_ends_its_tokens_at_once(identity: Identity, signed_in: SignIn) -> None:
    other = await identity.sessions.open(signed_in.user.id)
    await identity.sessions.end_all(signed_in.user.id, but=other.user.session_id)
    assert await code_of(identity, signed_in.access.token) == "session_ended"
    assert (await identity.authenticate(other.access.token)).id == other.user.id


async def test_a_key_that_was_replaced_is_believed_until_it_is_dropped(
    identity: Identity, signed_in: SignIn, settings: Settings
) -> None:
    path = settings.data / signing.FILE
    old = signing.listed(path)[0].kid
    new, *believed = signing.rotate(path, keep_s=3600)
    assert [key.kid for key in believed] == [old]
    await identity._tokens._ring.look(within_s=0)
    renewed = await identity.sessions.refresh(signed_in.refresh.token)
    assert identity._tokens._ring.current == new.kid
    assert (await identity.authenticate(signed_in.access.token)).id == signed_in.user.id
    signing.rotate(path, keep_s=3600, drop_others=True)
    await identity._tokens._ring.look(within_s=0)
    assert await code_of(identity, renewed.access.token) == "unauthenticated"


async def test_a_key_made_by_another_process_is_found_when_a_token_names_it(
    settings: Settings, clock: Clock, identity: Identity, signed_in: SignIn
) -> None:
    path = settings.data / signing.FILE
    signing.rotate(path, keep_s=3600)
    elsewhere = Tokens(KeyRing(path), access_s=900, refresh_s=3600, clock=clock)
    claims = await identity._tokens.read_access(signed_in.access.token)
    identity._tokens._ring._looked_at = 0.0
    assert (await identity.authenticate(elsewhere.access(claims).token)).id == signed_in.user.id


async def test_a_broken_key_file_does_not_stop_a_server_that_runs(
    identity: Identity, signed_in: SignIn, settings: Settings
) -> None:
    (settings.data / signing.FILE).write_text("{")
    await identity._tokens._ring.look(within_s=0)
    assert (await identity.authenticate(signed_in.access.token)).id == signed_in.user.id


def test_a_key_is_kept_as_long_as_what_it_signed_may_live(tmp_path: object, settings: Settings) -> None:
    path = settings.data / "keys.json"
    signing.prepare(path)
    first = signing.listed(path)[0].kid
    assert first in [key.kid for key in signing.rotate(path, keep_s=3600)]
    assert first not in [key.kid for key in signing.rotate(path, keep_s=0)]
    assert len(signing.listed(path)) == 1

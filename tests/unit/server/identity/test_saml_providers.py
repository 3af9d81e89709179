"""Which identity providers there are, by the administrator's file; and what is said without the extra."""

from pathlib import Path

import pytest

from server import doctor
from server.config import Settings
from server.errors import SetupError
from server.identity import sso
from server.identity.oidc import providers as openid
from server.identity.saml.providers import load
from tests.support import oidc, saml

HERE = "https://video.example.org"
OUR_KEY = 'our_key = "ours.key"\nour_certificate = "ours.pem"\n'
BY_METADATA = '[company]\nname = "Company"\nmetadata = "company.xml"\n'
PEM = saml.keys().certificate
BY_HAND = f"""
[company]
name = "Company"
entity_id = "{saml.ENTITY_ID}"
sso_url = "{saml.SSO_URL}"
certificates = ['''{PEM}''', "next.pem"]
email_domains = ["Example.org"]
link_by_email = true
idp_initiated = true
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "company.xml").write_text(saml.metadata())
    (tmp_path / "next.pem").write_text(saml.keys("somebody else").certificate)
    for name, bits in (("ours", 2048), ("weak", 1024)):
        (tmp_path / f"{name}.key").write_text(saml.keys(name, bits).private)
        (tmp_path / f"{name}.pem").write_text(saml.keys(name, bits).certificate)
    return tmp_path / "saml.toml"


def test_a_provider_is_described_by_its_metadata_or_by_hand(file: Path) -> None:
    assert load(None, "") == ()
    file.write_text(BY_METADATA)
    (found,) = load(file, HERE)
    assert (found.entity_id, found.sso_url, found.certificates) == (saml.ENTITY_ID, saml.SSO_URL, (PEM,))
    assert (found.trust_email, found.unasked) == (False, False)
    file.write_text(BY_METADATA.replace('"company.xml"', f"'''{saml.metadata()}'''"))
    assert load(file, HERE) == (found,)
    described = saml.metadata(logout_url="https://id.example.org/out").replace(
        'Location="https://id.example.org/out"/>',
        'Location="https://id.example.org/out" ResponseLocation="https://id.example.org/back"/>',
    )
    file.write_text(BY_METADATA.replace('"company.xml"', f"'''{described}'''") + OUR_KEY)
    (found,) = load(file, HERE)
    assert (found.logout_url, found.logout_answer_url) == (
        "https://id.example.org/out",
        "https://id.example.org/back",
    )
    assert found.has_logout
    assert found.ours is not None
    assert "PRIVATE" not in repr(found)
    file.write_text(BY_HAND + 'slo_url = "https://id.example.org/out"\n')
    (found,) = load(file, HERE)
    assert (found.logout_url, found.has_logout) == ("https://id.example.org/out", False)
    assert len(found.certificates) == 2
    assert (found.email_domains, found.trust_email, found.unasked) == (frozenset({"example.org"}), True, True)


BROKEN = {
    "a key without its certificate": BY_METADATA + 'our_key = "ours.key"\n',
    "a key of another certificate": BY_METADATA + OUR_KEY.replace("ours.pem", "next.pem"),
    "a certificate for a key": BY_METADATA + OUR_KEY.replace("ours.key", "ours.pem"),
    "a key that is too short": BY_METADATA + OUR_KEY.replace("ours.", "weak."),
    "sign-outs without https": BY_HAND + 'slo_url = "http://id.example.org/out"\n',
    "sign-outs by metadata without https": BY_METADATA.replace(
        '"company.xml"', f"'''{saml.metadata(logout_url='http://id.example.org/out')}'''"
    ),
    "nothing to know it by": '[company]\nname = "Company"\n',
    "no such file": BY_METADATA.replace("company.xml", "nowhere.xml"),
    "not XML": BY_METADATA.replace('"company.xml"', '"<company"'),
    "metadata of another": BY_METADATA + 'entity_id = "https://else.example.org"\n',
    "metadata with a document type": BY_METADATA.replace(
        '"company.xml"', """'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'"""
    ),
    "metadata and an address": BY_METADATA + f'sso_url = "{saml.SSO_URL}"\n',
    "no https": BY_HAND.replace("https://id.example.org/realms/staff/saml", "http://id.example.org"),
    "no certificate": BY_HAND.replace('"next.pem"', '"company.xml"'),
    "anybody's address": BY_METADATA + "link_by_email = true\n",
    "new accounts of anybody": BY_METADATA + 'accounts = "create"\n',
    "a word too many": BY_METADATA + "colour = 1\n",
    "a name for no address": BY_METADATA.replace("[company]", '["The Company"]'),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_work_stops_the_start(text: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(SetupError, match=r"saml\.toml"):
        load(file, HERE)


def test_a_key_that_is_too_short_stops_the_start(file: Path) -> None:
    weak = saml.keys("weak", 1024).certificate
    file.write_text(BY_HAND.replace(PEM, weak))
    with pytest.raises(SetupError, match="2048 bits"):
        load(file, HERE)


def test_a_server_that_does_not_know_its_address_is_nobody_there(file: Path) -> None:
    file.write_text(BY_METADATA)
    with pytest.raises(SetupError, match="own address") as refused:
        load(file, "")
    assert "HEDDLE_PUBLIC_URL" in refused.value.hint


def test_one_name_is_of_one_provider(file: Path) -> None:
    file.write_text(BY_METADATA)
    (file.parent / "oidc.toml").write_text(oidc.PROVIDERS)
    both = openid.load(file.parent / "oidc.toml"), load(file, HERE)
    with pytest.raises(SetupError, match="one name"):
        openid.by_id(*both)
    assert list(openid.by_id(both[0])) == ["company", "other"]


def test_without_the_extra_nothing_is_offered_and_it_is_said_what_to_install(
    file: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sso, "_PARTS", ("not_there_at_all",))
    sso.trouble.cache_clear()
    try:
        assert (sso.routers(), sso.late_routes()) == ((), ())
        assert load(None, "") == ()
        file.write_text(BY_METADATA)
        with pytest.raises(SetupError, match="not_there_at_all is not installed") as refused:
            load(file, HERE)
        assert "heddle[server,sso]" in refused.value.hint
        quiet = doctor._single_sign_on(settings)
        assert (quiet.ok, "not_there_at_all" in quiet.detail) == (True, True)
        loud = doctor._single_sign_on(settings.model_copy(update={"saml": file}))
        assert (loud.ok, "heddle[server,sso]" in loud.hint) == (False, True)
    finally:
        monkeypatch.undo()
        sso.trouble.cache_clear()
    assert doctor._single_sign_on(settings).ok
    assert (len(sso.routers()), len(sso.late_routes())) == (1, 1)

"""Encrypted assertions: decrypted with our key, and then believed as little as any other."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from server.identity.oidc.tokens import Disbelieved
from server.identity.saml import requests
from server.identity.saml.assertion import Asked, Said, read
from server.identity.saml.providers import OurKey, SamlProvider
from server.identity.saml.schemas import Name
from server.identity.saml.signature import signed
from tests.support import saml, saml_sealed
from tests.support.saml import ENTITY_ID, SSO_URL, Answer, encoded
from tests.support.saml_sealed import sealed

OURS = saml.keys("ours")
PROVIDER = SamlProvider(
    "company",
    "Company",
    entity_id=ENTITY_ID,
    sso_url=SSO_URL,
    certificates=(saml.keys().certificate,),
    ours=OurKey(OURS.private, OURS.certificate),
)
BASE = "http://heddle.test"
ASKED = Asked(requests.our_id(BASE, PROVIDER), requests.acs(BASE, PROVIDER), "_asked")
GOOD = Answer("_asked", ASKED.recipient, ASKED.audience)
METHODS = (saml_sealed.GCM256, saml_sealed.GCM128, saml_sealed.CBC256, saml_sealed.CBC128)


def believed(xml: str, provider: SamlProvider = PROVIDER) -> Said:
    found = signed(encoded(xml), provider, audience=ASKED.audience, recipient=ASKED.recipient)
    return read(found, provider, ASKED, at=datetime.now(UTC))


@pytest.mark.parametrize("transport", [saml_sealed.OAEP_MGF1P, saml_sealed.OAEP])
@pytest.mark.parametrize("content", METHODS)
def test_what_is_encrypted_for_us_is_read(content: str, transport: str) -> None:
    for good in (GOOD, GOOD.with_(sign_response=False, name_id="u-2")):
        said = believed(sealed(good.xml(), OURS.certificate, content=content, transport=transport))
        assert (said.who.subject, said.id) == (good.name_id, good.id)
    assert said.name == Name("u-2", GOOD.format, index="s-1")


def test_what_is_not_encrypted_is_read_as_before() -> None:
    assert believed(GOOD.xml()).who.subject == "u-1"


def by(**how: str) -> Callable[[Answer], str]:
    return lambda answer: sealed(answer.xml(), OURS.certificate, **how)  # type: ignore[arg-type]  # a row of options


def around(old: str, new: str) -> Callable[[Answer], str]:
    def forge(answer: Answer) -> str:
        xml = by()(answer)
        assert old in xml
        return xml.replace(old, new, 1)

    return forge


def inside(old: str, new: str) -> Callable[[Answer], str]:
    return lambda answer: sealed(answer.xml(), OURS.certificate, inside=lambda xml: xml.replace(old, new))


def twice(answer: Answer) -> str:
    xml = by()(answer)
    element = xml[xml.index("<saml:EncryptedAssertion") : xml.index("</samlp:Response>")]
    return xml.replace("</samlp:Response>", f"{element}</samlp:Response>")


def beside(answer: Answer) -> str:
    forged = answer.with_(sign_assertion=False, name_id="u-evil", id="_evil").xml()
    forged = forged[forged.index("<saml:Assertion") : forged.index("</samlp:Response>")]
    return by()(answer).replace("</samlp:Response>", f"{forged}</samlp:Response>")


def flipped(answer: Answer) -> str:
    """One byte of the content, in a mode that notices."""
    head, _, tail = by()(answer).rpartition("<e:CipherValue>")
    return f"{head}<e:CipherValue>{tail[:30]}{'B' if tail[30] == 'A' else 'A'}{tail[31:]}"


def elsewhere(answer: Answer) -> str:
    """What would have the library fetch an address, or a file."""
    reference = '<e:CipherData><e:CipherReference URI="file:///etc/passwd"/></e:CipherData>'
    return re.sub(
        r"<e:CipherData><e:CipherValue>[^<]+</e:CipherValue></e:CipherData>(?=</e:EncryptedData>)",
        reference,
        by()(answer),
    )


KEY_ELSEWHERE = (
    '<ds:RetrievalMethod URI="http://127.0.0.1:1/" Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey"/>'
)
LIES: dict[str, tuple[Callable[[Answer], str], str]] = {
    "by RSA PKCS#1 1.5": (by(transport=saml_sealed.RSA1_5), "rsa-1_5, which is not taken"),
    "by Triple DES": (by(content=saml_sealed.DES3), "tripledes-cbc, which is not taken"),
    "for somebody else": (
        lambda answer: sealed(answer.xml(), saml.keys("next").certificate),
        "cannot be read",
    ),
    "without a signature": (lambda answer: by()(answer.with_(sign_assertion=False)), "not signed"),
    "only the response is signed": (
        lambda answer: by()(answer.with_(sign_assertion=False, sign_response=True)),
        "not signed",
    ),
    "by anybody, with our public key": (
        lambda answer: by()(answer.with_(key=saml.keys("somebody else"))),
        "validation failed",
    ),
    "changed before": (inside(">u-1<", ">u-2<"), "validation failed"),
    "changed after": (flipped, "cannot be read"),
    "something else inside": (
        lambda answer: sealed(answer.xml(), OURS.certificate, inside=lambda _: "<x/>"),
        "schema",
    ),
    "nothing inside": (
        lambda answer: sealed(answer.xml(), OURS.certificate, inside=lambda _: ""),
        "cannot be read|schema",
    ),
    "one in the other": (
        lambda answer: sealed(
            answer.xml(),
            OURS.certificate,
            inside=lambda xml: f"<saml:Advice xmlns:saml='x'>{xml}</saml:Advice>",
        ),
        "schema",
    ),
    "for another server": (
        lambda answer: by()(answer.with_(audience="https://else.example.org")),
        "somebody else",
    ),
    "over": (lambda answer: by()(answer.with_(end=-61)), "not good any more"),
    "two": (twice, "several"),
    "a plain one beside it": (beside, "beside the encrypted one"),
    "content that lies elsewhere": (elsewhere, "encrypted elsewhere"),
    "a key that lies elsewhere": (
        around("<e:EncryptedKey>", f"{KEY_ELSEWHERE}<e:EncryptedKey>"),
        "a key lies elsewhere",
    ),
    "no word of how": (
        around(f'<e:EncryptionMethod Algorithm="{saml_sealed.GCM256}"/>', ""),
        "how it is encrypted",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_encrypted_wrongly_or_says_wrong_things_is_not_believed(lie: str) -> None:
    forge, why = LIES[lie]
    with pytest.raises(Disbelieved, match=why):
        believed(forge(GOOD))


def test_without_a_key_of_ours_nothing_encrypted_is_read() -> None:
    with pytest.raises(Disbelieved, match="no key to read it with"):
        believed(by()(GOOD), replace(PROVIDER, ours=None))

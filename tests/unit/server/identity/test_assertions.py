"""What is believed of a response: one assertion that the provider has signed, for us, now, as an answer."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import xmlsec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.identity.oidc.tokens import Disbelieved, Someone
from server.identity.saml import requests
from server.identity.saml.assertion import Asked, Said, read
from server.identity.saml.providers import SamlProvider
from server.identity.saml.signature import Refused, signed
from tests.support import saml
from tests.support.saml import ENTITY_ID, NAMES, SSO_URL, Answer, encoded
from tests.support.saml_sealed import sealed

BASE = "http://heddle.test"
PROVIDER = SamlProvider(
    "company", "Company", entity_id=ENTITY_ID, sso_url=SSO_URL, certificates=(saml.keys().certificate,)
)
ASKED = Asked(requests.our_id(BASE, PROVIDER), requests.acs(BASE, PROVIDER), "_asked")
GOOD = Answer("_asked", ASKED.recipient, ASKED.audience)
OURS = saml.keys("ours")
ADA = Someone(f"saml:{ENTITY_ID}", "u-1", "ada@example.org", False, "Ada")
Forge = Callable[[Answer], str]


def believed(xml: str, provider: SamlProvider = PROVIDER, asked: Asked = ASKED) -> Said:
    found = signed(encoded(xml), provider, audience=asked.audience, recipient=asked.recipient)
    return read(found, provider, asked, at=datetime.now(UTC))


def test_what_the_provider_has_signed_is_believed() -> None:
    for good in (
        GOOD,
        GOOD.with_(sign_response=True),
        GOOD.with_(signature=xmlsec.Transform.RSA_SHA512, digest=xmlsec.Transform.SHA512),
        # Clocks may differ by a minute.
        GOOD.with_(end=-30, until=-30),
        GOOD.with_(begin=50),
    ):
        said = believed(good.xml())
        assert said.who == ADA
        assert said.id == good.id
    rolling = PROVIDER.certificates[0], saml.keys("next").certificate
    both = SamlProvider("company", "Company", entity_id=ENTITY_ID, sso_url=SSO_URL, certificates=rolling)
    assert believed(GOOD.with_(key=saml.keys("next")).xml(), both).who == ADA


def test_a_refusal_is_told_from_a_lie() -> None:
    status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
    with pytest.raises(Refused, match="Responder"):
        believed(GOOD.with_(status=status, sign_assertion=False).xml())


def saying(**said: Any) -> Forge:
    return lambda answer: answer.with_(**said).xml()


def altered(old: str, new: str) -> Forge:
    def forge(answer: Answer) -> str:
        xml = answer.xml()
        assert old in xml
        return xml.replace(old, new)

    return forge


def evil(signed: Any) -> Any:
    """A copy of what was signed, about somebody else, without the signature."""
    copy = etree.fromstring(etree.tostring(signed))
    copy.find("saml:Subject/saml:NameID", NAMES).text = "u-evil"
    copy.remove(copy.find("ds:Signature", NAMES))
    return copy


def wrapping(move: Callable[[Any, Any, Any], None], *, same_id: bool = False) -> Forge:
    """`move` puts the forged one where it is looked for, and the signed one where its signature finds it."""

    def forge(answer: Answer) -> str:
        tree = etree.fromstring(answer.xml().encode())
        signed = tree.find("saml:Assertion", NAMES)
        forged = evil(signed)
        if not same_id:
            forged.set("ID", "_evil")
        move(tree, signed, forged)
        return str(etree.tostring(tree, encoding="unicode"))

    return forge


def beside(tree: Any, signed: Any, forged: Any) -> None:
    signed.addprevious(forged)


def after(tree: Any, signed: Any, forged: Any) -> None:
    signed.addnext(forged)


def in_extensions(tree: Any, signed: Any, forged: Any) -> None:
    signed.addprevious(forged)
    extensions = etree.Element(f"{{{NAMES['samlp']}}}Extensions")
    extensions.append(signed)
    tree.find("saml:Issuer", NAMES).addnext(extensions)


def in_advice(tree: Any, signed: Any, forged: Any) -> None:
    signed.addprevious(forged)
    advice = etree.Element(f"{{{NAMES['saml']}}}Advice")
    advice.append(signed)
    forged.find("saml:Conditions", NAMES).addnext(advice)


def in_its_signature(tree: Any, signed: Any, forged: Any) -> None:
    """The forged one takes the signature along, and what was signed lies in it."""
    signature = signed.find("ds:Signature", NAMES)
    signed.addprevious(forged)
    signed.remove(signature)
    forged.insert(1, signature)
    etree.SubElement(signature, f"{{{NAMES['ds']}}}Object").append(signed)


def response_in_response(tree: Any, signed: Any, forged: Any) -> None:
    whole = etree.fromstring(etree.tostring(tree))
    signed.addprevious(forged)
    tree.remove(signed)
    extensions = etree.Element(f"{{{NAMES['samlp']}}}Extensions")
    extensions.append(whole)
    tree.find("saml:Issuer", NAMES).addnext(extensions)


def with_dtd(inside: str, name_id: str = "u-1") -> Forge:
    return lambda answer: f"<!DOCTYPE x [{inside}]>" + answer.xml().replace(">u-1<", f">{name_id}<")


def hidden_dtd(answer: Answer) -> str:
    body = answer.xml().replace(">u-1<", ">&a;<")
    return '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY a "u-2">]>' + body


SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
BOMB = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def in_transforms(answer: Answer) -> str:
    was = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"'
    return altered(was, '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"')(answer)


def outside(inside: str, around: str) -> Forge:
    """The part around the assertion is signed by nobody: a forger makes it say what it has to."""

    def forge(answer: Answer) -> str:
        return answer.with_(request_id=inside).xml().replace(inside, around, 1)

    return forge


def issuer_outside(answer: Answer) -> str:
    return (
        answer.with_(issuer="https://evil.example.org")
        .xml()
        .replace("https://evil.example.org", ENTITY_ID, 1)
    )


LIES: dict[str, tuple[Forge, str]] = {
    "not signed": (saying(sign_assertion=False), "not signed"),
    "only the response is signed": (saying(sign_assertion=False, sign_response=True), "not signed"),
    "by another key": (
        lambda answer: answer.with_(key=saml.keys("somebody else")).xml(),
        "validation failed",
    ),
    "signed over SHA-1": (saying(signature=xmlsec.Transform.RSA_SHA1), "signature is .*sha1"),
    "a digest of SHA-1": (saying(digest=xmlsec.Transform.SHA1), "digest is .*sha1"),
    "another name for the method": (
        altered(RSA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        "signature is .*hmac",
    ),
    "a transform that leaves things out": (
        altered("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/1999/REC-xpath-19991116"),
        "canonical form is",
    ),
    "changed afterwards": (altered(">u-1<", ">u-2<"), "validation failed"),
    "an attribute changed afterwards": (altered("ada@example.org", "ann@example.org"), "validation failed"),
    "a reference to nothing": (
        lambda answer: re.sub(r'URI="#[^"]+"', 'URI=""', answer.xml()),
        "not over the element",
    ),
    "over": (saying(end=-61), "not good any more"),
    "not to be brought any more": (saying(until=-61), "not good any more"),
    "not good yet": (saying(begin=90), "not good yet"),
    "for somebody else": (saying(audience="https://else.example.org/saml"), "made for somebody else"),
    "for one that only begins so": (
        saying(audience="http://heddle.test/saml/company/metadata/evil"),
        "made for somebody else",
    ),
    "for another address": (
        saying(destination=ASKED.recipient, recipient="https://else.example.org/saml/company/acs"),
        "brought elsewhere",
    ),
    "for a longer address": (
        saying(destination=ASKED.recipient, recipient=f"{ASKED.recipient}/evil"),
        "brought elsewhere",
    ),
    "sent to another address": (saying(destination="https://else.example.org/acs"), "for another address"),
    "of another provider": (saying(issuer="https://evil.example.org"), "of another provider"),
    "no answer to anything": (saying(request_id=None), "no answer"),
    "an answer to another question": (saying(request_id="_other"), "no answer"),
    "a name for this once": (
        saying(format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
        "transient",
    ),
    "about nobody": (saying(name_id=""), "whom it is about"),
    "about too much": (saying(name_id="x" * 300), "whom it is about"),
    "two, the forged one first": (wrapping(beside), "2 assertions, 2"),
    "two, the forged one last": (wrapping(after), "2 assertions, 2"),
    "two with one id": (wrapping(beside, same_id=True), "schema"),
    "the signed one among the extensions": (wrapping(in_extensions), "2 assertions, 1"),
    "the signed one among the extensions, one id": (wrapping(in_extensions, same_id=True), "schema"),
    "the signed one as advice": (wrapping(in_advice), "2 assertions, 1"),
    "the signed one in its signature": (wrapping(in_its_signature), "2 assertions, 1"),
    "the signed one in its signature, one id": (wrapping(in_its_signature, same_id=True), "schema"),
    "a response in a response": (wrapping(response_in_response), "2 assertions|schema"),
    "a document type": (with_dtd('<!ENTITY a "u-2">', "&a;"), "document type"),
    "a bomb": (with_dtd(BOMB, "&i;"), "document type"),
    "a file": (with_dtd('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"), "document type"),
    "a document type in another encoding": (hidden_dtd, "document type"),
    "nested deeply": (
        lambda answer: answer.xml().replace(">u-1<", ">" + "<a>" * 10_000 + "<"),
        "cannot be read",
    ),
    "another kind of message": (
        lambda answer: answer.xml().replace("samlp:Response", "samlp:LogoutResponse"),
        "schema",
    ),
    "much": (lambda answer: answer.xml() + " " * 300_000, "too large"),
    "no XML": (lambda _: "hello", "cannot be read"),
    "nothing": (lambda _: "", "cannot be read"),
    "a transform alone that leaves things out": (in_transforms, "transform is"),
    "an answer whose assertion is to another question": (
        outside("_other", "_asked"),
        "its assertion is no answer",
    ),
    "a response of ours around the assertion of another": (issuer_outside, "its assertion is of another"),
    "sealed, and there is no key": (lambda answer: sealed(answer.xml(), OURS.certificate), "no key to read"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_forged_foreign_or_old_is_not(lie: str) -> None:
    forge, why = LIES[lie]
    with pytest.raises(Disbelieved, match=why):
        believed(forge(GOOD))


def test_what_nobody_asked_for_is_no_answer() -> None:
    unasked = Asked(ASKED.audience, ASKED.recipient, None)
    assert believed(GOOD.with_(request_id=None).xml(), asked=unasked).who == ADA
    for asked in (GOOD.xml(), outside("_other", "")(GOOD)):
        with pytest.raises(Disbelieved):
            believed(asked, asked=unasked)


def test_a_comment_does_not_cut_a_name_short() -> None:
    """Signatures are made over the text without comments; what is read must be all of it."""
    whole = "ada@example.org.evil.example"
    signed_xml = GOOD.with_(name_id=whole).xml()
    for cut in (
        "ada@example.org<!-- -->.evil.example",
        "<!-- -->ada@example.org.evil.example",
        "ada@example.org<?x?>.evil.example",
    ):
        assert believed(signed_xml.replace(whole, cut)).who.subject == whole


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_changed_it_says_the_same_or_nothing(data: st.DataObject) -> None:
    """What is outside the signature may change, what is read may not."""
    xml = SIGNED
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(xml)))
        cut = data.draw(st.integers(0, 40))
        put = data.draw(st.sampled_from(PIECES) | st.text(max_size=5))
        xml = xml[:at] + put + xml[at + cut :]
    try:
        said = believed(xml)
    except (Disbelieved, Refused):
        return
    assert (said.who, said.id) == (ADA, GOOD.id)


SIGNED = GOOD.xml()
PIECES = [
    "<!-- -->",
    "<?x?>",
    "&#x41;",
    "<![CDATA[u-2]]>",
    ' ID="_x"',
    "\x00",
    *re.findall(r"<[^>]+>", SIGNED),
]

"""Which assertion of a response the provider has signed; nothing else of it is believed. Needs the extra.

XML signatures say what they sign by reference, so a forger moves the signed part aside and puts another one
where it is looked for (signature wrapping). Here there is one assertion, in its one place; its signature is
its own child, made over it and nothing else, by transforms that leave nothing out; and no two elements have
one id. What was encrypted is looked at likewise once it has been decrypted. python3-saml checks the same once
more, and xmlsec the signature itself, with the provider's certificates alone: a key that comes along in the
response is not looked at.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as Invalid
from onelogin.saml2.response import OneLogin_Saml2_Response as Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings as Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from server.identity.oidc.tokens import Disbelieved
from server.identity.saml import encryption
from server.identity.saml.providers import SamlProvider

LARGEST = 256 * 1024
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
SCHEMA = "saml-schema-protocol-2.0.xsd"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
# SHA-1 is none of them, nor anything with a shared secret.
SIGNED_BY = frozenset(f"{_MORE}{kind}-sha{bits}" for kind in ("rsa", "ecdsa") for bits in (256, 384, 512))
DIGESTS = frozenset(
    {
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    }
)
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
TRANSFORMS = frozenset({f"{NAMES['ds']}enveloped-signature", _EXCLUSIVE})
# An encoding other than the one we look at could hide what we look for.
_DECLARED = re.compile(r"<\?xml[^>]*\bencoding\s*=\s*[\"'](?!(?i:utf-8)[\"'])")


class Refused(Exception):
    """The provider says no; the text is its words, for the log."""


@dataclass(frozen=True, slots=True)
class Signed:
    """`assertion` is what was signed; `response` is around it, and nobody has signed for that."""

    response: Any
    assertion: Any


def signed(encoded: str, provider: SamlProvider, *, audience: str, recipient: str) -> Signed:
    """From what the browser brought. CPU for some milliseconds. Raises Disbelieved or Refused."""
    text = _text(encoded)
    try:
        document = Xml.to_etree(text.encode())
        _check_schema(document)
        if encryption.check(document) and provider.ours is None:
            raise Disbelieved("its assertion is encrypted, and there is no key to read it with")
        response = Response(_settings(provider, audience, recipient), base64.b64encode(text.encode()))
        response.check_status()
        document = response.document
        if response.encrypted:
            document = response.decrypted_document
            _check_schema(document)
        assertion = _only_assertion(document)
        _check_shape(document, assertion)
        response.is_valid({}, raise_exceptions=True)
    except Disbelieved:
        raise
    except Invalid as problem:
        if problem.code == Invalid.STATUS_CODE_IS_NOT_SUCCESS:
            raise Refused(str(problem)[:300]) from problem
        raise Disbelieved(str(problem)[:300]) from problem
    except Exception as problem:
        # Whatever parsers of two libraries stumble over: nobody is signed in by it.
        raise Disbelieved(f"it cannot be read: {type(problem).__name__}: {problem}"[:300]) from problem
    return Signed(document, assertion)


def signed_message(encoded: str, provider: SamlProvider) -> str:
    """The XML of a message that the provider has signed as a whole, by an element of it. CPU for some
    milliseconds. Raises Disbelieved."""
    xml = _text(encoded)
    try:
        document = Xml.to_etree(xml.encode())
        _check_schema(document)
        _check_ids(document)
        signatures = document.xpath("//ds:Signature", namespaces=NAMES)
        if len(signatures) != 1 or signatures[0].getparent() is not document:
            raise Disbelieved("it is not signed, or not as a whole")
        _check_signature(signatures[0], document.get("ID"))
        place = {"xpath": "/*/ds:Signature", "raise_exceptions": True}
        if Utils.validate_sign(document, multicerts=[*provider.certificates], **place) is not True:
            raise Disbelieved("its signature is not the provider's")
    except Disbelieved:
        raise
    except Invalid as problem:
        raise Disbelieved(str(problem)[:300]) from problem
    except Exception as problem:
        # As above: whatever it is, nobody is signed out by it.
        raise Disbelieved(f"it cannot be read: {type(problem).__name__}: {problem}"[:300]) from problem
    return xml


def _text(encoded: str) -> str:
    if len(encoded) > LARGEST * 4 // 3 + 4096:
        raise Disbelieved("it is too large")
    try:
        text = base64.b64decode("".join(encoded.split()), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise Disbelieved("it is not base64 of XML in UTF-8") from problem
    if len(text) > LARGEST:
        raise Disbelieved("it is too large")
    return plain(text)


def plain(text: str) -> str:
    """XML that means what it says. Raises Disbelieved."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text or _DECLARED.match(text.lstrip("\ufeff \t\r\n")):
        raise Disbelieved("it has a document type, entities or another encoding")
    return text


def _settings(provider: SamlProvider, audience: str, recipient: str) -> Settings:
    """Not `strict`: what is checked then is checked in `assertion`, to the letter and by our clock."""
    idp = {
        "entityId": provider.entity_id,
        "singleSignOnService": {"url": provider.sso_url},
        "x509certMulti": {"signing": [*provider.certificates]},
    }
    given = {
        "strict": False,
        "idp": idp,
        "sp": {
            "entityId": audience,
            "assertionConsumerService": {"url": recipient},
            "privateKey": provider.private_key or "",
        },
        "security": {"rejectDeprecatedAlgorithm": True, "allowSingleLabelDomains": True},
    }
    return Settings(given)


def _check_schema(document: Any) -> None:
    document = encryption.of_old(document)
    if isinstance(Xml.validate_xml(document, SCHEMA), str):
        raise Disbelieved("it is not what the schema of SAML calls a response, or such a message")


def _only_assertion(document: Any) -> Any:
    anywhere = document.xpath("//saml:Assertion", namespaces=NAMES)
    here = document.findall("saml:Assertion", NAMES)
    if len(anywhere) != 1 or len(here) != 1 or document.tag != f"{{{NAMES['samlp']}}}Response":
        raise Disbelieved(
            f"it has {len(anywhere)} assertions, {len(here)} of them readable and in their place"
        )
    return here[0]


def _check_ids(document: Any) -> None:
    ids = [str(one) for one in document.xpath("//@ID|//@Id|//@id|//@AssertionID")]
    if len(ids) != len(set(ids)):
        raise Disbelieved("two of its elements have one id")


def _check_shape(document: Any, assertion: Any) -> None:
    _check_ids(document)
    signatures = assertion.findall("ds:Signature", NAMES)
    if len(signatures) != 1:
        raise Disbelieved("its assertion is not signed")
    for signature in document.iterfind(".//ds:Signature", NAMES):
        _check_signature(signature, signature.getparent().get("ID"))


def _check_signature(signature: Any, signed_id: str | None) -> None:
    info = signature.find("ds:SignedInfo", NAMES)
    references = info.findall("ds:Reference", NAMES)
    if len(references) != 1 or not signed_id or references[0].get("URI") != f"#{signed_id}":
        raise Disbelieved("a signature is not over the element it stands in")
    if signature.find("ds:Object", NAMES) is not None:
        raise Disbelieved("a signature has something else in it")
    used = {
        "signature": ([info.find("ds:SignatureMethod", NAMES)], SIGNED_BY),
        "digest": ([references[0].find("ds:DigestMethod", NAMES)], DIGESTS),
        "canonical form": ([info.find("ds:CanonicalizationMethod", NAMES)], frozenset({_EXCLUSIVE})),
        "transform": (references[0].findall("ds:Transforms/ds:Transform", NAMES), TRANSFORMS),
    }
    for what, (elements, allowed) in used.items():
        for element in elements:
            if element.get("Algorithm") not in allowed:
                raise Disbelieved(f"its {what} is {element.get('Algorithm')}, which is not taken")

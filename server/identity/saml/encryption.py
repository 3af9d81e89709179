"""What may be encrypted for us, and how (XML Encryption 1.1): looked at before anything is decrypted.

RSA PKCS#1 1.5 and Triple DES are none of it. AES-CBC is, as old providers have nothing else: it does not
notice changes, but a signed assertion must come out, and all that does not gets one and the same answer.
"""

from copy import deepcopy
from typing import Any

from server.identity.oidc.tokens import Disbelieved

_XENC, _XENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": _XENC,
}
CONTENT = frozenset(
    {
        *(f"{_XENC}aes{bits}-cbc" for bits in (128, 192, 256)),
        *(f"{_XENC11}aes{bits}-gcm" for bits in (128, 192, 256)),
    }
)
KEYS = frozenset({f"{_XENC}rsa-oaep-mgf1p", f"{_XENC11}rsa-oaep"})
_MGF = f".//{{{_XENC11}}}MGF"
_ALLOWED = {f"{{{_XENC}}}EncryptedData": CONTENT, f"{{{_XENC}}}EncryptedKey": KEYS}


def check(document: Any) -> bool:
    """Whether the assertion of a response is encrypted. Raises Disbelieved for what is not decrypted."""
    anywhere = document.xpath("//saml:EncryptedAssertion", namespaces=NAMES)
    if not anywhere:
        return False
    if len(anywhere) != 1 or anywhere[0].getparent() is not document:
        raise Disbelieved("it has several encrypted assertions, or one that is out of place")
    if document.find(".//saml:Assertion", NAMES) is not None:
        raise Disbelieved("it has an assertion beside the encrypted one")
    # Those would have the library fetch what they name.
    if document.find(".//xenc:CipherReference", NAMES) is not None:
        raise Disbelieved("something is encrypted elsewhere")
    for one in document.iterfind(".//ds:RetrievalMethod", NAMES):
        if not one.get("URI", "").startswith("#"):
            raise Disbelieved("a key lies elsewhere")
    for tag, allowed in _ALLOWED.items():
        found = [*document.iter(tag)]
        if not found:
            raise Disbelieved("its encrypted assertion has no content, or no key that is encrypted for us")
        for one in found:
            _check_method(one, allowed)
    return True


def of_old(document: Any) -> Any:
    """For the schema, which is older than a part of what `rsa-oaep` needs: the same without that."""
    if document.find(_MGF) is None:
        return document
    found = deepcopy(document)
    for one in found.findall(_MGF):
        one.getparent().remove(one)
    return found


def _check_method(element: Any, allowed: frozenset[str]) -> None:
    methods = element.findall("xenc:EncryptionMethod", NAMES)
    if len(methods) != 1:
        raise Disbelieved("it does not say how it is encrypted")
    if methods[0].get("Algorithm") not in allowed:
        raise Disbelieved(f"it is encrypted by {methods[0].get('Algorithm')}, which is not taken")

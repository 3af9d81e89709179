"""Messages in addresses (SAML Bindings 2.0 section 3.4, HTTP-Redirect), signed beside themselves. No I/O.

The signature is over the parameters as they were sent, to the letter: senders escape differently.
"""

import base64
import binascii
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote_plus, urlencode, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from server.identity.oidc.tokens import Disbelieved

LARGEST = 64 * 1024
LONGEST_QUERY = 16 * 1024
LONGEST_STATE = 1024
_DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
# SHA-1 is none of them.
_RSA = {f"{_MORE}rsa-sha{bits}": one for bits, one in _HASHES.items()}
_ECDSA = {f"{_MORE}ecdsa-sha{bits}": one for bits, one in _HASHES.items()}
_OURS = f"{_MORE}rsa-sha256"


class Kind(StrEnum):
    REQUEST = "SAMLRequest"
    RESPONSE = "SAMLResponse"


@dataclass(frozen=True, slots=True)
class Message:
    """`state` is its `RelayState`; `signed` is what the signature beside it is over, where there is one."""

    kind: Kind
    xml: str
    state: str
    signed: bytes = b""
    algorithm: str = ""
    signature: bytes = b""


def address(to: str, kind: Kind, xml: str, *, state: str, key: str | None) -> str:
    """Where a browser takes a message; signed with a private RSA key (PEM), where there is one."""
    packed = zlib.compress(xml.encode(), wbits=-15)  # DEFLATE without a header (RFC 1951)
    fields = {kind.value: base64.b64encode(packed).decode()}
    if state:
        fields["RelayState"] = state
    if key is not None:
        fields["SigAlg"] = _OURS
    query = urlencode(fields, quote_via=quote)
    if key is not None:
        query += "&" + urlencode({"Signature": _signed(query, key)}, quote_via=quote)
    return f"{to}{'&' if urlsplit(to).query else '?'}{query}"


def message(query: str) -> Message:
    """From a query as it came. Raises Disbelieved, also for one that nobody has signed."""
    if len(query) > LONGEST_QUERY:
        raise Disbelieved("it is too large")
    pairs = [one.partition("=") for one in query.split("&") if one]
    raw = {name: value for name, _, value in pairs}
    kinds = [kind for kind in Kind if kind in raw]
    if len(raw) != len(pairs) or len(kinds) != 1:
        raise Disbelieved("it is no message, or several")
    if unquote_plus(raw.get("SAMLEncoding", _DEFLATE)) != _DEFLATE:
        raise Disbelieved("it is packed in a way that is not known here")
    if "SigAlg" not in raw or "Signature" not in raw:
        raise Disbelieved("it is not signed")
    (kind,) = kinds
    state = unquote_plus(raw.get("RelayState", ""))
    if len(state) > LONGEST_STATE:
        raise Disbelieved("its RelayState is too long")
    parts = [f"{name}={raw[name]}" for name in (kind, "RelayState", "SigAlg") if name in raw]
    return Message(
        kind,
        _unpacked(_bytes(raw[kind])),
        state,
        "&".join(parts).encode(),
        unquote_plus(raw["SigAlg"]),
        _bytes(raw["Signature"]),
    )


def form(fields: Mapping[str, str], unpacked: Callable[[str], str]) -> Message:
    """From a form (binding HTTP-POST, section 3.5), in which the message has its signature in itself.

    `unpacked` makes XML of its text, and believes the signature or not. Raises Disbelieved.
    """
    kinds = [kind for kind in Kind if kind in fields]
    if len(kinds) != 1:
        raise Disbelieved("it is no message, or several")
    state = fields.get("RelayState", "")
    if len(state) > LONGEST_STATE:
        raise Disbelieved("its RelayState is too long")
    return Message(kinds[0], unpacked(fields[kinds[0]]), state)


def check(found: Message, certificates: tuple[str, ...]) -> None:
    """That the key of one of these certificates has signed it. Raises Disbelieved."""
    if found.algorithm not in _RSA | _ECDSA:
        raise Disbelieved(f"it is signed by {found.algorithm[:100]}, which is not taken")
    for one in certificates:
        key = x509.load_pem_x509_certificate(one.encode()).public_key()
        try:
            if isinstance(key, RSAPublicKey) and found.algorithm in _RSA:
                key.verify(found.signature, found.signed, PKCS1v15(), _RSA[found.algorithm])
                return
            if isinstance(key, EllipticCurvePublicKey) and found.algorithm in _ECDSA:
                key.verify(_der(found.signature), found.signed, ECDSA(_ECDSA[found.algorithm]))
                return
        except InvalidSignature:
            continue
    raise Disbelieved("its signature is not the provider's")


def _signed(query: str, pem: str) -> str:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(type(key))
    return base64.b64encode(key.sign(query.encode(), PKCS1v15(), _RSA[_OURS])).decode()


def _der(signature: bytes) -> bytes:
    """XML signatures have two numbers of one length (XML Signature section 6.4.3), libraries ASN.1."""
    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))


def _bytes(escaped: str) -> bytes:
    try:
        return base64.b64decode("".join(unquote_plus(escaped).split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Disbelieved("it is not base64") from problem


def _unpacked(packed: bytes) -> str:
    unpacking = zlib.decompressobj(wbits=-15)
    try:
        text = unpacking.decompress(packed, LARGEST)
        if not unpacking.eof:
            raise Disbelieved("it is too large, or a part of it is missing")
        return text.decode("utf-8")
    except (zlib.error, UnicodeDecodeError) as problem:
        raise Disbelieved("it is not packed XML in UTF-8") from problem

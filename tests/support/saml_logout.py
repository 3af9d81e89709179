"""What a provider says of sign-outs, in addresses that it signs (HTTP-Redirect)."""

import base64
import zlib
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from tests.support.saml import ENTITY_ID, NAMES, Answer, Keys, keys, moment

LOGOUT_URL = "https://id.example.org/realms/staff/logout"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_START = """<samlp:{tag} xmlns:samlp="{samlp}" xmlns:saml="{saml}" ID="{id}" Version="2.0" IssueInstant="{at}"
 Destination="{destination}" {more}><saml:Issuer>{issuer}</saml:Issuer>{body}</samlp:{tag}>"""


@dataclass(frozen=True)
class Said:
    """A request to sign somebody out; with `answers` the answer to one of ours. `query` is how it is sent."""

    destination: str
    name_id: str = "u-1"
    format: str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    indexes: tuple[str, ...] = ("s-1",)
    answers: str = ""
    status: str = SUCCESS
    issuer: str = ENTITY_ID
    # Seconds from now.
    issued: float = 0
    until: float = 60
    id: str = field(default_factory=lambda: f"_{uuid4().hex}")
    state: str = ""
    key: Keys = field(default_factory=keys)
    algorithm: str = RSA_SHA256

    def with_(self, **said: Any) -> "Said":
        return replace(self, **said)

    def xml(self) -> str:
        if self.answers:
            more = f'InResponseTo="{self.answers}"'
            body = f'<samlp:Status><samlp:StatusCode Value="{self.status}"/></samlp:Status>'
        else:
            more = f'NotOnOrAfter="{moment(self.until)}"'
            body = f'<saml:NameID Format="{self.format}">{self.name_id}</saml:NameID>'
            body += "".join(f"<samlp:SessionIndex>{one}</samlp:SessionIndex>" for one in self.indexes)
        return _START.format(
            tag="LogoutResponse" if self.answers else "LogoutRequest",
            samlp=NAMES["samlp"],
            saml=NAMES["saml"],
            id=self.id,
            at=moment(self.issued),
            destination=self.destination,
            issuer=self.issuer,
            more=more,
            body=body,
        )

    def form(self, *, sign: bool = True) -> dict[str, str]:
        """As it is sent by the binding HTTP-POST."""
        tree = etree.fromstring(self.xml().encode())
        if sign:
            Answer("", "", "", key=self.key).sign(tree)
        kind = "SAMLResponse" if self.answers else "SAMLRequest"
        return {kind: base64.b64encode(etree.tostring(tree)).decode(), "RelayState": self.state}

    def query(self) -> str:
        packed = base64.b64encode(zlib.compress(self.xml().encode(), wbits=-15)).decode()
        parts = [("SAMLResponse" if self.answers else "SAMLRequest", packed)]
        parts += [("RelayState", self.state)] if self.state else []
        parts.append(("SigAlg", self.algorithm))
        # In small letters, as some providers escape: the signature is over what is sent.
        text = "&".join(
            f"{name}={quote(value, safe='').lower() if name == 'SigAlg' else quote(value, safe='')}"
            for name, value in parts
        )
        key = load_pem_private_key(self.key.private.encode(), password=None)
        assert isinstance(key, RSAPrivateKey)
        signature = base64.b64encode(key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()
        return f"{text}&Signature={quote(signature, safe='')}"


@dataclass(frozen=True)
class Heard:
    """What we have said in an address, whose signature is ours."""

    tag: str
    id: str
    answers: str | None
    name_id: str | None
    indexes: tuple[str, ...]
    status: str | None
    state: str
    xml: Any = field(repr=False)

    @classmethod
    def of(cls, address: str, certificate: str) -> "Heard":
        query = urlsplit(address).query
        text, _, signature = query.rpartition("&Signature=")
        public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
        assert isinstance(public, RSAPublicKey)
        given = parse_qs(query)
        public.verify(base64.b64decode(given["Signature"][0]), text.encode(), PKCS1v15(), hashes.SHA256())
        assert signature
        packed = given.get("SAMLRequest", given.get("SAMLResponse", [""]))[0]
        xml = etree.fromstring(zlib.decompress(base64.b64decode(packed), wbits=-15))
        code = xml.find("samlp:Status/samlp:StatusCode", NAMES)
        return cls(
            etree.QName(xml).localname,
            xml.get("ID"),
            xml.get("InResponseTo"),
            xml.findtext("saml:NameID", namespaces=NAMES),
            tuple(one.text for one in xml.findall("samlp:SessionIndex", NAMES)),
            None if code is None else code.get("Value"),
            given.get("RelayState", [""])[0],
            xml,
        )

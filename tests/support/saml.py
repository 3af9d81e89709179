"""An identity provider of SAML 2.0 that signs whatever a test wants it to say, with real keys.

Its responses are put together as text and signed by xmlsec, as providers do it; the forgeries are made of
them afterwards.
"""

import base64
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

ENTITY_ID = "https://id.example.org/realms/staff"
SSO_URL = "https://id.example.org/realms/staff/saml"
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_RESPONSE = """<samlp:Response xmlns:samlp="{samlp}" xmlns:saml="{saml}" ID="{response_id}" Version="2.0"
 IssueInstant="{at}" {answered} Destination="{destination}"><saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>{assertion}</samlp:Response>"""
_ASSERTION = """<saml:Assertion xmlns:saml="{saml}" ID="{id}" Version="2.0" IssueInstant="{at}">
<saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="{format}">{name_id}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 {answered} NotOnOrAfter="{until}" Recipient="{recipient}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{begin}" NotOnOrAfter="{end}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{at}" SessionIndex="{index}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
</saml:AuthnStatement>
{attributes}</saml:Assertion>"""
_ATTRIBUTE = (
    '<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
)
_METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
{logout}
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{sso_url}"/>
</md:IDPSSODescriptor></md:EntityDescriptor>"""


@dataclass(frozen=True)
class Keys:
    private: str = field(repr=False)
    certificate: str = ""


@cache
def keys(name: str = "provider", bits: int = 2048) -> Keys:
    """Made once in a process: that takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now - timedelta(days=1))  # over, which does not matter: it is known by its key
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Keys(pem, certificate.public_bytes(Encoding.PEM).decode())


def metadata(sso_url: str = SSO_URL, *, logout_url: str | None = None) -> str:
    lines = keys().certificate.strip().splitlines()[1:-1]
    redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    logout = f'<md:SingleLogoutService Binding="{redirect}" Location="{logout_url}"/>' if logout_url else ""
    return _METADATA.format(entity_id=ENTITY_ID, sso_url=sso_url, logout=logout, certificate="\n".join(lines))


@dataclass(frozen=True)
class Request:
    """What was asked, from the address that a browser was sent to."""

    id: str
    acs: str
    issuer: str
    state: str
    destination: str

    @classmethod
    def of(cls, address: str) -> "Request":
        query = parse_qs(urlsplit(address).query)
        packed = base64.b64decode(query["SAMLRequest"][0])
        xml = etree.fromstring(zlib.decompress(packed, wbits=-15))
        issuer = xml.findtext("saml:Issuer", namespaces=NAMES)
        return cls(
            xml.get("ID"),
            xml.get("AssertionConsumerServiceURL"),
            issuer,
            query["RelayState"][0],
            xml.get("Destination"),
        )


@dataclass(frozen=True)
class Answer:
    """What the provider says; `without` and `with_` make another one of it."""

    request_id: str | None
    recipient: str
    audience: str
    name_id: str = "u-1"
    index: str = "s-1"
    format: str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    attributes: tuple[tuple[str, str], ...] = (("email", "ada@example.org"), ("displayName", "Ada"))
    issuer: str = ENTITY_ID
    destination: str | None = None
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"
    # Seconds from now.
    begin: float = -5
    end: float = 300
    until: float = 300
    id: str = field(default_factory=lambda: f"_{uuid4().hex}")
    key: Keys = field(default_factory=keys)
    signature: Any = xmlsec.Transform.RSA_SHA256
    digest: Any = xmlsec.Transform.SHA256
    sign_assertion: bool = True
    sign_response: bool = False

    @classmethod
    def to(cls, address: str, **said: Any) -> "Answer":
        request = Request.of(address)
        return cls(request.id, request.acs, request.issuer, **said)

    def with_(self, **said: Any) -> "Answer":
        return replace(self, **said)

    def xml(self) -> str:
        """Signed."""
        tree = etree.fromstring(self._response().encode())
        assertion = tree.find("saml:Assertion", NAMES)
        if self.sign_assertion:
            self.sign(assertion)
        if self.sign_response:
            self.sign(tree)
        return str(etree.tostring(tree, encoding="unicode"))

    def sign(self, element: Any) -> None:
        """An enveloped signature, after the issuer, where the schema wants it."""
        made = xmlsec.template.create(element, xmlsec.Transform.EXCL_C14N, self.signature, ns="ds")
        element.insert(1, made)
        reference = xmlsec.template.add_reference(made, self.digest, uri=f"#{element.get('ID')}")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(made))
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(self.key.private, xmlsec.KeyFormat.PEM, None)
        context.key.load_cert_from_memory(self.key.certificate, xmlsec.KeyFormat.CERT_PEM)
        xmlsec.tree.add_ids(element, ["ID"])
        context.sign(made)

    def _response(self) -> str:
        answered = f'InResponseTo="{self.request_id}"' if self.request_id else ""
        said = "".join(_ATTRIBUTE.format(name=name, value=value) for name, value in self.attributes)
        if said:
            said = f"<saml:AttributeStatement>{said}</saml:AttributeStatement>"
        common = {
            "saml": NAMES["saml"],
            "samlp": NAMES["samlp"],
            "issuer": self.issuer,
            "answered": answered,
            "at": moment(0),
        }
        assertion = _ASSERTION.format(
            **common,
            id=self.id,
            format=self.format,
            name_id=self.name_id,
            index=self.index,
            until=moment(self.until),
            recipient=self.recipient,
            begin=moment(self.begin),
            end=moment(self.end),
            audience=self.audience,
            attributes=said,
        )
        return _RESPONSE.format(
            **common,
            response_id=f"_{uuid4().hex}",
            destination=self.destination or self.recipient,
            status=self.status,
            assertion=assertion,
        )


Forge = Callable[[Answer], str]


@contextmanager
def running(**said: Any) -> Iterator[str]:
    """The address of a provider whose page, once asked, has the browser send the answer by itself."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "SAMLRequest" not in self.path:  # an icon
                self.send_error(404)
                return
            form = {
                "SAMLResponse": encoded(Answer.to(self.path, **said).xml()),
                "RelayState": Request.of(self.path).state,
            }
            fields = "".join(f'<input type="hidden" name="{name}" value="{form[name]}">' for name in form)
            action = Request.of(self.path).acs
            page = f"""<!doctype html><title>Company</title>
<form method="post" action="{action}">{fields}</form>
<script>document.forms[0].submit()</script>"""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Nothing: whoever wants to know looks at the browser."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever, name="saml-provider")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/saml"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def encoded(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()


def moment(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

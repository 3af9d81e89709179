"""What we say to an identity provider: the request of a sign-in, and what we are. No I/O.

SAML 2.0: Core section 3.4.1, Bindings section 3.4, Metadata section 2.4.4.
"""

import base64
import secrets
import zlib
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit
from xml.sax.saxutils import escape, quoteattr

from server.identity.saml.providers import SamlProvider

POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_REQUEST = (
    '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID={id} Version="2.0" IssueInstant={at} '
    "Destination={destination} AssertionConsumerServiceURL={acs} ProtocolBinding={binding}>"
    '<saml:Issuer>{issuer}</saml:Issuer><samlp:NameIDPolicy AllowCreate="true"/></samlp:AuthnRequest>'
)
_METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID={issuer}>
  <md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
    <md:AssertionConsumerService Binding={binding} Location={acs} index="0" isDefault="true"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
"""


def our_id(base: str, provider: SamlProvider) -> str:
    """What we are called there: where our metadata lies."""
    return f"{base}/saml/{provider.id}/metadata"


def acs(base: str, provider: SamlProvider) -> str:
    """Where the provider's answers come to."""
    return f"{base}/saml/{provider.id}/acs"


def new_id() -> str:
    """An xs:ID begins with no digit."""
    return f"_{secrets.token_hex(20)}"


def address(provider: SamlProvider, base: str, *, state: str, request_id: str, at: datetime) -> str:
    """Where the browser goes to be asked who it is: the request is in it (binding HTTP-Redirect)."""
    request = _REQUEST.format(
        id=quoteattr(request_id),
        at=quoteattr(at.strftime("%Y-%m-%dT%H:%M:%SZ")),
        destination=quoteattr(provider.sso_url),
        acs=quoteattr(acs(base, provider)),
        binding=quoteattr(POST),
        issuer=escape(our_id(base, provider)),
    )
    packed = zlib.compress(request.encode(), wbits=-15)  # DEFLATE without a header (RFC 1951)
    query = urlencode(
        {"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": state}, quote_via=quote
    )
    return f"{provider.sso_url}{'&' if urlsplit(provider.sso_url).query else '?'}{query}"


def metadata(provider: SamlProvider, base: str) -> str:
    """What an administrator tells the provider of us."""
    return _METADATA.format(
        issuer=quoteattr(our_id(base, provider)),
        acs=quoteattr(acs(base, provider)),
        binding=quoteattr(POST),
    )

"""What we say to an identity provider: requests of a sign-in and of a sign-out, and what we are. No I/O.

SAML 2.0: Core sections 3.4.1 and 3.7, Bindings section 3.4, Metadata section 2.4.4.
"""

import secrets
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from server.identity.saml import binding
from server.identity.saml.binding import Kind
from server.identity.saml.providers import SamlProvider
from server.identity.saml.schemas import Name

POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
# How long a request to sign somebody out is good for.
LIFE = timedelta(minutes=5)
_NAMES = (
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
)
_REQUEST = (
    f'<samlp:AuthnRequest {_NAMES} ID={{id}} Version="2.0" IssueInstant={{at}} '
    "Destination={destination} AssertionConsumerServiceURL={acs} ProtocolBinding={binding}>"
    '<saml:Issuer>{issuer}</saml:Issuer><samlp:NameIDPolicy AllowCreate="true"/></samlp:AuthnRequest>'
)
_LOGOUT = (
    f'<samlp:LogoutRequest {_NAMES} ID={{id}} Version="2.0" IssueInstant={{at}} NotOnOrAfter={{until}} '
    "Destination={destination}><saml:Issuer>{issuer}</saml:Issuer>"
    "<saml:NameID{attributes}>{name}</saml:NameID>{index}</samlp:LogoutRequest>"
)
_SIGNED_OUT = (
    f'<samlp:LogoutResponse {_NAMES} ID={{id}} Version="2.0" IssueInstant={{at}} InResponseTo={{to}} '
    "Destination={destination}><saml:Issuer>{issuer}</saml:Issuer>"
    "<samlp:Status><samlp:StatusCode Value={status}/></samlp:Status></samlp:LogoutResponse>"
)
_KEY = """    <md:KeyDescriptor use="{use}"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>{methods}
    </md:KeyDescriptor>
"""
_LOGOUT_SERVICE = "    <md:SingleLogoutService Binding={binding} Location={to}/>\n"
# What is read of encrypted ones, and more: encryption.py. The first is what we should like best.
_METHODS = "".join(
    f'<md:EncryptionMethod Algorithm="{method}"/>'
    for method in (
        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        "http://www.w3.org/2009/xmlenc11#aes128-gcm",
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
    )
)
_USES = (("signing", ""), ("encryption", _METHODS))
_METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID={issuer}>
  <md:SPSSODescriptor AuthnRequestsSigned="{signed}" WantAssertionsSigned="true"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
{keys}{logout}    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
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


def logout(base: str, provider: SamlProvider) -> str:
    """Where the provider's requests to sign somebody out come to, and its answers to ours."""
    return f"{base}/saml/{provider.id}/logout"


def new_id() -> str:
    """An xs:ID begins with no digit."""
    return f"_{secrets.token_hex(20)}"


def address(provider: SamlProvider, base: str, *, state: str, request_id: str, at: datetime) -> str:
    """Where the browser goes to be asked who it is: the request is in it (binding HTTP-Redirect)."""
    request = _REQUEST.format(
        id=quoteattr(request_id),
        at=_moment(at),
        destination=quoteattr(provider.sso_url),
        acs=quoteattr(acs(base, provider)),
        binding=quoteattr(POST),
        issuer=escape(our_id(base, provider)),
    )
    return binding.address(provider.sso_url, Kind.REQUEST, request, state=state, key=provider.private_key)


def logout_address(
    provider: SamlProvider, base: str, name: Name, *, state: str, request_id: str, at: datetime
) -> str:
    """Where the browser goes so that somebody is signed out there, too."""
    given = {"Format": name.format, "NameQualifier": name.qualifier, "SPNameQualifier": name.sp_qualifier}
    request = _LOGOUT.format(
        id=quoteattr(request_id),
        at=_moment(at),
        until=_moment(at + LIFE),
        destination=quoteattr(provider.logout_url or ""),
        issuer=escape(our_id(base, provider)),
        attributes="".join(f" {key}={quoteattr(value)}" for key, value in given.items() if value),
        name=escape(name.value),
        index=f"<samlp:SessionIndex>{escape(name.index)}</samlp:SessionIndex>" if name.index else "",
    )
    to = provider.logout_url or ""
    return binding.address(to, Kind.REQUEST, request, state=state, key=provider.private_key)


def logout_answer(provider: SamlProvider, base: str, *, to: str, state: str, at: datetime) -> str:
    """The address that says that somebody is signed out, as the provider asked; `to` is its request's id."""
    place = provider.logout_answer_url or provider.logout_url or ""
    response = _SIGNED_OUT.format(
        id=quoteattr(new_id()),
        at=_moment(at),
        to=quoteattr(to),
        destination=quoteattr(place),
        issuer=escape(our_id(base, provider)),
        status=quoteattr(SUCCESS),
    )
    return binding.address(place, Kind.RESPONSE, response, state=state, key=provider.private_key)


def metadata(provider: SamlProvider, base: str) -> str:
    """What an administrator tells the provider of us."""
    keys = "".join(
        _KEY.format(use=use, certificate=_body(provider), methods=methods) for use, methods in _USES
    )
    to = quoteattr(logout(base, provider))
    logout_to = "".join(_LOGOUT_SERVICE.format(binding=quoteattr(one), to=to) for one in (REDIRECT, POST))
    return _METADATA.format(
        issuer=quoteattr(our_id(base, provider)),
        acs=quoteattr(acs(base, provider)),
        binding=quoteattr(POST),
        signed="true" if provider.ours else "false",
        keys=keys if provider.ours else "",
        logout=logout_to if provider.has_logout else "",
    )


def _body(provider: SamlProvider) -> str:
    """Our certificate without the lines around it."""
    lines = provider.ours.certificate.strip().splitlines() if provider.ours else []
    return "".join(lines[1:-1])


def _moment(at: datetime) -> str:
    return quoteattr(at.strftime("%Y-%m-%dT%H:%M:%SZ"))

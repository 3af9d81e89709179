"""What a provider says of sign-outs (SAML Core 2.0 section 3.7, Profiles section 4.4). Needs the extra.

No I/O. That the provider has signed it was looked at before, beside it (`binding`) or in it (`signature`).
"""

from datetime import datetime, timedelta
from typing import Any

from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from server.identity.oidc.tokens import Disbelieved
from server.identity.saml.assertion import SEALED_NAME, SKEW, moment, name_format, text
from server.identity.saml.providers import SamlProvider
from server.identity.saml.requests import SUCCESS
from server.identity.saml.schemas import LONGEST, Asked, Told
from server.identity.saml.signature import NAMES, SCHEMA, plain

# A request that does not say itself until when it is good.
FRESH = timedelta(minutes=5)


def request(xml: str, provider: SamlProvider, *, destination: str, at: datetime) -> Asked:
    """Raises Disbelieved."""
    document = _document(xml, "LogoutRequest", provider, destination, at)
    name = document.find("saml:NameID", NAMES)
    if document.find("saml:EncryptedID", NAMES) is not None:
        raise Disbelieved(f"it names somebody by {SEALED_NAME}")
    if name is None:
        raise Disbelieved("it names nobody in a way that is read here")
    end = moment(document, "NotOnOrAfter")
    if end is not None and end + SKEW <= at:
        raise Disbelieved(f"it is not good any more: {end.isoformat()}")
    value = text(name)
    if not value or len(value) > LONGEST:
        raise Disbelieved("it names nobody")
    indexes = frozenset(text(one) for one in document.findall("samlp:SessionIndex", NAMES))
    # Afterwards it is too old by itself.
    return Asked(document.get("ID"), value, name_format(name), indexes, until=at + FRESH + 2 * SKEW)


def response(xml: str, provider: SamlProvider, *, destination: str, at: datetime) -> Told:
    """Raises Disbelieved."""
    document = _document(xml, "LogoutResponse", provider, destination, at)
    status = document.find("samlp:Status/samlp:StatusCode", NAMES)
    return Told(document.get("InResponseTo", ""), status.get("Value") == SUCCESS)


def _document(xml: str, tag: str, provider: SamlProvider, destination: str, at: datetime) -> Any:
    try:
        document = Xml.to_etree(plain(xml).encode())
        if (
            isinstance(Xml.validate_xml(document, SCHEMA), str)
            or document.tag != f"{{{NAMES['samlp']}}}{tag}"
        ):
            raise Disbelieved("it is not what the schema of SAML calls such a message")
    except Disbelieved:
        raise
    except Exception as problem:
        # Whatever parsers stumble over: nobody is signed out by it.
        raise Disbelieved(f"it cannot be read: {type(problem).__name__}: {problem}"[:300]) from problem
    if text(document.find("saml:Issuer", NAMES)) != provider.entity_id:
        raise Disbelieved("it is of another provider")
    # Needed of what is signed (Bindings, section 3.4.5.2).
    if document.get("Destination") != destination:
        raise Disbelieved("it is for another address")
    issued = moment(document, "IssueInstant")
    if issued is None or not at - FRESH - SKEW < issued < at + SKEW:
        raise Disbelieved("it is too old, or of a time to come")
    return document

"""What a provider says of itself in its metadata (SAML Metadata 2.0 section 2.4.3). Needs the extra."""

from typing import Any

from lxml import etree
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from server.identity.saml.providers import LONGEST_ENTITY_ID, Described
from server.identity.saml.requests import REDIRECT

_NAMES = {"md": "urn:oasis:names:tc:SAML:2.0:metadata"}


def described(xml: str, entity_id: str | None) -> Described:
    """Its name, where it is asked by HTTP-Redirect, the certificates it signs with, and where it takes
    sign-outs by HTTP-Redirect. Raises ValueError.

    `entity_id` chooses one where the metadata is of many.
    """
    if entity_id is not None and "'" in entity_id:
        raise ValueError("entity_id must have no quotes")
    try:
        found: dict[str, Any] = Parser.parse(xml.encode(), entity_id=entity_id).get("idp", {})
    except etree.LxmlError as problem:
        raise ValueError(f"its metadata is not XML: {problem}") from problem
    name = found.get("entityId", "")
    if not name or len(name) > LONGEST_ENTITY_ID:
        raise ValueError("its metadata names no identity provider, or not this one")
    sso_url = found.get("singleSignOnService", {}).get("url", "")
    if not sso_url:
        raise ValueError("its metadata has no SingleSignOnService with the binding HTTP-Redirect")
    certificates = found.get("x509certMulti", {}).get("signing") or [found.get("x509cert", "")]
    if not all(certificates):
        raise ValueError("its metadata has no certificate to sign with")
    return Described(name, sso_url, certificates, *_logout(xml, name))


def _logout(xml: str, name: str) -> tuple[str | None, str | None]:
    """python3-saml leaves out that answers may go elsewhere."""
    where = "md:IDPSSODescriptor/md:SingleLogoutService"
    for entity in OneLogin_Saml2_XML.to_etree(xml.encode()).iter(f"{{{_NAMES['md']}}}EntityDescriptor"):
        for one in entity.iterfind(where, _NAMES) if entity.get("entityID") == name else ():
            if one.get("Binding") == REDIRECT:
                return one.get("Location"), one.get("ResponseLocation")
    return None, None

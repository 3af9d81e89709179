"""What an assertion says, if it is for us, now, and an answer to what was asked (SAML Core 2.0 section 2.5,
Profiles section 4.1.4.3). No I/O; that it is signed was looked at before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from server.identity.addresses import folded
from server.identity.oidc.tokens import LONGEST_NAME, LONGEST_SUBJECT, Disbelieved, Someone
from server.identity.saml.providers import SamlProvider
from server.identity.saml.schemas import LONGEST, Name
from server.identity.saml.signature import NAMES, Signed

# Clocks differ.
SKEW = timedelta(seconds=60)
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
# What a condition may be; any other is one we do not understand, so nothing holds (Core, section 2.5.1).
_CONDITIONS = frozenset(f"{{{NAMES['saml']}}}{one}" for one in ("AudienceRestriction", "OneTimeUse"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answer must be for: `request_id` is None where nobody asked."""

    audience: str
    recipient: str
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """`id` is the assertion's, which is good once; after `until` it is not good any more. `name` is what the
    provider will call this sign-in at its end; None: it cannot."""

    who: Someone
    id: str
    until: datetime
    name: Name | None = None


def read(found: Signed, provider: SamlProvider, asked: Asked, *, at: datetime) -> Said:
    """Raises Disbelieved."""
    response, assertion = found.response, found.assertion
    _check_response(response, provider, asked)
    if text(assertion.find("saml:Issuer", NAMES)) != provider.entity_id:
        raise Disbelieved("its assertion is of another provider")
    _check_conditions(assertion, asked.audience, at)
    until = _confirmed(assertion, asked, at)
    _check_sign_in(assertion, at)
    return Said(_someone(assertion, provider), assertion.get("ID"), until, _name(assertion))


def _check_response(response: Any, provider: SamlProvider, asked: Asked) -> None:
    issuer = response.find("saml:Issuer", NAMES)
    if issuer is not None and text(issuer) != provider.entity_id:
        raise Disbelieved("it is of another provider")
    if response.get("Destination", asked.recipient) != asked.recipient:
        raise Disbelieved("it is for another address")
    if response.get("InResponseTo") != asked.request_id:
        raise Disbelieved("it is no answer to what was asked")


def _check_conditions(assertion: Any, audience: str, at: datetime) -> None:
    found = assertion.findall("saml:Conditions", NAMES)
    if len(found) != 1:
        raise Disbelieved("it has no conditions, or several sets of them")
    _check_time(found[0], at)
    if any(one.tag not in _CONDITIONS for one in found[0]):
        raise Disbelieved("it has a condition that is not known here")
    restrictions = found[0].findall("saml:AudienceRestriction", NAMES)
    for one in restrictions:
        if audience not in [text(each) for each in one.findall("saml:Audience", NAMES)]:
            raise Disbelieved("it was made for somebody else")
    if not restrictions:
        raise Disbelieved("it does not say whom it was made for")


def _confirmed(assertion: Any, asked: Asked, at: datetime) -> datetime:
    """Until when whoever brings it is whom it is about."""
    problem = "nobody may bring it"
    for one in assertion.findall("saml:Subject/saml:SubjectConfirmation", NAMES):
        data = one.find("saml:SubjectConfirmationData", NAMES)
        if one.get("Method") != BEARER or data is None:
            continue
        try:
            return _confirmation(data, asked, at)
        except Disbelieved as refused:
            problem = str(refused)
    raise Disbelieved(problem)


def _confirmation(data: Any, asked: Asked, at: datetime) -> datetime:
    if data.get("Recipient") != asked.recipient:
        raise Disbelieved("it is to be brought elsewhere")
    if data.get("InResponseTo") != asked.request_id:
        raise Disbelieved("its assertion is no answer to what was asked")
    until = moment(data, "NotOnOrAfter")
    if until is None:
        raise Disbelieved("it has no end")
    _check_time(data, at)
    return until + SKEW


def _check_sign_in(assertion: Any, at: datetime) -> None:
    statements = assertion.findall("saml:AuthnStatement", NAMES)
    if not statements:
        raise Disbelieved("it does not say that somebody signed in")
    for one in statements:
        end = moment(one, "SessionNotOnOrAfter")
        if end is not None and end + SKEW <= at:
            raise Disbelieved("that sign-in is over")


def _check_time(element: Any, at: datetime) -> None:
    begin, end = moment(element, "NotBefore"), moment(element, "NotOnOrAfter")
    if begin is not None and begin - SKEW > at:
        raise Disbelieved(f"it is not good yet: {begin.isoformat()}")
    if end is not None and end + SKEW <= at:
        raise Disbelieved(f"it is not good any more: {end.isoformat()}")


# Whole assertions may be encrypted, which hides the name too.
SEALED_NAME = "an encrypted NameID, which is not read here: have the provider send it plain, or encrypt all"


def _someone(assertion: Any, provider: SamlProvider) -> Someone:
    said = _attributes(assertion)
    name_id = assertion.find("saml:Subject/saml:NameID", NAMES)
    if not provider.subject and assertion.find("saml:Subject/saml:EncryptedID", NAMES) is not None:
        raise Disbelieved(f"it is about somebody by {SEALED_NAME}")
    form = "" if name_id is None else name_id.get("Format", "")
    subject = said.get(provider.subject, "") if provider.subject else text(name_id)
    if not subject or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise Disbelieved("it does not say whom it is about, or in more words than are taken")
    if not provider.subject and form == TRANSIENT:
        raise Disbelieved("its NameID is transient: somebody has another one at each sign-in")
    email = _first(said, provider.emails) or (text(name_id) if form == EMAIL else "")
    name = _first(said, provider.names)
    return Someone(
        issuer=provider.issuer,
        subject=subject,
        email=folded(email) if 3 <= len(email) <= 254 else None,
        email_verified=False,
        name="".join(char for char in name if char.isprintable()).strip()[:LONGEST_NAME],
    )


def _name(assertion: Any) -> Name | None:
    name = assertion.find("saml:Subject/saml:NameID", NAMES)
    if name is None or not text(name):
        return None
    said = (one.get("SessionIndex", "") for one in assertion.findall("saml:AuthnStatement", NAMES))
    qualifiers = (name.get("NameQualifier", ""), name.get("SPNameQualifier", ""))
    found = (text(name), name_format(name), *qualifiers, next(filter(None, said), ""))
    return Name(*found) if all(len(one) <= LONGEST for one in found) else None


def name_format(name: Any) -> str:
    """Of a NameID; those that say nothing of it are one."""
    said: str = name.get("Format", "")
    return "" if said == UNSPECIFIED else said


def _attributes(assertion: Any) -> dict[str, str]:
    """The first value of each, by the name and by the friendly one, which gives way."""
    found: dict[str, str] = {}
    for key in ("Name", "FriendlyName"):
        for one in assertion.findall("saml:AttributeStatement/saml:Attribute", NAMES):
            value = next(_values(one), "")
            if one.get(key) and value:
                found.setdefault(one.get(key), value)
    return found


def _values(attribute: Any) -> Iterator[str]:
    for one in attribute.findall("saml:AttributeValue", NAMES):
        if said := text(one):
            yield said


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if name in said), "")


def moment(element: Any, name: str) -> datetime | None:
    said = element.get(name)
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError as problem:
        raise Disbelieved(f"{name} is no moment") from problem
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def text(element: Any) -> str:
    """All of it: where a comment stands between two parts, neither is the whole."""
    return "" if element is None else "".join(element.itertext()).strip()

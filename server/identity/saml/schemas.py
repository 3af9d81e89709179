"""Whom a provider signed in, in its own words, and what it says when they sign out there."""

from dataclasses import dataclass
from datetime import datetime

# Of each part; what is longer is not kept, and so not known at a sign-out.
LONGEST = 255


@dataclass(frozen=True, slots=True)
class Name:
    """A NameID (SAML Core section 2.2.3); `index` is which of their sign-ins there (`SessionIndex`)."""

    value: str
    format: str = ""
    qualifier: str = ""
    sp_qualifier: str = ""
    index: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody shall be signed out: in those of their sign-ins that `indexes` name, without any in all.

    `id` is the request's, which is good once; after `until` it is not good any more.
    """

    id: str
    value: str
    format: str
    indexes: frozenset[str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What became of our request `to`."""

    to: str
    signed_out: bool

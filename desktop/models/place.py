"""Where recordings live, while somebody decides it and signs in: a value that each turn replaces. No Qt."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.accounts.signing_in import Found, is_private
from desktop.i18n import tr
from desktop.models.session import Problem
from desktop.sentences import say


class Where(StrEnum):
    """The two places."""

    HERE = "here"  # a private server on this computer
    SERVER = "server"  # one with an address


class Stage(StrEnum):
    """What is happening."""

    CHOOSING = "choosing"
    CHECKING = "checking"  # whether a server answers
    STARTING = "starting"  # the private server
    BROWSER = "browser"  # waits for somebody who signs in there
    CODE = "code"  # waits for somebody who types the code in elsewhere
    READY = "ready"


BUSY = frozenset({Stage.CHECKING, Stage.STARTING, Stage.BROWSER, Stage.CODE})


@dataclass(frozen=True, slots=True)
class Place:
    """`page` is the address to open for signing in, `kept` says where the sign-in lies, `found` which server
    answered at the address that was looked at last."""

    where: Where = Where.HERE
    stage: Stage = Stage.CHOOSING
    server: str = ""
    email: str = ""
    page: str = ""
    code: str = ""
    kept: str = ""
    found: Found | None = None
    problem: Problem | None = None

    @property
    def busy(self) -> bool:
        """Whether something is waited for, which can be cancelled."""
        return self.stage in BUSY


def words(place: Place) -> str:
    """What is going on, in a sentence or two."""
    here = place.where is Where.HERE
    ready = (
        tr("Your private server runs at {server}. Nobody but this computer reaches it.", server=place.server)
        if here
        else tr("You are signed in to {server} as {email}.", server=place.server, email=place.email)
    )
    return {
        Stage.CHOOSING: "",
        Stage.CHECKING: tr("Looking for a Heddle server at {server} …", server=place.server),
        Stage.STARTING: tr("Starting your private server …"),
        Stage.BROWSER: tr("Sign in in the browser; this window goes on by itself."),
        Stage.CODE: tr("Open {page} on any device and type in this code:", page=place.page),
        Stage.READY: ready,
    }[place.stage]


def found_words(place: Place, server: str) -> str:
    """Which server answers at this address; empty where nobody has looked there."""
    found = place.found
    if found is None or found.server != server:
        return ""
    if not found.version:
        return tr("A Heddle server answers at {server}.", server=server)
    return tr("Heddle {version} answers at {server}.", version=found.version, server=server)


def kept_words(place: Place) -> str:
    """Where the sign-in lies: the system's keyring, or a file that is told of in as many words."""
    if place.stage is not Stage.READY or not place.kept:
        return ""
    if place.kept.endswith(".json"):
        return tr(
            "This computer has no keyring, so the sign-in is kept in a file that only you can read: {file}",
            file=place.kept,
        )
    return tr("The sign-in is kept in {place}.", place=say(place.kept))


def warning(server: str) -> str:
    """What to say before anything is sent to this address; empty where there is nothing to say."""
    if not server or is_private(server):
        return ""
    return tr("This address is not encrypted: others on the way can read your password and your recordings.")

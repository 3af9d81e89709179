"""The parts of identity that are about people, opened together: accounts, pictures, invitations, mail."""

from dataclasses import dataclass

from server.config import Settings
from server.db import Database
from server.flags import Flags
from server.identity.accounts.administration import Administration
from server.identity.accounts.avatars import Avatars, Portrait
from server.identity.accounts.limits import Limits
from server.identity.accounts.registration import Registration
from server.identity.accounts.service import Accounts
from server.identity.oidc import providers
from server.identity.oidc.service import Federation
from server.identity.saml import providers as saml_providers
from server.identity.scim.groups.service import Groups
from server.identity.scim.service import Directory
from server.identity.service import Identity
from server.identity.workspaces.invitations import Invitations
from server.identity.workspaces.service import Workspaces
from server.limits.service import Limits as Counting
from server.mail.opening import open_mailer
from server.mail.queue import Postman
from server.ports.blobs import BlobStore


@dataclass(frozen=True, slots=True)
class People:
    accounts: Accounts
    registration: Registration
    avatars: Avatars
    invitations: Invitations
    federation: Federation
    postman: Postman
    administration: Administration
    directory: Directory
    groups: Groups


def open_people(
    db: Database,
    blobs: BlobStore,
    identity: Identity,
    workspaces: Workspaces,
    *,
    settings: Settings,
    portrait: Portrait,
    counting: Counting,
    flags: Flags,
) -> People:
    """Raises SetupError for settings of mail or of providers that cannot work."""
    limits = Limits(counting)
    accounts = Accounts(db, identity, limits)
    administration = Administration(db, identity)
    groups = Groups(db, workspaces.plans)
    return People(
        accounts,
        Registration(db, identity, settings, limits, flags),
        Avatars(accounts, blobs, portrait),
        Invitations(db, workspaces),
        Federation(
            db,
            providers.by_id(
                providers.load(settings.oidc), saml_providers.load(settings.saml, settings.public_url)
            ),
        ),
        Postman(db, open_mailer(settings)),
        administration,
        Directory(db, administration, groups),
        groups,
    )

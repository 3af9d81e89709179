"""Opens administration: it asks the modules below and owns nothing of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from server.admin.dead import DeadLetters
from server.admin.health import Health
from server.admin.storage import Storage
from server.config import Settings
from server.db import Database
from server.flags import Flags
from server.identity.accounts.administration import Administration
from server.identity.accounts.log import Log
from server.identity.scim.groups.service import Groups
from server.identity.service import Identity
from server.identity.workspaces.administration import WorkspaceAdministration
from server.limits.service import Limits
from server.ports.blobs import BlobStore
from server.processing.ledger import Ledger
from server.processing.service import Processing
from server.recordings.service import Recordings
from server.recordings.totals import Totals
from server.takeout.erasure import Erasures
from server.webhooks.service import Webhooks


@dataclass(frozen=True, slots=True)
class Admin:
    """What its routes ask."""

    settings: Settings
    db: Database
    flags: Flags
    health: Health
    ledger: Ledger
    processing: Processing
    dead: DeadLetters
    people: Administration
    groups: Groups
    identity: Identity
    erasures: Erasures
    totals: Totals
    workspaces: WorkspaceAdministration
    recordings: Recordings
    storage: Storage
    log: Log


def open_admin(
    settings: Settings,
    db: Database,
    *,
    events_alive: Callable[[], bool],
    processing: Processing,
    limits: Limits,
    webhooks: Webhooks,
    identity: Identity,
    people: Administration,
    groups: Groups,
    erasures: Erasures,
    recordings: Recordings,
    blobs: BlobStore,
    flags: Flags,
) -> Admin:
    health = Health(db, settings, events_alive=events_alive, processing=processing, limits=limits)
    return Admin(
        settings=settings,
        db=db,
        flags=flags,
        health=health,
        ledger=Ledger(db),
        processing=processing,
        dead=DeadLetters(db, processing, wake_webhooks=webhooks.wake),
        people=people,
        groups=groups,
        identity=identity,
        erasures=erasures,
        totals=Totals(db),
        workspaces=WorkspaceAdministration(db),
        recordings=recordings,
        storage=Storage(db, settings, blobs, recordings, health),
        log=Log(db),
    )

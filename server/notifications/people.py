"""Those who are to be told: where they are reached, what they chose, when they sleep."""

from collections.abc import Collection
from dataclasses import dataclass

from server.db import Database
from server.identity.addresses import reachable
from server.identity.permissions import Action
from server.identity.schemas import Contact
from server.identity.service import Identity
from server.identity.workspaces.service import Workspaces
from server.notifications import repository
from server.notifications.hours import DIGEST_HOUR, Hours, zone_of
from server.notifications.kinds import ABOUT, Choice, Email, Kind
from server.notifications.models import HoursRow, PreferenceRow
from server.notifications.repository import Seen
from server.recordings.repository import watchable


@dataclass(frozen=True, slots=True)
class Person:
    contact: Contact
    hours: Hours
    chosen: dict[Kind, Choice]

    @property
    def id(self) -> str:
        return self.contact.user.id

    @property
    def has_mail(self) -> bool:
        """Whether a letter would reach them; nothing is written to a disabled account."""
        user = self.contact.user
        return reachable(user.email) and not user.disabled

    def choice(self, kind: Kind) -> Choice:
        return self.chosen.get(kind, ABOUT[kind].otherwise)


@dataclass(frozen=True, slots=True)
class Directory:
    db: Database
    identity: Identity
    workspaces: Workspaces

    async def find(self, user_ids: Collection[str]) -> dict[str, Person]:
        """Those of them that still have an account."""
        contacts = await self.identity.contacts(user_ids)
        if not contacts:
            return {}
        async with self.db.read() as session:
            chosen = await repository.preferences(session, contacts.keys())
            hours = await repository.hours(session, contacts.keys())
        return {
            one: Person(
                contact,
                hours_of(hours.get(one), contact.time_zone),
                {kind: choice_of(row) for kind, row in chosen[one].items()},
            )
            for one, contact in contacts.items()
        }

    async def seen_by(self, user_id: str) -> Seen:
        """Recordings that they may see now."""
        return watchable(user_id, await self.workspaces.reach(user_id, Action.RECORDING_VIEW))


def choice_of(row: PreferenceRow) -> Choice:
    return Choice(in_app=row.in_app, email=Email(row.email), slack=row.slack)


def hours_of(row: HoursRow | None, time_zone: str | None) -> Hours:
    zone = zone_of(time_zone)
    if row is None:
        return Hours(zone, DIGEST_HOUR)
    return Hours(zone, row.digest_hour, row.quiet_from, row.quiet_until)

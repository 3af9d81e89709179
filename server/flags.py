"""Feature flags: what whoever runs the server turns on and off while it runs, for all or for some.

A table of what there is, and rows of what was said about it. The narrowest word counts: about a person, else
about a workspace, else about the server, else the default. Every question is asked here.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from server import outbox
from server.bus import Bus, Event
from server.db import Base, Database, Id, Moment, now

# A process that hears of no events, such as a worker, looks again after this.
FRESH_S = 15.0
_EVERYBODY = ""


class FlagName(StrEnum):
    REGISTRATION = "registration"
    AV1 = "av1"
    LANGUAGE_MODEL = "language_model"


class Reach(StrEnum):
    """Whom a word about a flag is for."""

    SERVER = "server"
    WORKSPACE = "workspace"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Flag:
    """`reaches` are those for whom it can be said by itself."""

    name: FlagName
    description: str
    default: bool = True
    reaches: tuple[Reach, ...] = tuple(Reach)


TABLE: Mapping[FlagName, Flag] = {
    flag.name: flag
    for flag in (
        Flag(
            FlagName.REGISTRATION,
            "People can register, as far as HEDDLE_REGISTRATION lets them. Off: nobody can. What a "
            "provider of sign-ins may do stands in its own settings.",
            reaches=(Reach.SERVER,),
        ),
        Flag(
            FlagName.AV1,
            "Versions in AV1 are made beside those in H.264. The default is HEDDLE_AV1_RENDITIONS.",
            default=False,
        ),
        Flag(
            FlagName.LANGUAGE_MODEL,
            "What is said in recordings may be sent to the language model at HEDDLE_LLM_URL, where there is "
            "one. Off: they are analysed on this machine alone.",
        ),
    )
}


class FlagEventType(StrEnum):
    CHANGED = "flag.changed"


class FlagRow(Base):
    """What was said about a flag. `subject` is an id, or empty for the server."""

    __tablename__ = "feature_flags"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    reach: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    enabled: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_by: Mapped[str | None] = mapped_column(Id)


@dataclass(frozen=True, slots=True)
class Word:
    """What was said about a flag, for whom and by whom."""

    name: FlagName
    reach: Reach
    subject: str | None
    enabled: bool
    changed_at: datetime
    changed_by: str | None


class Flags:
    """`defaults` are those that a setting decides. Asked often, so what was said is kept in memory."""

    def __init__(self, db: Database, defaults: Mapping[FlagName, bool] | None = None) -> None:
        self._db = db
        self._defaults = {name: flag.default for name, flag in TABLE.items()} | dict(defaults or {})
        self._kept: dict[tuple[str, str, str], bool] | None = None
        self._kept_at = 0.0

    def start(self, bus: Bus) -> None:
        bus.subscribe(self.hear, [FlagEventType.CHANGED])

    async def hear(self, _event: Event) -> None:
        self.forget()

    def forget(self) -> None:
        """What was said is read anew at the next question."""
        self._kept = None

    def default(self, name: FlagName) -> bool:
        return self._defaults[name]

    async def on(
        self, name: FlagName, *, user_id: str | None = None, workspace_id: str | None = None
    ) -> bool:
        """Whether a feature is there for this person in this workspace."""
        kept = await self._said()
        for reach, subject in ((Reach.PERSON, user_id), (Reach.WORKSPACE, workspace_id)):
            if subject is not None and (said := kept.get((name, reach, subject))) is not None:
                return said
        return kept.get((name, Reach.SERVER, _EVERYBODY), self._defaults[name])

    async def words(self) -> Sequence[Word]:
        """All that was said, about flags that there are."""
        async with self._db.read() as session:
            rows = await session.scalars(
                select(FlagRow).order_by(FlagRow.name, FlagRow.reach, FlagRow.subject)
            )
            return [_word(row) for row in rows if row.name in list(FlagName)]

    async def _said(self) -> dict[tuple[str, str, str], bool]:
        kept, at = self._kept, time.monotonic()
        if kept is None or at - self._kept_at > FRESH_S:
            async with self._db.read() as session:
                kept = {
                    (row.name, row.reach, row.subject): row.enabled
                    for row in await session.scalars(select(FlagRow))
                }
            self._kept, self._kept_at = kept, at
        return kept


async def say(
    session: AsyncSession, name: FlagName, reach: Reach, subject: str | None, enabled: bool | None, *, by: str
) -> bool | None:
    """In the transaction of `session`; None takes back what was said. What was said before."""
    place = (name, reach, subject or _EVERYBODY)
    row = await session.get(FlagRow, place)
    before = None if row is None else row.enabled
    if enabled is None:
        where = (FlagRow.name == name, FlagRow.reach == reach, FlagRow.subject == place[2])
        await session.execute(delete(FlagRow).where(*where))
    elif row is None:
        session.add(FlagRow(name=name, reach=reach, subject=place[2], enabled=enabled, changed_by=by))
    else:
        row.enabled, row.changed_at, row.changed_by = enabled, now(), by
    data = {"name": name, "reach": reach, "subject": subject, "enabled": enabled}
    outbox.record(session, FlagEventType.CHANGED, recording_id=None, user_id=None, data=data)
    return before


def _word(row: FlagRow) -> Word:
    return Word(
        FlagName(row.name),
        Reach(row.reach),
        row.subject or None,
        row.enabled,
        row.changed_at,
        row.changed_by,
    )

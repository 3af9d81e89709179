"""Writes the letters that are due and gives them to the queue of mail, which sends them.

A letter is queued in the transaction that says that its notifications were told of, so a killed server
neither loses nor repeats one. What was read meanwhile, or may not be seen any more, is not told of.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from server.db import Database, Waiting, now
from server.mail.queue import post
from server.notifications import repository
from server.notifications.kinds import Email
from server.notifications.letters import Letters, Told
from server.notifications.models import NotificationRow
from server.notifications.people import Directory, Person
from server.notifications.sight import Sight
from server.rounds import Rounds

# Rows that are looked at together.
BATCH = 500
LOOK_EVERY_S = 10.0
# More letters than these in an hour go to one person in their next digest.
MOST_AN_HOUR = 12
_HOUR = timedelta(hours=1)

_log = structlog.get_logger(__name__)


class Courier:
    def __init__(
        self,
        db: Database,
        directory: Directory,
        sight: Sight,
        letters: Letters,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db = db
        self._directory = directory
        self._sight = sight
        self._letters = letters
        self._clock = clock
        self.rounds = Rounds("notification-courier", self._round, every_s=LOOK_EVERY_S)
        db.on_commit(Waiting.NOTICES, self.rounds.wake)

    async def _round(self) -> None:
        while await self.deliver():
            pass

    async def deliver(self) -> int:
        """Tells each person of what is due for them; how many notifications that were."""
        at = self._clock()
        async with self._db.read() as session:
            due = sorted(await repository.due_for_mail(session, at, BATCH), key=lambda row: row.user_id)
        people = await self._directory.find({row.user_id for row in due}) if due else {}
        for user_id, rows in groupby(due, key=lambda row: row.user_id):
            await self._write_to(people.get(user_id), list(rows), at)
        return len(due)

    async def _write_to(self, person: Person | None, rows: Sequence[NotificationRow], at: datetime) -> None:
        told = [] if person is None else [one for row in rows if (one := await self._worth(person, row))]
        telling = {one.row.id for one in told}
        silent = [row.id for row in rows if row.id not in telling]
        async with self._db.write(rows[0].user_id) as session:
            await repository.claim_for_mail(session, silent, at, told=False)
            if person is None or not told:
                return
            daily = any(one.row.email_daily for one in told)
            if not daily and await repository.letters_since(session, person.id, at - _HOUR) >= MOST_AN_HOUR:
                await repository.put_off(session, telling, person.hours.next_digest(at))
                return
            held = await repository.claim_for_mail(session, telling, at, told=True)
            things = sorted(
                (one for one in told if one.row.id in held), key=lambda one: (one.row.at, one.row.id)
            )
            if not things:
                return
            alone = len(things) == 1 and not daily
            words = self._letters.one(person, things[0]) if alone else self._letters.several(person, things)
            post(session, person.contact.user.email, words)

    async def _worth(self, person: Person, row: NotificationRow) -> Told | None:
        """None for what needs no letter: read, unwanted by now, or not theirs to see."""
        told = Told(row, await self._sight.recording(row.recording_id))
        if row.read_at is not None or person.choice(told.kind).email is Email.OFF or not person.has_mail:
            return None
        if row.recording_id is None:
            return told
        if told.recording is None or not await self._sight.sees(person.id, told.recording):
            return None
        return told

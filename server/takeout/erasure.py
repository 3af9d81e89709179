"""Forgetting a person: what is theirs goes, what is their team's stays there, and a receipt says what.

It is asked for once and carried out by a task, step by step; a server that is killed goes on with the rest.
"""

from collections import Counter

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from server.db import Database, Waiting, is_id, leave, now
from server.errors import Conflict, NotFound
from server.identity import events
from server.identity.accounts.avatars import Avatars
from server.identity.accounts.models import AuditRow, KeyRow
from server.identity.acts import Act
from server.identity.addresses import reachable
from server.identity.audit import audit
from server.identity.models import UserRow
from server.identity.permissions import WorkspaceRole
from server.identity.schemas import Role, User
from server.identity.service import Identity
from server.identity.workspaces.models import InvitationRow, MemberRow, WorkspaceRow
from server.mail.letters import Words
from server.mail.models import MailRow
from server.mail.queue import post
from server.outbox import OutboxRow
from server.recordings.models import RecordingRow
from server.recordings.service import Recordings
from server.takeout import rows
from server.takeout.models import ErasureRow
from server.takeout.schemas import ErasureRequest, State


class Erasures:
    def __init__(self, db: Database, identity: Identity, recordings: Recordings, avatars: Avatars) -> None:
        self._db = db
        self._identity = identity
        self._recordings = recordings
        self._avatars = avatars

    async def ask(self, user: User, request: ErasureRequest, address: str) -> ErasureRow:
        """Signs every device out. `address` is where the request comes from.

        Raises Forbidden (`Identity.confirm_all`), TooManyRequests, or Conflict where others need somebody in
        this person's place.
        """
        await self._identity.confirm_all(user, request.password, request.code, address)
        return await self.order(user, by=user.id)

    async def order(self, user: User, *, by: str) -> ErasureRow:
        """Without asking for anything: `by` has shown before that they may. Raises Conflict as `ask`."""
        async with self._db.write() as session:
            if user.role is Role.OWNER and await _only_owner_of_server(session, user.id):
                raise Conflict(
                    "This is the only owner of the server: make another one first.", code="last_owner"
                )
            names = await _teams_that_need(session, user.id)
            if names:
                raise Conflict(
                    f"Nobody else owns {', '.join(names)}: make somebody else its owner, or delete it.",
                    code="last_owner",
                )
            row = (
                await session.scalars(select(ErasureRow).where(ErasureRow.user_id == user.id))
            ).one_or_none()
            if row is None:
                row = ErasureRow(user_id=user.id, state=State.PENDING, removed={})
                session.add(row)
                audit(session, Act.ERASURE_ASKED, actor_id=by, user_id=user.id)
            await self._identity.end_all(session, user.id, by_themselves=by == user.id)
            leave(session, Waiting.TAKEOUTS)
            await session.flush()
            return row

    async def get(self, erasure_id: str) -> ErasureRow:
        """For whoever has its id, which cannot be guessed: the account is gone. Raises NotFound."""
        async with self._db.read() as session:
            row = await session.get(ErasureRow, erasure_id) if is_id(erasure_id) else None
        if row is None:
            raise NotFound("There is no such erasure.", code="erasure_not_found")
        return row

    async def carry_out_next(self) -> bool:
        """Carries out one that waits. False where none does."""
        async with self._db.read() as session:
            query = select(ErasureRow).where(ErasureRow.state == State.PENDING)
            row = (await session.scalars(query.order_by(ErasureRow.created_at).limit(1))).one_or_none()
        if row is None:
            return False
        await self._carry_out(row)
        return True

    async def _carry_out(self, row: ErasureRow) -> None:
        user_id, removed = row.user_id, Counter(row.removed)
        async with self._db.read() as session:
            own = await _own_recordings(session, user_id)
        for recording_id, size in own:
            await self._recordings.erase(recording_id, by=user_id)
            removed.update(recordings=1, bytes=size)
            await self._note(row.id, removed)
        async with self._db.read() as session:
            person = await session.get(UserRow, user_id)
        if person is not None and person.avatar is not None:
            await self._avatars.remove(user_id)
            removed.update(pictures=1)
        async with self._db.write() as session:
            removed.update(await _forget(session, user_id))
            values = {"state": State.COMPLETED, "removed": dict(removed), "finished_at": now()}
            await session.execute(update(ErasureRow).where(ErasureRow.id == row.id).values(**values))
            if person is not None and reachable(person.email):
                post(session, person.email, _receipt(row.id, removed))

    async def _note(self, erasure_id: str, removed: Counter[str]) -> None:
        """So that a receipt is complete even where the server was killed on the way."""
        async with self._db.write() as session:
            change = update(ErasureRow).where(ErasureRow.id == erasure_id)
            await session.execute(change.values(removed=dict(removed)))


async def _own_recordings(session: AsyncSession, user_id: str) -> list[tuple[str, int]]:
    """In the personal workspace, and in teams that have nobody else; with their bytes."""
    other = aliased(MemberRow)
    others = select(other.user_id).where(
        other.workspace_id == MemberRow.workspace_id, other.user_id != user_id
    )
    alone = select(MemberRow.workspace_id).where(MemberRow.user_id == user_id, ~others.exists())
    query = select(RecordingRow.id, RecordingRow.file_size_bytes)
    return [
        (recording_id, size or 0)
        for recording_id, size in await session.execute(query.where(RecordingRow.workspace_id.in_(alone)))
    ]


async def _forget(session: AsyncSession, user_id: str) -> Counter[str]:
    """The rows. What the person made in a team is its owner's from now on."""
    removed: Counter[str] = Counter()
    person = await session.get(UserRow, user_id)
    if person is None:
        return removed
    handed_over = 0
    for workspace_id in await _teams(session, user_id):
        heir = await _another_owner(session, workspace_id, user_id)
        if heir is None:
            await session.execute(delete(WorkspaceRow).where(WorkspaceRow.id == workspace_id))
            continue
        handed_over += await _hand_over(session, workspace_id, user_id, heir)
    # Recordings in teams that the person has left.
    for workspace_id in await _left_behind(session, user_id):
        heir = await _another_owner(session, workspace_id, user_id)
        if heir is not None:
            handed_over += await _hand_over(session, workspace_id, user_id, heir)
    if handed_over:
        removed["recordingsHandedOver"] = handed_over
    for name, held in (await rows.of_person(session, user_id)).items():
        removed[name] += len(held)
    for table, column in (
        (MailRow, MailRow.recipient),
        (InvitationRow, InvitationRow.email),
        (KeyRow, KeyRow.email),
    ):
        await session.execute(delete(table).where(column == person.email))
    await session.execute(
        delete(OutboxRow).where(OutboxRow.user_id == user_id, OutboxRow.delivered_at.is_not(None))
    )
    # The log keeps what was done, by a number that leads to nobody any more: from where goes, and so do the
    # names of devices and keys, and who failed to sign in.
    mine = or_(AuditRow.actor_id == user_id, and_(AuditRow.actor_id.is_(None), AuditRow.user_id == user_id))
    await session.execute(update(AuditRow).where(mine).values(address=None))
    private = and_(mine, AuditRow.workspace_id.is_(None), AuditRow.recording_id.is_(None))
    await session.execute(update(AuditRow).where(private).values(details={}))
    events.deleted(session, person)
    audit(session, Act.ERASED, actor_id=None, user_id=user_id)
    await session.flush()
    await session.execute(delete(UserRow).where(UserRow.id == user_id))
    return removed


async def _hand_over(session: AsyncSession, workspace_id: str, user_id: str, heir: str) -> int:
    change = update(RecordingRow).where(
        RecordingRow.workspace_id == workspace_id, RecordingRow.user_id == user_id
    )
    return len((await session.execute(change.values(user_id=heir).returning(RecordingRow.id))).all())


async def _teams(session: AsyncSession, user_id: str) -> list[str]:
    query = select(MemberRow.workspace_id).join(WorkspaceRow, WorkspaceRow.id == MemberRow.workspace_id)
    query = query.where(MemberRow.user_id == user_id, WorkspaceRow.personal_of.is_(None))
    return list(await session.scalars(query))


async def _left_behind(session: AsyncSession, user_id: str) -> list[str]:
    query = select(RecordingRow.workspace_id).where(RecordingRow.user_id == user_id).distinct()
    return [one for one in await session.scalars(query) if one is not None]


async def _another_owner(session: AsyncSession, workspace_id: str, user_id: str) -> str | None:
    query = select(MemberRow.user_id).where(
        MemberRow.workspace_id == workspace_id,
        MemberRow.role == WorkspaceRole.OWNER,
        MemberRow.user_id != user_id,
    )
    return await session.scalar(query.order_by(MemberRow.created_at).limit(1))


async def _teams_that_need(session: AsyncSession, user_id: str) -> list[str]:
    """Names of those in which others are, and nobody else is an owner."""
    found = []
    for workspace_id in await _teams(session, user_id):
        others = select(func.count()).select_from(MemberRow)
        others = others.where(MemberRow.workspace_id == workspace_id, MemberRow.user_id != user_id)
        if await session.scalar(others) and await _another_owner(session, workspace_id, user_id) is None:
            found.append((await session.get_one(WorkspaceRow, workspace_id)).name)
    return found


async def _only_owner_of_server(session: AsyncSession, user_id: str) -> bool:
    query = select(func.count()).select_from(UserRow)
    others = (UserRow.role == Role.OWNER, UserRow.id != user_id, UserRow.disabled_at.is_(None))
    return not await session.scalar(query.where(*others))


def _receipt(erasure_id: str, removed: Counter[str]) -> Words:
    listed = ", ".join(f"{name}: {count}" for name, count in sorted(removed.items())) or "nothing"
    return Words(
        subject="Your account was erased",
        paragraphs=(
            f"Your account and what was yours is deleted from this Heddle server. Removed: {listed}.",
            f"The number of this receipt is {erasure_id}.",
        ),
    )

"""Slack channels of people and of workspaces: made, changed, tried, deleted. What is sent is the poster's."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.mfa.codes import Seal
from server.identity.permissions import Action
from server.identity.workspaces.service import Workspaces
from server.notifications import errors
from server.notifications import schemas as wire
from server.notifications.kinds import FOR_WORKSPACES
from server.notifications.models import ChannelRow
from server.notifications.poster import Poster
from server.webhooks.addresses import Allowed, checked_url


class Channels:
    """Those of a person answer to them alone; those of a workspace to whoever may change the workspace.

    Raises NotFound alike for what is another's and what is not.
    """

    def __init__(
        self,
        db: Database,
        workspaces: Workspaces,
        poster: Poster,
        seal: Seal,
        *,
        allowed: Allowed,
        wake: Callable[[], None],
    ) -> None:
        self._db = db
        self._workspaces = workspaces
        self._poster = poster
        self._seal = seal
        self._allowed = allowed
        self._wake = wake

    async def list(self, user_id: str, workspace_id: str | None) -> Sequence[ChannelRow]:
        """One's own, or those of a workspace. Raises NotFound, Forbidden."""
        if workspace_id is not None:
            await self._workspaces.get(user_id, workspace_id, Action.WORKSPACE_EDIT)
        async with self._db.read() as session:
            query = select(ChannelRow).where(*_of(user_id, workspace_id))
            return (await session.scalars(query.order_by(ChannelRow.created_at, ChannelRow.id))).all()

    async def create(self, user_id: str, request: wire.CreateChannelRequest) -> ChannelRow:
        """Raises InvalidRequest for an address that will not do, Conflict, NotFound, Forbidden."""
        url = self._checked(request.url)
        if request.workspace_id is not None:
            await self._workspaces.get(user_id, request.workspace_id, Action.WORKSPACE_EDIT)
        async with self._db.write() as session:
            held = select(func.count()).select_from(ChannelRow).where(*_of(user_id, request.workspace_id))
            if (await session.scalar(held) or 0) >= errors.MOST_CHANNELS:
                raise errors.too_many_channels()
            row = ChannelRow(
                user_id=user_id,
                workspace_id=request.workspace_id,
                description=request.description,
                sealed_url=self._seal.close(url),
                shown=masked(url),
                kinds=list(request.kinds) if request.workspace_id is not None else [],
                is_active=True,
                failures=0,
            )
            session.add(row)
            await session.flush()
            _log(session, Act.CHANNEL_CREATED, user_id, row)
            return row

    async def update(self, user_id: str, channel_id: str, request: wire.UpdateChannelRequest) -> ChannelRow:
        await self.get(user_id, channel_id)
        url = None if request.url is None else self._checked(request.url)
        async with self._db.write() as session:
            row = await _found(session, channel_id)
            if url is not None:
                row.sealed_url, row.shown = self._seal.close(url), masked(url)
                _log(session, Act.CHANNEL_CHANGED, user_id, row)
            if request.description is not None:
                row.description = request.description
            if request.kinds is not None and row.workspace_id is not None:
                row.kinds = list(request.kinds)
            if request.active is not None:
                row.is_active = request.active
            if request.active or url is not None:
                row.disabled_at = row.disabled_reason = None
                row.failures, row.failing_since, row.not_before = 0, None, None
        self._wake()
        return row

    async def delete(self, user_id: str, channel_id: str) -> None:
        """With the messages that wait."""
        await self.get(user_id, channel_id)
        async with self._db.write() as session:
            row = await _found(session, channel_id)
            _log(session, Act.CHANNEL_DELETED, user_id, row)
            await session.delete(row)

    async def trial(self, user_id: str, channel_id: str) -> wire.TrialOut:
        """Writes there now, and says what became of it."""
        answer = await self._poster.trial(await self.get(user_id, channel_id))
        return wire.TrialOut(delivered=answer.problem is None, status=answer.status, problem=answer.problem)

    async def get(self, user_id: str, channel_id: str) -> ChannelRow:
        async with self._db.read() as session:
            row = await _found(session, channel_id)
        if row.workspace_id is not None:
            await self._workspaces.get(user_id, row.workspace_id, Action.WORKSPACE_EDIT)
        elif row.user_id != user_id:
            raise errors.no_channel()
        return row

    def _checked(self, url: str) -> str:
        checked = checked_url(url, self._allowed)
        parts = urlsplit(checked)
        if parts.scheme != "https" and not self._allowed.names(parts.hostname or ""):
            raise errors.not_encrypted()
        return checked


def masked(url: str) -> str:
    """Enough to know it by: its host, and its last four characters where they tell nothing."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    tail = path[-4:] if len(path) > 16 else ""
    return f"{parts.scheme}://{parts.netloc}/…{tail}"[:300]


def shown(row: ChannelRow) -> wire.ChannelOut:
    kinds = [one for one in FOR_WORKSPACES if one in row.kinds] if row.workspace_id else None
    return wire.ChannelOut(
        id=row.id,
        workspace_id=row.workspace_id,
        description=row.description,
        url=row.shown,
        kinds=kinds,
        active=row.is_active,
        failures=row.failures,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        last_success_at=row.last_success_at,
        created_at=row.created_at,
    )


def _of(user_id: str, workspace_id: str | None) -> list[ColumnElement[bool]]:
    if workspace_id is not None:
        return [ChannelRow.workspace_id == workspace_id]
    return [ChannelRow.user_id == user_id, ChannelRow.workspace_id.is_(None)]


async def _found(session: AsyncSession, channel_id: str) -> ChannelRow:
    row = await session.get(ChannelRow, channel_id) if is_id(channel_id) else None
    if row is None:
        raise errors.no_channel()
    return row


def _log(session: AsyncSession, act: Act, user_id: str, row: ChannelRow) -> None:
    audit(session, act, actor_id=user_id, workspace_id=row.workspace_id, channelId=row.id, url=row.shown)

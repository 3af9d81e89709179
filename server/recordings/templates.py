"""Templates: settings somebody records with again and again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, is_id
from server.errors import NotFound
from server.recordings import repository
from server.recordings.models import TemplateRow
from server.recordings.repository import to_template
from server.recordings.schemas import Template, TemplateRequest, UpdateTemplateRequest


class Templates:
    """At most one template of a person is the default: making one so takes it from the others."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def list(self, user_id: str) -> list[Template]:
        async with self._db.read() as session:
            return [to_template(row) for row in await repository.templates(session, user_id)]

    async def create(self, user_id: str, request: TemplateRequest) -> Template:
        async with self._db.write(user_id) as session:
            if request.is_default:
                await repository.clear_default(session, user_id)
            row = TemplateRow(user_id=user_id, **request.model_dump())
            session.add(row)
            await session.flush()
            return to_template(row)

    async def get(self, user_id: str, template_id: str) -> Template:
        async with self._owned(user_id, template_id) as (_, row):
            return to_template(row)

    async def update(self, user_id: str, template_id: str, request: UpdateTemplateRequest) -> Template:
        async with self._owned(user_id, template_id) as (session, row):
            if request.is_default:
                await repository.clear_default(session, user_id)
                await session.refresh(row)
            for name, value in request.model_dump(exclude_unset=True, exclude_none=True).items():
                setattr(row, name, value)
            return to_template(row)

    async def delete(self, user_id: str, template_id: str) -> None:
        async with self._owned(user_id, template_id) as (session, row):
            await session.delete(row)

    @asynccontextmanager
    async def _owned(self, user_id: str, template_id: str) -> AsyncIterator[tuple[AsyncSession, TemplateRow]]:
        async with self._db.write(user_id) as session:
            known = is_id(template_id)
            row = await repository.template(session, user_id, template_id) if known else None
            if row is None:
                raise NotFound("There is no such template.", code="template_not_found")
            yield session, row

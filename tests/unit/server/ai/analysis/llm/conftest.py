"""A language model of the tests, a talk, and what a good answer to it is."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import stamina
from sqlalchemy import select

from media.transcript import Transcript
from server.ai.analysis.analyst import LanguageModelFailed, Material
from server.ai.analysis.llm.chat import Endpoint
from server.ai.analysis.llm.model import ChatModel
from server.ai.analysis.llm.usage import Prices, Usage
from server.ai.analysis.models import UsageRow
from server.ai.analysis.seen import Seen
from server.ai.analysis.sentences import sentences_of
from server.config import Settings
from server.db import Database, new_id
from tests.support.chat_server import Body, ChatServer
from tests.support.databases import put_migrated
from tests.support.talks import DEPLOYMENT, said

TALK = said(DEPLOYMENT)
SENTENCES = sentences_of(TALK)
GOOD: Body = {
    "title": "Deploying the billing service",
    "summary": [
        {"text": "Anna explains how the billing service gets to the cluster.", "sentences": [0, 1]},
        {"text": "The database moves first.", "sentences": [16]},
    ],
    "topics": [{"text": "billing service", "sentences": [1, 2, 3]}, {"text": "migration", "sentences": [15]}],
    "entities": [{"type": "product", "text": "Kubernetes", "sentences": [10]}],
    "action_items": [
        {
            "text": "Anna writes the migration script.",
            "assignee": "I",
            "due": "by Friday",
            "due_date": "2026-11-27",
            "sentences": [18],
        }
    ],
    "chapters": [{"title": "Today", "sentence": 0}, {"title": "The cluster", "sentence": 8}],
    "sentiment": 0.4,
}


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Retries happen, the pauses between them do not."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    put_migrated(tmp_path)
    database = Database(Settings(data=tmp_path).sqlalchemy_url)
    yield database
    await database.close()


Make = Callable[..., ChatModel]


@pytest.fixture
def make(db: Database) -> Make:
    def made(server: ChatServer, *, monthly: int = 0, part_tokens: int = 6000, **more: Any) -> ChatModel:
        endpoint = Endpoint(server.url, "test-model", **{"api_key": "key-1", "timeout_s": 20, **more})
        usage = Usage(db, model="test-model", prices=Prices(2.0, 10.0), monthly_tokens=monthly)
        return ChatModel(endpoint, usage, part_tokens=part_tokens)

    return made


def material(transcript: Transcript = TALK, *, duration_s: float = 130.0) -> Material:
    return Material(new_id(), transcript, duration_s, Seen(), date(2026, 11, 21))


async def calls(db: Database) -> list[UsageRow]:
    async with db.read() as session:
        return list(await session.scalars(select(UsageRow).order_by(UsageRow.created_at, UsageRow.id)))


async def failure(model: ChatModel, given: Material | None = None) -> str:
    with pytest.raises(LanguageModelFailed) as caught:
        await model.analyse(given or material())
    return str(caught.value)

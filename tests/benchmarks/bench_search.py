"""How long a search takes in an archive of 100,000 transcript segments, as the index answers it.

The words are spread as in a language (the commonest is in every third segment, most are rare); queries are of
one to three of them, common and rare, unfinished, in quotes, and with a slip.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.config import Settings
from server.db import Database
from server.identity.models import UserRow
from server.identity.workspaces.repository import personal
from server.ports.search import Document, Filters, Piece, Query, SearchIndex
from server.recordings.models import RecordingRow
from server.search.adapters import open_index
from server.search.query import parse
from server.setup import open_database, prepare
from tests.benchmarks.table import Figure
from tests.support.postgres import open_cluster

RECORDINGS, SEGMENTS, WORDS = 1_000, 100, 30_000
QUERIES = 400
GOAL_MS = 30.0


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    settings = Settings(data=folder / "search")
    if options.database == "sqlite":
        return asyncio.run(_run(settings, lambda: None))
    with open_cluster() as cluster:
        name = cluster.create()

        def settle() -> None:  # as autovacuum would, a while after so many rows
            cluster.ask(name, "VACUUM ANALYZE")

        there = settings.model_copy(update={"database_url": cluster.url(name)})
        return asyncio.run(_run(there, settle))


async def _run(settings: Settings, settle: Callable[[], None]) -> list[Figure]:
    await asyncio.to_thread(prepare, settings)
    db = open_database(settings)
    try:
        chance = random.Random(5)
        language = _Language(chance)
        index = open_index(db)
        place, filled_s = await _fill(db, index, language)
        await asyncio.to_thread(settle)
        took, slips, found = [], [], 0
        for number in range(QUERIES):
            typed = language.query(number)
            began = time.perf_counter()
            _, total = await index.search(Query(frozenset([place]), parse(typed), Filters()), 0, 20)
            took.append((time.perf_counter() - began) * 1000)
            found += bool(total)
        for _ in range(50):
            slip = language.slip()
            began = time.perf_counter()
            await index.similar(slip, 3)
            slips.append((time.perf_counter() - began) * 1000)
    finally:
        await db.close()
    note = f"{RECORDINGS * SEGMENTS} segments, {QUERIES} queries, {found} found something"
    return [
        Figure("search, p95", _p95(took), "ms", target=GOAL_MS, note=note),
        Figure("search, median", statistics.median(took), "ms"),
        Figure("looking for a slip, p95", _p95(slips), "ms"),
        Figure("one recording into the index", filled_s / RECORDINGS * 1000, "ms"),
    ]


class _Language:
    """Words of letters, the n-th commonest with a share of 1/n."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        letters = "etaoinshrdlucmfwypvbgk"
        self._words = ["".join(chance.choices(letters, k=chance.randint(3, 11))) for _ in range(WORDS)]
        total, self._shares = 0.0, []
        for rank in range(1, WORDS + 1):
            total += 1 / rank
            self._shares.append(total)

    def text(self, count: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._shares, k=count))

    def query(self, number: int) -> str:
        common, rare = self.text(1), self._chance.choice(self._words[:5000])
        kinds = (common, rare, f"{common} {rare}", self.text(3), f'"{self.text(2)}"', rare[:4])
        return kinds[number % len(kinds)] + (" " if number % 2 else "")

    def slip(self) -> str:
        word = list(self._chance.choice([word for word in self._words[:5000] if len(word) > 5]))
        at = self._chance.randrange(len(word) - 1)
        word[at], word[at + 1] = word[at + 1], "q"
        return "".join(word)


async def _fill(db: Database, index: SearchIndex, language: _Language) -> tuple[str, float]:
    user = UserRow(email="a@example.org", username="a", password_hash="-", role="member")
    async with db.write() as session:
        session.add(user)
        await session.flush()
        place = (await personal(session, user.id)).id
    began = datetime.now(UTC) - timedelta(days=RECORDINGS)
    spent = 0.0
    for number in range(RECORDINGS):
        title = language.text(4)
        row = RecordingRow(
            user_id=user.id,
            workspace_id=place,
            title=title,
            recording_type="screen",
            status="completed",
            settings={},
        )
        row.slug, row.created_at = f"slug{number}", began + timedelta(days=number)
        async with db.write() as session:
            session.add(row)
        said = [Piece("transcript", language.text(12), 4.0 * n, 4.0 * n + 4) for n in range(SEGMENTS)]
        document = Document(row.id, user.id, "en", row.created_at, 400.0, "1", (Piece("title", title), *said))
        start = time.perf_counter()
        await index.put(document)
        spent += time.perf_counter() - start
    return place, spent


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]

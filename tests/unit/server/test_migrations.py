"""The history of the tables leads to what the models say and the specification demands."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

import server
from server import migrations
from server import postgres as server_postgres
from server.config import Settings
from server.db import Base
from server.errors import SetupError
from tests.support.postgres import Cluster

SPECIFIED = {
    "recording_sessions": "id user_id workspace_id title description recording_type status settings "
    "started_at ended_at duration_seconds file_size_bytes created_at updated_at",
    "recording_segments": "id session_id segment_number started_at ended_at duration_seconds file_path "
    "created_at",
    "recording_templates": "id user_id name description settings is_default created_at",
    "processing_jobs": "id session_id job_type status progress input_path output_path settings error_message "
    "started_at completed_at created_at",
    "video_metadata": "id session_id file_path file_size_bytes duration_seconds width height frame_rate "
    "bitrate codec format created_at",
    "ai_processing_results": "id session_id processing_type status progress results confidence_score "
    "processing_time_ms model_version created_at completed_at",
    "video_transcriptions": "id session_id language full_text segments confidence_score word_count "
    "created_at",
    "webhook_deliveries": "subscription_id delivery_id status http_status error_message delivered_at",
    "content_analysis": "id session_id entities topics summary sentiment_score action_items created_at",
}


T = TypeVar("T")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return Settings(data=tmp_path).sqlalchemy_url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield Settings(data=tmp_path).sqlalchemy_url
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create()
    yield Settings(data=tmp_path, database_url=cluster.url(name)).sqlalchemy_url
    cluster.drop(name)


def on(url: str, work: Callable[[Connection], T]) -> T:
    """`work` on a connection there."""
    if server_postgres.is_postgres(url):
        return server_postgres.run(url, work)
    engine = create_engine(url.replace("+aiosqlite", ""))
    try:
        with engine.connect() as connection:
            return work(connection)
    finally:
        engine.dispose()


def import_all_models() -> None:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if module.name.endswith((".models", ".outbox", ".idempotency")):
            importlib.import_module(module.name)


def test_the_migrated_tables_are_those_the_models_map(any_url: str) -> None:
    import_all_models()
    options = {"compare_type": True, "include_name": lambda name, *_: not _is_index_of_words(name)}

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))

    migrations.upgrade(any_url)
    assert on(any_url, differences) == []


def _is_index_of_words(name: str | None) -> bool:
    """What finds words, which no model maps: FTS5's tables, PostgreSQL's columns and their indexes."""
    if name is None:
        return False
    own = {"search_words", "words", "folded", "ix_search_recordings_words", "ix_search_pieces_words"}
    return "_fts" in name or name in own


@pytest.fixture
def tables(url: str) -> dict[str, set[str]]:
    def columns(connection: Connection) -> dict[str, set[str]]:
        found = inspect(connection)
        return {table: {column["name"] for column in found.get_columns(table)} for table in SPECIFIED}

    migrations.upgrade(url)
    return on(url, columns)


def test_a_table_has_every_column_of_the_specification(tables: dict[str, set[str]]) -> None:
    for table, columns in SPECIFIED.items():
        assert set(columns.split()) <= tables[table], table


def test_a_second_upgrade_finds_nothing_to_do(any_url: str) -> None:
    assert migrations.upgrade(any_url) is True
    assert migrations.upgrade(any_url) is False


def test_the_newest_revision_is_the_head_of_the_history(url: str) -> None:
    migrations.upgrade(url)
    current = on(url, lambda connection: MigrationContext.configure(connection).get_current_revision())
    assert current == migrations.newest()


def test_the_way_back_leaves_no_table(any_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    def back(connection: Connection) -> set[str]:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        return set(inspect(connection).get_table_names())

    migrations.upgrade(any_url)
    assert on(any_url, back) == {"alembic_version"}


def test_two_servers_that_start_together_migrate_once(postgres: Cluster) -> None:
    name = postgres.create()
    url = Settings(database_url=postgres.url(name)).sqlalchemy_url
    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(migrations.upgrade, [url, url])) == [False, True]
    postgres.drop(name)


def test_a_database_of_another_encoding_is_refused(postgres: Cluster) -> None:
    name = postgres.create("template0", encoding="SQL_ASCII")
    with pytest.raises(SetupError, match="it must be made with UTF8"):
        migrations.upgrade(Settings(database_url=postgres.url(name)).sqlalchemy_url)
    postgres.drop(name)


def test_everybody_gets_a_workspace_with_what_they_recorded_so_far(url: str) -> None:
    migrations.upgrade(url, revision="0006")
    engine = create_engine(url.replace("+aiosqlite", ""))
    ids = {name: f"{number:032x}" for number, name in enumerate(("ann", "bob"), start=1)}
    with engine.begin() as connection:
        for name, user_id in ids.items():
            connection.execute(
                text(
                    "INSERT INTO users (id, email, username, password_hash, role) "
                    "VALUES (:id, :name, :name, '-', 'member')"
                ),
                {"id": user_id, "name": name},
            )
        for number in range(3):
            connection.execute(
                text(
                    "INSERT INTO recording_sessions "
                    "(id, user_id, recording_type, status, settings, slug, shared) "
                    "VALUES (:id, :user, 'screen', 'completed', '{}', :id, 1)"
                ),
                {"id": f"{100 + number:032x}", "user": ids["bob" if number else "ann"]},
            )
    migrations.upgrade(url)
    with engine.connect() as connection:
        query = (
            "SELECT w.personal_of, m.user_id, m.role, (SELECT count(*) FROM recording_sessions r "
            "WHERE r.workspace_id = w.id AND r.user_id = m.user_id) "
            "FROM workspaces w JOIN workspace_members m ON m.workspace_id = w.id ORDER BY 1"
        )
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    assert found == [(ids["ann"], ids["ann"], "owner", 1), (ids["bob"], ids["bob"], "owner", 2)]


def test_a_link_that_was_off_stays_off_and_a_narrower_one_is_off_on_the_way_back(any_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    user, ids = f"{1:032x}", {"on": f"{2:032x}", "off": f"{3:032x}", "locked": f"{4:032x}"}

    def make(connection: Connection) -> None:
        columns = "(id, email, username, password_hash, role)"
        connection.execute(text(f"INSERT INTO users {columns} VALUES ('{user}', 'a', 'a', '-', 'member')"))
        for slug, recording in ids.items():
            made = "(id, user_id, recording_type, status, settings, slug, shared)"
            values = f"('{recording}', '{user}', 'screen', 'completed', '{{}}', '{slug}', {slug != 'off'})"
            connection.execute(text(f"INSERT INTO recording_sessions {made} VALUES {values}"))
        connection.commit()

    def told(connection: Connection, column: str) -> dict[str, object]:
        found = connection.execute(text(f"SELECT slug, {column} FROM recording_sessions"))
        return {row[0]: row[1] for row in found}

    def back(connection: Connection) -> dict[str, object]:
        lock = "UPDATE recording_sessions SET share_password_hash = 'x' WHERE slug = 'locked'"
        connection.execute(text(lock))
        config.attributes["connection"] = connection
        command.downgrade(config, "0021")
        return {slug: bool(shared) for slug, shared in told(connection, "shared").items()}

    migrations.upgrade(any_url, revision="0021")
    on(any_url, make)
    migrations.upgrade(any_url)
    now = on(any_url, lambda connection: told(connection, "visibility"))
    assert now == {"on": "public", "off": "private", "locked": "public"}
    assert on(any_url, back) == {"on": True, "off": False, "locked": False}


def test_tables_of_a_newer_version_are_refused_in_words(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'heddle.db'}"
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    engine.dispose()
    with pytest.raises(SetupError, match="of a newer Heddle"):
        migrations.upgrade(url)

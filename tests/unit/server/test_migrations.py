"""The history of the tables leads to what the models say and the specification demands."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

import server
from server import migrations
from server.config import Settings
from server.db import Base

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
    "content_analysis": "id session_id entities topics summary sentiment_score action_items created_at",
}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return Settings(data=tmp_path).sqlalchemy_url


@pytest.fixture
def migrated(url: str) -> Iterator[Connection]:
    migrations.upgrade(url)
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def import_all_models() -> None:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if module.name.endswith((".models", ".outbox", ".idempotency")):
            importlib.import_module(module.name)


def test_the_migrated_tables_are_those_the_models_map(migrated: Connection) -> None:
    import_all_models()
    options = {"compare_type": True, "include_name": lambda name, *_: not _is_index_of_words(name)}
    context = MigrationContext.configure(migrated, opts=options)
    assert compare_metadata(context, Base.metadata) == []


def _is_index_of_words(name: str | None) -> bool:
    """FTS5's tables, which no model maps."""
    return name is not None and ("_fts" in name or name == "search_words")


@pytest.mark.parametrize("table", SPECIFIED)
def test_a_table_has_every_column_of_the_specification(migrated: Connection, table: str) -> None:
    columns = {column["name"] for column in inspect(migrated).get_columns(table)}
    assert set(SPECIFIED[table].split()) <= columns


def test_a_second_upgrade_finds_nothing_to_do(url: str) -> None:
    assert migrations.upgrade(url) is True
    assert migrations.upgrade(url) is False


def test_the_newest_revision_is_the_head_of_the_history(url: str, migrated: Connection) -> None:
    assert MigrationContext.configure(migrated).get_current_revision() == migrations.newest()


def test_the_way_back_leaves_no_table(migrated: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = migrated
    command.downgrade(config, "base")
    assert set(inspect(migrated).get_table_names()) == {"alembic_version"}

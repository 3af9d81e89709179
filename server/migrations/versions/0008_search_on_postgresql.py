"""Search on PostgreSQL: words as `tsvector` beside the rows that 0006 made. Nothing changes on SQLite."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import DBAPIError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("search_recordings", "search_pieces"):
        op.add_column(table, sa.Column("words", TSVECTOR, nullable=False, server_default=""))
        op.create_index(f"ix_{table}_words", table, ["words"], postgresql_using="gin")
    # For phrases: all words of a recording with spaces around them.
    op.add_column("search_recordings", sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    # What a slip may have meant. In the order of bytes, which is the same in every locale.
    op.create_table("search_words", sa.Column("term", sa.Text(collation="C"), primary_key=True))
    if _has_trigrams():
        op.execute("CREATE INDEX ix_search_words_term ON search_words USING gin (term gin_trgm_ops)")


def _has_trigrams() -> bool:
    """Where the extension is not installed, or may not be created, slips are looked for among all words."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except DBAPIError:
        return False
    return True


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_table("search_words")
    op.drop_column("search_recordings", "folded")
    for table in ("search_recordings", "search_pieces"):
        op.drop_column(table, "words")

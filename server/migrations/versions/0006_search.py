"""The search index: one row a recording, one a piece of its text. FTS5 on SQLite; see `adapters`."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    op.create_table(
        "search_recordings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "recording_id",
            ID,
            sa.ForeignKey("recording_sessions.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("language", sa.String(10), nullable=False, server_default=""),
        sa.Column("created_at", sa.Float(), nullable=False),  # Unix time
        sa.Column("duration_s", sa.Float()),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Index("ix_search_recordings_user_id_created_at", "user_id", "created_at"),
    )
    op.create_table(
        "search_pieces",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "document",
            sa.Integer(),
            sa.ForeignKey("search_recordings.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start_s", sa.Float()),
        sa.Column("end_s", sa.Float()),
    )
    if op.get_bind().dialect.name == "sqlite":
        _fts5()


def _fts5() -> None:
    for table, columns in (
        ("search_recordings", "title, description, said, stems"),
        ("search_pieces", "recording, words, stems"),
    ):
        op.execute(
            f"CREATE VIRTUAL TABLE {table}_fts USING fts5({columns}, tokenize = 'unicode61', prefix = '2 3')"
        )
        # Also what goes by ON DELETE CASCADE leaves the index.
        op.execute(
            f"CREATE TRIGGER {table}_gone AFTER DELETE ON {table} BEGIN "
            f"DELETE FROM {table}_fts WHERE rowid = old.id; END"
        )
    op.execute("CREATE VIRTUAL TABLE search_words USING fts5vocab(search_recordings_fts, 'row')")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
        op.execute("DROP TABLE search_pieces_fts")
        op.execute("DROP TABLE search_recordings_fts")
    op.drop_table("search_pieces")
    op.drop_table("search_recordings")

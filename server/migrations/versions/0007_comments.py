"""What people say: comments, their history, reactions, guests of a share; and keys of requests sent twice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.current_timestamp()


def upgrade() -> None:
    op.add_column(
        "recording_sessions",
        sa.Column("allow_comments", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "comment_guests",
        sa.Column("id", ID, primary_key=True),
        sa.Column("recording_id", ID, _recording(), nullable=False, index=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
    )
    op.create_table(
        "comments",
        sa.Column("id", ID, primary_key=True),
        sa.Column("recording_id", ID, _recording(), nullable=False),
        sa.Column("parent_id", ID, sa.ForeignKey("comments.id", ondelete="CASCADE")),
        sa.Column("user_id", ID),  # no foreign key: the thread outlives the account
        sa.Column("guest_id", ID, _guest()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger()),
        sa.Column("drawing", JSON),
        sa.Column("mentions", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("resolved_at", MOMENT),
        sa.Column("resolved_by", ID),
        sa.Column("edited_at", MOMENT),
        sa.Column("deleted_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Index("ix_comments_recording_id_created_at", "recording_id", "created_at"),
        sa.Index("ix_comments_parent_id", "parent_id"),
        sa.Index("ix_comments_user_id", "user_id"),
    )
    op.create_table(
        "comment_revisions",
        sa.Column("id", ID, primary_key=True),
        sa.Column(
            "comment_id",
            ID,
            sa.ForeignKey("comments.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger()),
        sa.Column("drawing", JSON),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
    )
    op.create_table(
        "reactions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("recording_id", ID, _recording(), nullable=False),
        sa.Column("user_id", ID),
        sa.Column("guest_id", ID, _guest()),
        sa.Column("emoji", sa.String(16), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Index("ix_reactions_recording_id_time_ms", "recording_id", "time_ms"),
        sa.Index("ix_reactions_user_id", "user_id"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("id", ID, primary_key=True),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("resource_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW, index=True),
        sa.UniqueConstraint("caller", "key_hash", name="uq_idempotency_keys_caller_key_hash"),
    )


def downgrade() -> None:
    for table in ("idempotency_keys", "reactions", "comment_revisions", "comments", "comment_guests"):
        op.drop_table(table)
    with op.batch_alter_table("recording_sessions") as recordings:
        recordings.drop_column("allow_comments")


def _recording() -> sa.ForeignKey:
    return sa.ForeignKey("recording_sessions.id", ondelete="CASCADE")


def _guest() -> sa.ForeignKey:
    return sa.ForeignKey("comment_guests.id", ondelete="CASCADE")

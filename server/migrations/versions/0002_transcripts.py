"""What was said: transcripts, their history, and the runs of models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.current_timestamp()


def upgrade() -> None:
    op.create_table(
        "ai_processing_results",
        sa.Column("id", ID, primary_key=True),
        sa.Column("session_id", ID, _recording(), nullable=False),
        sa.Column("processing_type", sa.String(50), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("progress", sa.Numeric(5, 2), nullable=False, server_default="0"),
        sa.Column("results", JSON),
        sa.Column("confidence_score", sa.Numeric(5, 4)),
        sa.Column("processing_time_ms", sa.Integer()),
        sa.Column("model_version", sa.String(50)),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("completed_at", MOMENT),
        sa.Index("ix_ai_processing_results_session_id_processing_type", "session_id", "processing_type"),
    )
    op.create_table(
        "video_transcriptions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("session_id", ID, _recording(), nullable=False, unique=True),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("full_text", sa.Text(), nullable=False),
        sa.Column("segments", JSON, nullable=False),
        sa.Column("confidence_score", sa.Numeric(5, 4)),
        sa.Column("word_count", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("model", sa.String(100), nullable=False, server_default=""),
        sa.Column("duration_seconds", sa.Numeric(10, 3), nullable=False, server_default="0"),
        sa.Column("sound_sha256", sa.String(64)),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=NOW),
    )
    op.create_table(
        "transcription_revisions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("session_id", ID, _recording(), nullable=False, index=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("user_id", ID),  # no foreign key: the history outlives the account
        sa.Column("segment_id", sa.Integer()),
        sa.Column("before", JSON),
        sa.Column("after", JSON),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
    )


def downgrade() -> None:
    for table in ("transcription_revisions", "video_transcriptions", "ai_processing_results"):
        op.drop_table(table)


def _recording() -> sa.ForeignKey:
    return sa.ForeignKey("recording_sessions.id", ondelete="CASCADE")

"""What recordings are about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.current_timestamp()


def upgrade() -> None:
    recording = sa.ForeignKey("recording_sessions.id", ondelete="CASCADE")
    op.create_table(
        "content_analysis",
        sa.Column("id", ID, primary_key=True),
        sa.Column("session_id", ID, recording, nullable=False, unique=True),
        sa.Column("entities", JSON),
        sa.Column("topics", JSON),
        sa.Column("summary", sa.Text()),
        sa.Column("sentiment_score", sa.Numeric(3, 2)),
        sa.Column("action_items", JSON),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("title", sa.String(255)),
        sa.Column("sentences", JSON),
        sa.Column("chapters", JSON),
        sa.Column("suggestions", JSON),
        sa.Column("notes", JSON),
        sa.Column("language", sa.String(10)),
        sa.Column("source", sa.String(20)),
        sa.Column("model", sa.String(100)),
        sa.Column("transcript_revision", sa.Integer()),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("pending", sa.String(20)),
        sa.Column("wanted", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("not_before", MOMENT),
        sa.Column("error", sa.Text()),
        sa.Index("ix_content_analysis_status_not_before", "status", "not_before"),
    )


def downgrade() -> None:
    op.drop_table("content_analysis")

"""Everything a recording needs to become a link: people, recordings, uploads, processing, events."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.current_timestamp()


def upgrade() -> None:
    _identity()
    _recordings()
    _uploads()
    _processing()
    _outbox()


def downgrade() -> None:
    for table in (
        *(
            "outbox",
            "video_metadata",
            "processing_jobs",
            "uploads",
            "recording_templates",
            "recording_segments",
        ),
        *("recording_sessions", "sessions", "users"),
    ):
        op.drop_table(table)


def _id() -> sa.Column[str]:
    return sa.Column("id", ID, primary_key=True)


def _owner() -> sa.Column[str]:
    return sa.Column("user_id", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True)


def _recording(name: str = "session_id") -> sa.Column[str]:
    target = sa.ForeignKey("recording_sessions.id", ondelete="CASCADE")
    return sa.Column(name, ID, target, nullable=False, index=True)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _created() -> sa.Column[datetime]:
    return sa.Column("created_at", MOMENT, nullable=False, server_default=NOW)


def _identity() -> None:
    op.create_table(
        "users",
        _id(),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        _created(),
    )
    op.create_table(
        "sessions",
        _id(),
        _owner(),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        _created(),
        _moment("last_used_at", nullable=False),
        _moment("expires_at", nullable=False),
    )


def _recordings() -> None:
    op.create_table(
        "recording_sessions",
        _id(),
        _owner(),
        sa.Column("workspace_id", ID),
        sa.Column("title", sa.String(255)),
        sa.Column("description", sa.Text()),
        sa.Column("recording_type", sa.String(50), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        _moment("started_at"),
        _moment("ended_at"),
        sa.Column("duration_seconds", sa.Integer()),
        sa.Column("duration_ms", sa.BigInteger()),
        sa.Column("file_size_bytes", sa.BigInteger()),
        sa.Column("sha256", sa.String(64)),
        sa.Column("slug", sa.String(32), nullable=False, unique=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text()),
        _created(),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=NOW),
    )
    op.create_table(
        "recording_segments",
        _id(),
        _recording(),
        sa.Column("segment_number", sa.Integer(), nullable=False),
        _moment("started_at", nullable=False),
        _moment("ended_at"),
        sa.Column("duration_seconds", sa.Integer()),
        sa.Column("file_path", sa.String(500)),
        _created(),
    )
    op.create_table(
        "recording_templates",
        _id(),
        _owner(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False, server_default=sa.false()),
        _created(),
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        _id(),
        _recording("recording_id"),
        _owner(),
        sa.Column("offset", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("length", sa.BigInteger()),  # null until the length is declared
        sa.Column("metadata", JSON, nullable=False),
        sa.Column("content_kind", sa.String(20)),  # what the first bytes say it is
        _created(),
        _moment("expires_at"),
        _moment("finished_at"),
    )


def _processing() -> None:
    op.create_table(
        "processing_jobs",
        _id(),
        _recording(),
        sa.Column("job_type", sa.String(50), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("progress", sa.Numeric(5, 2), nullable=False, server_default="0"),
        sa.Column("input_path", sa.String(500), nullable=False),
        sa.Column("output_path", sa.String(500)),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("error_message", sa.Text()),
        _moment("started_at"),
        _moment("completed_at"),
        _created(),
        # The queue: who works on it, until when that is believed, and which try this is.
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("max_attempts", sa.Integer(), nullable=False, server_default="3"),
        sa.Column("lease_owner", sa.String(64)),
        _moment("lease_until"),
        sa.Column("fence", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False, server_default=sa.false()),
        _moment("not_before"),
        sa.Index("ix_processing_jobs_status_not_before", "status", "not_before"),
    )
    op.create_table(
        "video_metadata",
        _id(),
        _recording(),
        sa.Column("file_path", sa.String(500), nullable=False),
        sa.Column("file_size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("duration_seconds", sa.Numeric(10, 3), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("frame_rate", sa.Numeric(6, 3), nullable=False),
        sa.Column("bitrate", sa.Integer(), nullable=False),
        sa.Column("codec", sa.String(50), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        _created(),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("recording_id", ID),  # no foreign key: the event of a deletion outlives its recording
        sa.Column("user_id", ID),
        sa.Column("data", JSON, nullable=False),
        _created(),
        _moment("delivered_at"),
        _moment("not_before"),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("error", sa.Text()),
        sqlite_autoincrement=True,  # event ids are never used twice, also after old events are gone
    )
    waiting = sa.text("delivered_at IS NULL")
    op.create_index("ix_outbox_waiting", "outbox", ["id"], sqlite_where=waiting, postgresql_where=waiting)

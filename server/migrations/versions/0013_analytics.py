"""How recordings are watched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sessions()
    _events()
    op.create_table(
        "analytics_days",
        _recording(primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        *(_count(name) for name in ("views", "viewers", "starts", "streams", "watch_ms", "seen_ms",
                                    "completions", "quality_switches", "rebuffers", "rebuffer_ms")),
        *(sa.Column(name, JSON, nullable=False) for name in (
            "retention", "rewatched_ms", "stops", "referrers", "devices", "browsers", "systems", "countries",
            "qualities")),
    )  # fmt: skip
    op.create_table("analytics_totals", _recording(primary_key=True), _count("views"))
    op.create_table(
        "analytics_salts",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("salt", sa.String(64), nullable=False),
    )


def _sessions() -> None:
    op.create_table(
        "analytics_sessions",
        sa.Column("id", ID, primary_key=True),
        _recording(),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False, index=True),
        sa.Column("viewer", sa.String(32), nullable=False),
        sa.Column("device", sa.String(20), nullable=False),
        sa.Column("browser", sa.String(20), nullable=False),
        sa.Column("system", sa.String(20), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("referrer", sa.String(255)),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("viewed_at", MOMENT),
        sa.Column("duration_ms", sa.BigInteger()),
        _count("watch_ms"),
        sa.Column("quality_switches", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rebuffers", sa.Integer(), nullable=False, server_default="0"),
        _count("rebuffer_ms"),
        sa.Column("seen", JSON, nullable=False),
        sa.Column("plays", JSON, nullable=False),
        sa.Column("qualities", JSON, nullable=False),
        sa.UniqueConstraint("recording_id", "session_id"),
        sa.Index("ix_analytics_sessions_recording_id_day_viewer", "recording_id", "day", "viewer"),
    )


def _events() -> None:
    watching = sa.ForeignKey("analytics_sessions.id", ondelete="CASCADE")
    user = sa.ForeignKey("users.id", ondelete="SET NULL")
    op.create_table(
        "analytics_events",
        sa.Column("id", ID, primary_key=True),
        _recording(index=True),
        sa.Column("watching_id", ID, watching, index=True),
        sa.Column("user_id", ID, user, index=True),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("position", sa.Float()),
        sa.Column("quality", sa.String(20)),
        sa.Column("quality_switches", sa.Integer(), nullable=False),
        sa.Column("rebuffers", sa.Integer(), nullable=False),
        sa.Column("rebuffer_ms", sa.Integer(), nullable=False),
        sa.Column("played", JSON, nullable=False),
        sa.Column("client", JSON),
    )


def _recording(**options: bool) -> "sa.Column[str]":
    recording = sa.ForeignKey("recording_sessions.id", ondelete="CASCADE")
    return sa.Column("recording_id", ID, recording, nullable=False, **options)  # type: ignore[arg-type] # all are bool


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")


def downgrade() -> None:
    for table in ("salts", "totals", "days", "events", "sessions"):
        op.drop_table(f"analytics_{table}")

"""Webhooks: who wants to hear of what, and every delivery with its answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("status = 'pending'")


def upgrade() -> None:
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user_id", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("description", sa.String(255), nullable=False),
        sa.Column("events", JSON, nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("previous_secret", sa.String(100)),
        sa.Column("previous_secret_until", MOMENT),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.Column("disabled_reason", sa.Text()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", MOMENT),
        sa.Column("last_success_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column(
            "subscription_id",
            ID,
            sa.ForeignKey("webhook_subscriptions.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("delivery_id", ID, nullable=False, unique=True),
        sa.Column("event_id", sa.BigInteger()),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("recording_id", ID),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("manual", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", MOMENT),
        sa.Column("next_attempt_at", MOMENT, nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_until", MOMENT),
        sa.Column("http_status", sa.Integer()),
        sa.Column("error_message", sa.Text()),
        sa.Column("request_url", sa.String(2048)),
        sa.Column("request_headers", JSON),
        sa.Column("response_body", sa.Text()),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("delivered_at", MOMENT),
        sa.Column("attempts", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("subscription_id", "event_id", "event"),
        sa.Index("ix_webhook_deliveries_log", "subscription_id", "id"),
        sa.Index(
            "ix_webhook_deliveries_due",
            "next_attempt_at",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        sa.Index(
            "ix_webhook_deliveries_order",
            "subscription_id",
            "recording_id",
            "id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_subscriptions")

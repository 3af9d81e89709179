"""Notifications: what people were told, how they want to be told, and their Slack channels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.current_timestamp()
MAIL_DUE = sa.text("email_due IS NOT NULL")
WAITING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user_id", ID, _person(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("recording_id", ID, _recording()),
        sa.Column("caused_by", ID),
        sa.Column("data", JSON, nullable=False),
        sa.Column("dedupe_key", sa.String(120), nullable=False),
        sa.Column("count", sa.Integer, nullable=False, server_default="1"),
        sa.Column("last_event_id", sa.BigInteger, nullable=False),
        sa.Column("in_app", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("read_at", MOMENT),
        sa.Column("email_due", MOMENT),
        sa.Column("email_daily", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("emailed_at", MOMENT),
        sa.UniqueConstraint("user_id", "dedupe_key", name="uq_notifications_user_id_dedupe_key"),
        sa.Index("ix_notifications_user_id_at", "user_id", "at", "id"),
        sa.Index("ix_notifications_recording_id", "recording_id"),
        sa.Index("ix_notifications_caused_by", "caused_by"),
        sa.Index("ix_notifications_at", "at"),
        sa.Index("ix_notifications_mail", "email_due", sqlite_where=MAIL_DUE, postgresql_where=MAIL_DUE),
    )
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", ID, _person(), primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("in_app", sa.Boolean, nullable=False),
        sa.Column("email", sa.String(10), nullable=False),
        sa.Column("slack", sa.Boolean, nullable=False),
    )
    op.create_table(
        "notification_hours",
        sa.Column("user_id", ID, _person(), primary_key=True),
        sa.Column("digest_hour", sa.Integer, nullable=False),
        sa.Column("quiet_from", sa.Time),
        sa.Column("quiet_until", sa.Time),
    )
    op.create_table(
        "notification_channels",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user_id", ID, _person(), nullable=False, index=True),
        sa.Column("workspace_id", ID, sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True),
        sa.Column("description", sa.String(255), nullable=False, server_default=""),
        sa.Column("sealed_url", sa.Text, nullable=False),
        sa.Column("shown", sa.String(300), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("disabled_at", MOMENT),
        sa.Column("disabled_reason", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failing_since", MOMENT),
        sa.Column("not_before", MOMENT),
        sa.Column("last_success_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
    )
    op.create_table(
        "notification_posts",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column(
            "channel_id",
            ID,
            sa.ForeignKey("notification_channels.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("recording_id", ID, _recording()),
        sa.Column("data", JSON, nullable=False),
        sa.Column("dedupe_key", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("not_before", MOMENT, nullable=False, server_default=NOW),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.UniqueConstraint("channel_id", "dedupe_key", name="uq_notification_posts_channel_id_dedupe_key"),
        sa.Index(
            "ix_notification_posts_due",
            "channel_id",
            "id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        sa.Index("ix_notification_posts_recording_id", "recording_id"),
        sa.Index("ix_notification_posts_created_at", "created_at"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in (
        "notification_posts",
        "notification_channels",
        "notification_hours",
        "notification_preferences",
        "notifications",
    ):
        op.drop_table(table)


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("users.id", ondelete="CASCADE")


def _recording() -> sa.ForeignKey:
    return sa.ForeignKey("recording_sessions.id", ondelete="CASCADE")

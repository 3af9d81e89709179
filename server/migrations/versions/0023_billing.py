"""Billing: subscriptions of workspaces, what they used, what they were warned of, notices of payments."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.current_timestamp()


def upgrade() -> None:
    op.create_table(
        "workspace_subscriptions",
        sa.Column("workspace_id", ID, primary_key=True),
        sa.Column("plan", sa.String(30), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("customer", sa.String(255), nullable=False),
        sa.Column("subscription", sa.String(255), nullable=False),
        sa.Column("period_end", MOMENT),
        sa.Column("ends_with_period", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("past_due_since", MOMENT),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=NOW),
        sa.UniqueConstraint("subscription", name="uq_workspace_subscriptions_subscription"),
    )
    op.create_table(
        "usage_entries",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("quota", sa.String(30), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False),
        sa.Index("ix_usage_entries_sum", "workspace_id", "quota", "month", "milliseconds"),
        sa.Index("ix_usage_entries_recording_id", "recording_id"),
    )
    op.create_table(
        "usage_warnings",
        sa.Column("workspace_id", ID, primary_key=True),
        sa.Column("quota", sa.String(30), primary_key=True),
        sa.Column("percent", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("period", sa.String(40), primary_key=True),
        sa.Column("at", MOMENT, nullable=False, server_default=NOW),
    )
    op.create_table(
        "payment_notices",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("heard_at", MOMENT, nullable=False, server_default=NOW),
        sa.Index("ix_payment_notices_heard_at", "heard_at"),
    )


def downgrade() -> None:
    for table in ("payment_notices", "usage_warnings", "usage_entries", "workspace_subscriptions"):
        op.drop_table(table)

"""Feature flags: what was said about them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feature_flags",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("reach", sa.String(20), primary_key=True),
        sa.Column("subject", sa.String(36), primary_key=True),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.current_timestamp(),
        ),
        sa.Column("changed_by", sa.Uuid(as_uuid=False)),
    )


def downgrade() -> None:
    op.drop_table("feature_flags")

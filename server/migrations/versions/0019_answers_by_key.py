"""Idempotency keys keep answers, sealed, where they kept the id of what was made."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Keys count for a day: those of before an update are not worth carrying over.
    op.execute("DELETE FROM idempotency_keys")
    with op.batch_alter_table("idempotency_keys") as keys:
        keys.drop_column("resource_id")
        keys.add_column(sa.Column("answer", sa.Text()))


def downgrade() -> None:
    op.execute("DELETE FROM idempotency_keys")
    with op.batch_alter_table("idempotency_keys") as keys:
        keys.drop_column("answer")
        keys.add_column(sa.Column("resource_id", sa.Uuid(as_uuid=False), nullable=False))

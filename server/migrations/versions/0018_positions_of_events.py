"""Events of the outbox have the place of their delivery, so that clients can ask for what came after it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("position", sa.BigInteger))
    op.create_index("ix_outbox_position", "outbox", ["position"])


def downgrade() -> None:
    op.drop_index("ix_outbox_position", "outbox")
    op.drop_column("outbox", "position")

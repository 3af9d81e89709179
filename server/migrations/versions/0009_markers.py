"""Recordings have markers: places that whoever recorded wants to be found again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("recording_sessions", sa.Column("markers", JSON))


def downgrade() -> None:
    # In place: SQLite's other way makes the table anew, and takes with it what refers to its rows.
    op.drop_column("recording_sessions", "markers")

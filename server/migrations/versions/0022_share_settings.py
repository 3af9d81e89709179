"""Links have a visibility in place of on or off, a password, an end, and may offer downloads or not."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLE = "recording_sessions"


def upgrade() -> None:
    visibility = sa.Column("visibility", sa.String(16), nullable=False, server_default="public")
    op.add_column(_TABLE, visibility)
    op.add_column(_TABLE, sa.Column("share_password_hash", sa.String(255)))
    op.add_column(_TABLE, sa.Column("share_expires_at", sa.DateTime(timezone=True)))
    op.add_column(_TABLE, sa.Column("allow_download", sa.Boolean, nullable=False, server_default=sa.true()))
    rows = sa.table(_TABLE, sa.column("visibility", sa.String), sa.column("shared", sa.Boolean))
    op.execute(rows.update().where(rows.c.shared.is_(sa.false())).values(visibility="private"))
    # In place: SQLite's other way makes the table anew, and takes with it what refers to its rows.
    op.drop_column(_TABLE, "shared")


def downgrade() -> None:
    """Whoever had a narrower link than all has none after it."""
    op.add_column(_TABLE, sa.Column("shared", sa.Boolean, nullable=False, server_default=sa.true()))
    rows = sa.table(
        _TABLE,
        sa.column("visibility", sa.String),
        sa.column("share_password_hash", sa.String),
        sa.column("share_expires_at", sa.DateTime),
        sa.column("shared", sa.Boolean),
    )
    narrower = sa.or_(
        rows.c.visibility != "public",
        rows.c.share_password_hash.is_not(None),
        rows.c.share_expires_at.is_not(None),
    )
    op.execute(rows.update().where(narrower).values(shared=sa.false()))
    for name in ("visibility", "share_password_hash", "share_expires_at", "allow_download"):
        op.drop_column(_TABLE, name)

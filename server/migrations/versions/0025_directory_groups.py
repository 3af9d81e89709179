"""Groups of a directory, who is in them, and whose membership of a workspace came by one."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    op.create_table(
        "directory_groups",
        sa.Column("id", ID, primary_key=True),
        sa.Column("display", sa.String(255), nullable=False),
        sa.Column("name_key", sa.String(255), nullable=False, index=True),
        sa.Column("external_id", sa.String(255), index=True),
        sa.Column("workspace_id", ID, sa.ForeignKey("workspaces.id", ondelete="SET NULL"), index=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
    )
    op.create_table(
        "directory_group_members",
        sa.Column("group_id", ID, sa.ForeignKey("directory_groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    )
    op.add_column(
        "workspace_members",
        sa.Column("from_directory", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("workspace_members", "from_directory")
    op.drop_table("directory_group_members")
    op.drop_table("directory_groups")

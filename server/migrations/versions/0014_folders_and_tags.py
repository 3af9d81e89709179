"""Order among recordings: folders and tags."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.current_timestamp()


def upgrade() -> None:
    op.create_table(
        "folders",
        sa.Column("id", ID, primary_key=True),
        sa.Column("workspace_id", ID, _workspace(), nullable=False, index=True),
        sa.Column("parent_id", ID, sa.ForeignKey("folders.id", ondelete="CASCADE"), index=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=NOW),
    )
    op.create_table(
        "tags",
        sa.Column("id", ID, primary_key=True),
        sa.Column("workspace_id", ID, _workspace(), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("color", sa.String(7)),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.UniqueConstraint("workspace_id", "key", name="uq_tags_workspace_id_key"),
    )
    op.create_table(
        "recording_tags",
        sa.Column(
            "recording_id",
            ID,
            sa.ForeignKey("recording_sessions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("tag_id", ID, sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
        sa.Index("ix_recording_tags_tag_id", "tag_id"),
    )
    with op.batch_alter_table("recording_sessions") as recordings:
        recordings.add_column(sa.Column("folder_id", ID))
        recordings.create_foreign_key(
            "fk_recording_sessions_folder_id", "folders", ["folder_id"], ["id"], ondelete="SET NULL"
        )
        recordings.create_index("ix_recording_sessions_folder_id", ["folder_id"])


def downgrade() -> None:
    with op.batch_alter_table("recording_sessions") as recordings:
        recordings.drop_index("ix_recording_sessions_folder_id")
        recordings.drop_constraint("fk_recording_sessions_folder_id", type_="foreignkey")
        recordings.drop_column("folder_id")
    for table in ("recording_tags", "tags", "folders"):
        op.drop_table(table)


def _workspace() -> sa.ForeignKey:
    return sa.ForeignKey("workspaces.id", ondelete="CASCADE")

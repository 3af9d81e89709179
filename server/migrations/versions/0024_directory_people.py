"""What a directory calls the people whose accounts it keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "directory_people",
        sa.Column(
            "user_id", sa.Uuid(as_uuid=False), sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("user_name", sa.String(254), nullable=False),
        sa.Column("name_key", sa.String(254), nullable=False, unique=True),
        sa.Column("external_id", sa.String(255), index=True),
        sa.Column("given_name", sa.String(64)),
        sa.Column("family_name", sa.String(64)),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
    )


def downgrade() -> None:
    op.drop_table("directory_people")

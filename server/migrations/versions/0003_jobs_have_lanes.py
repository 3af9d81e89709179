"""Jobs say which workers take them, and which comes first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LONG = ("optimize", "transcode")


def upgrade() -> None:
    op.add_column("processing_jobs", sa.Column("lane", sa.String(20), nullable=False, server_default="short"))
    op.add_column("processing_jobs", sa.Column("priority", sa.Integer(), nullable=False, server_default="50"))
    jobs = sa.table("processing_jobs", sa.column("lane"), sa.column("job_type"))
    op.execute(jobs.update().where(jobs.c.job_type.in_(_LONG)).values(lane="long"))
    op.create_index(
        "ix_processing_jobs_queue", "processing_jobs", ["status", "lane", "priority", "created_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_processing_jobs_queue", "processing_jobs")
    with op.batch_alter_table("processing_jobs") as table:
        table.drop_column("priority")
        table.drop_column("lane")

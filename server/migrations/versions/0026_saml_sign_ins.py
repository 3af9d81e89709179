"""What a provider of SAML calls the sign-ins it stands behind: it may end them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    op.create_table(
        "saml_sign_ins",
        sa.Column("session_id", ID, sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("entity_id", sa.String(250), nullable=False),
        sa.Column("name_id", sa.String(255), nullable=False),
        sa.Column("format", sa.String(255), nullable=False),
        sa.Column("qualifier", sa.String(255), nullable=False),
        sa.Column("sp_qualifier", sa.String(255), nullable=False),
        sa.Column("session_index", sa.String(255), nullable=False),
    )
    op.create_index("ix_saml_sign_ins_provider_name_id", "saml_sign_ins", ["provider", "name_id"])


def downgrade() -> None:
    op.drop_table("saml_sign_ins")

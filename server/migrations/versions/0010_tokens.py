"""Sign-ins become families of refresh tokens; API keys, second factors, failed sign-ins.

Whoever is signed in with an opaque token signs in once more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.drop_table("sessions")
    op.create_table(
        "sessions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user_id", ID, _user(), nullable=False, index=True),
        sa.Column("refresh_hash", sa.String(64), nullable=False),
        sa.Column("parent_hash", sa.String(64)),
        sa.Column("request_hash", sa.String(64)),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("device_name", sa.String(100), nullable=False),
        sa.Column("client", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    _keys()
    _second_factors()
    _grants()
    op.create_table(
        "sign_in_failures",
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(64), index=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False, index=True),
        sa.Column("blocked_until", MOMENT),
    )


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", ID, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("key_prefix", sa.String(8), nullable=False),
        sa.Column("user_id", ID, _user(), nullable=False, index=True),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )


def _second_factors() -> None:
    op.create_table(
        "totp_factors",
        sa.Column("user_id", ID, _user(), primary_key=True),
        sa.Column("secret", sa.String(255), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user_id", ID, _user(), nullable=False, index=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
    )


def _grants() -> None:
    op.create_table(
        "oauth_grants",
        sa.Column("id", ID, primary_key=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user_code_hash", sa.String(64), unique=True),
        sa.Column("challenge", sa.String(43)),
        sa.Column("redirect_uri", sa.String(200)),
        sa.Column("device_name", sa.String(100), nullable=False),
        sa.Column("client", sa.String(200), nullable=False),
        sa.Column("user_id", ID, _user(), index=True),
        sa.Column("denied", sa.Boolean(), nullable=False),
        sa.Column("session_id", ID),
        sa.Column("polled_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
    )


def downgrade() -> None:
    for table in (
        "sign_in_failures",
        "oauth_grants",
        "recovery_codes",
        "totp_factors",
        "api_keys",
        "sessions",
    ):
        op.drop_table(table)
    op.create_table(
        "sessions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user_id", ID, _user(), nullable=False, index=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )


def _user() -> sa.ForeignKey:
    return sa.ForeignKey("users.id", ondelete="CASCADE")

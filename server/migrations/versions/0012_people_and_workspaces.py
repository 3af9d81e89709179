"""People and workspaces: everybody has one of their own, and each recording lies in one. Mail, keys, log."""

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

PROFILE: dict[str, sa.types.TypeEngine[Any]] = {
    "email_verified_at": MOMENT,
    "time_zone": sa.String(64),
    "language": sa.String(16),
    "avatar": sa.String(32),
}


def upgrade() -> None:
    for name, kind in PROFILE.items():
        op.add_column("users", sa.Column(name, kind))
    op.add_column("recording_sessions", sa.Column("deleted_at", MOMENT))
    _workspaces()
    _give_everybody_one()
    op.create_index(
        "ix_recording_sessions_of_user",
        "recording_sessions",
        ["user_id", "deleted_at", "workspace_id", "created_at"],
    )
    op.create_index(
        "ix_recording_sessions_of_workspace",
        "recording_sessions",
        ["workspace_id", "deleted_at", "created_at"],
    )
    _accounts()
    _mails()


def downgrade() -> None:
    for table in ("mails", "erasures", "account_exports", "audit_log", "account_keys"):
        op.drop_table(table)
    for table in ("invitations", "workspace_members", "workspaces"):
        op.drop_table(table)
    op.drop_index("ix_recording_sessions_of_workspace", "recording_sessions")
    op.drop_index("ix_recording_sessions_of_user", "recording_sessions")
    with op.batch_alter_table("recording_sessions") as recordings:
        recordings.drop_column("deleted_at")
    with op.batch_alter_table("users") as users:
        for name in PROFILE:
            users.drop_column(name)


def _id(name: str = "id", **options: Any) -> sa.Column[str]:
    return sa.Column(name, ID, primary_key=True, **options)


def _to(target: str, name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", ondelete="CASCADE"), **options)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        _id(),
        sa.Column("name", sa.String(100), nullable=False),
        _to("users", "personal_of", unique=True),
        sa.Column("retention_days", sa.Integer()),
        _moment("created_at"),
    )
    op.create_table(
        "workspace_members",
        _to("workspaces", "workspace_id", primary_key=True),
        _to("users", "user_id", primary_key=True, index=True),
        sa.Column("role", sa.String(20), nullable=False),
        _moment("created_at"),
    )
    op.create_table(
        "invitations",
        _id(),
        _to("workspaces", "workspace_id", index=True),
        sa.Column("email", sa.String(254), nullable=False, index=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("invited_by", ID),
        _moment("created_at"),
        _moment("expires_at"),
    )


def _give_everybody_one() -> None:
    """A personal workspace for each account, with all that was recorded so far."""
    users = sa.table("users", sa.column("id", ID))
    workspaces = sa.table(
        "workspaces",
        sa.column("id", ID),
        sa.column("name", sa.String),
        sa.column("personal_of", ID),
        sa.column("created_at", MOMENT),
    )
    members = sa.table(
        "workspace_members",
        sa.column("workspace_id", ID),
        sa.column("user_id", ID),
        sa.column("role", sa.String),
        sa.column("created_at", MOMENT),
    )
    recordings = sa.table("recording_sessions", sa.column("user_id", ID), sa.column("workspace_id", ID))
    connection = op.get_bind()
    now = sa.func.current_timestamp()
    for user_id in connection.execute(sa.select(users.c.id)).scalars().all():
        place = str(uuid.uuid4())
        values = {"id": place, "name": "Personal", "personal_of": user_id}
        connection.execute(sa.insert(workspaces).values(**values, created_at=now))
        held = {"workspace_id": place, "user_id": user_id, "role": "owner"}
        connection.execute(sa.insert(members).values(**held, created_at=now))
        connection.execute(
            sa.update(recordings).where(recordings.c.user_id == user_id).values(workspace_id=place)
        )


def _accounts() -> None:
    op.create_table(
        "account_keys",
        _id(),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        _to("users", "user_id", index=True),
        sa.Column("email", sa.String(254), nullable=False, index=True),
        sa.Column("username", sa.String(64)),
        sa.Column("password_hash", sa.String(255)),
        _moment("created_at"),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("actor_id", ID),
        sa.Column("user_id", ID),
        sa.Column("workspace_id", ID),
        sa.Column("recording_id", ID),
        sa.Column("address", sa.String(64)),
        sa.Column("details", JSON, nullable=False),
        sa.Index("ix_audit_log_user_id", "user_id", "id"),
        sa.Index("ix_audit_log_actor_id", "actor_id", "id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "account_exports",
        _id(),
        _to("users", "user_id", nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("with_media", sa.Boolean(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        _moment("created_at"),
        _moment("finished_at", nullable=True),
    )
    op.create_table(
        "erasures",
        _id(),
        sa.Column("user_id", ID, nullable=False, unique=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("removed", JSON, nullable=False),
        _moment("created_at"),
        _moment("finished_at", nullable=True),
    )


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("id", ID, nullable=False, unique=True),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("headers", JSON, nullable=False),
        _moment("created_at"),
        sa.Column("not_before", MOMENT, nullable=False, index=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        _moment("dead_at", nullable=True),
    )

"""What the walk over all routes needs: somebody of every kind, and one thing of each that a route names."""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server.ai.analysis.models import AnalysisRow
from server.ai.models import TranscriptionRow
from server.comments.models import CommentRow, ReactionRow
from server.db import Base, new_id, now
from server.identity.keys.models import ApiKeyRow
from server.identity.models import SessionRow, UserRow
from server.identity.oidc.models import IdentityRow
from server.identity.passkeys.models import PasskeyRow
from server.identity.scim.groups.models import GroupRow
from server.identity.scopes import OWNERS_ONLY, Scope
from server.identity.sessions.tokens import Claims, Tokens
from server.identity.workspaces.models import InvitationRow, MemberRow, WorkspaceRow
from server.notifications.models import ChannelRow, NotificationRow
from server.processing import outcomes
from server.processing.plan import when_uploaded
from server.recordings.library.models import FolderRow, TagRow
from server.recordings.models import RecordingRow, TemplateRow
from server.streaming.tickets import Tickets
from server.takeout.models import ErasureRow, ExportRow
from server.uploads.models import UploadRow
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.wiring import Services

# Whoever asks without a key. `maker` is a member who made the things; `server` administers the server alone.
PEOPLE = ("owner", "admin", "member", "maker", "viewer", "stranger", "server")
ASKERS = (*PEOPLE, "nobody", "expired")
# The one of the description's examples, as QuickHasher keeps it.
PASSWORD = "correct horse battery staple"
# Nothing has these, nor ever had.
NO_ID = str(UUID(int=0xA11CE, version=4))
NOTHING = {"slug": "AAAAAAAAAAAA", "segment_id": "99", "name": "nothing", "language": "tlh"}


@dataclass
class World:
    """Ids by what paths call them, and the header that makes a request somebody's."""

    names: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)


class Snapshot:
    """All of a SQLite database, to go back to after what a request did to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        with sqlite3.connect(path) as source:
            source.backup(self._kept)
        source.close()

    def restore(self) -> None:
        with sqlite3.connect(self._path, timeout=10) as target:
            self._kept.backup(target)
        target.close()

    def close(self) -> None:
        self._kept.close()


async def make_world(services: Services) -> World:
    world = World()
    async with services.db.write() as session:
        await _people(session, world)
        for row in _things(world):
            session.add(row)
            await session.flush()
        first = when_uploaded(world.names["recording_id"], "mp4")
        (job,) = await outcomes.enqueue(session, world.names["recording_id"], world.ids["maker"], (first,))
        world.names |= {"job_id": job.id, "letter_id": job.id}
        for scope in Scope:
            whose = world.ids["server" if scope in OWNERS_ONLY else "maker"]
            world.headers[f"key:{scope}"] = _key(session, whose, [scope])
            world.headers[f"but:{scope}"] = _key(session, whose, [one for one in Scope if one != scope])
        talk = [Scope.COMMENTS_READ, Scope.COMMENTS_WRITE]
        world.headers["key:comments"] = _key(session, world.ids["maker"], talk)
        world.headers["but:comments"] = _key(session, world.ids["maker"], [Scope.COMMENTS_READ])
    tickets = Tickets(services.secrets.ticket_key, hours=1)
    world.names["ticket"], _ = tickets.issue(world.names["recording_id"], None)
    for name in PEOPLE:
        token = (await services.identity.sessions.open(world.ids[name])).access.token
        world.headers[name] = {"Authorization": f"Bearer {token}"}
    world.headers["nobody"] = {}
    world.headers["expired"] = {"Authorization": f"Bearer {_expired(services, world.ids['maker'])}"}
    return world


def _expired(services: Services, user_id: str) -> str:
    """Signed rightly, an hour after its end."""
    now_running: Tokens = services.identity.sessions._tokens
    then = Tokens(
        now_running._ring,
        access_s=900,
        refresh_s=900,
        clock=lambda: datetime.now(UTC) - timedelta(hours=1),
    )
    return then.access(Claims(user_id, new_id(), 0)).token


def _key(session: AsyncSession, user_id: str, scopes: list[Scope]) -> dict[str, str]:
    raw = secrets.token_hex(32)
    key = f"loom_{raw[:8]}_{raw[8:]}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    row = ApiKeyRow(name="walk", key_hash=digest, key_prefix=raw[:8], user_id=user_id, scopes=[*scopes])
    session.add(row)
    return {"X-API-Key": key}


async def _people(session: AsyncSession, world: World) -> None:
    for name in PEOPLE:
        role = "owner" if name == "server" else "member"
        row = UserRow(
            email=f"{name}@example.org", username=name, password_hash=f"quick:{PASSWORD}", role=role
        )
        row.email_verified_at = now()
        session.add(row)
        await session.flush()
        world.ids[name] = row.id
        personal = WorkspaceRow(name=f"{name}'s", personal_of=row.id)
        session.add(personal)
        await session.flush()
        session.add(MemberRow(workspace_id=personal.id, user_id=row.id, role="owner"))
    for name in ("owner", "stranger"):
        workspace = WorkspaceRow(name=f"{name}'s team")
        session.add(workspace)
        await session.flush()
        world.ids[f"{name}'s team"] = workspace.id
        session.add(MemberRow(workspace_id=workspace.id, user_id=world.ids[name], role="owner"))
    world.names["workspace_id"] = world.ids["owner's team"]
    for name, role in (("admin", "admin"), ("member", "member"), ("maker", "member"), ("viewer", "viewer")):
        team = world.names["workspace_id"]
        session.add(MemberRow(workspace_id=team, user_id=world.ids[name], role=role))


def _things(world: World) -> Iterator[Base]:
    """One of each, the maker's where it is somebody's."""
    names, maker, team = world.names, world.ids["maker"], world.names["workspace_id"]

    def named(name: str, row: Any) -> Any:
        row.id = new_id()
        names[name] = row.id
        return row

    yield named("recording_id", _recording(maker, team, "walkwalkwalk"))
    yield named("trashed_id", _recording(maker, team, "trashtrashtr", deleted_at=now()))
    recording = names["recording_id"]
    names["slug"] = "walkwalkwalk"
    yield TranscriptionRow(
        session_id=recording,
        language="en",
        full_text="Hello",
        segments=[{"id": 1, "start": 0.0, "end": 1.0, "text": "Hello", "words": []}],
        status="completed",
        source="desktop",
    )
    yield AnalysisRow(session_id=recording, summary="A plan", status="completed", source="builtin")
    comment = CommentRow(recording_id=recording, user_id=maker, body="Why?", mentions=[])
    yield named("comment_id", comment)
    yield named("reaction_id", ReactionRow(recording_id=recording, user_id=maker, emoji="👍", time_ms=0))
    yield named("upload_id", UploadRow(recording_id=recording, user_id=maker, upload_metadata={}, length=10))
    yield named("folder_id", FolderRow(workspace_id=team, name="Folder"))
    yield named("tag_id", TagRow(workspace_id=team, name="Tag", key="tag"))
    yield named("template_id", TemplateRow(user_id=maker, name="Template", settings={}))
    hook = SubscriptionRow(user_id=maker, url="https://hooks.example.org/x", events=["recording.completed"])
    hook.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    yield named("webhook_id", hook)
    sent = DeliveryRow(subscription_id=hook.id, event="recording.completed", payload="{}", status="failed")
    sent.delivery_id = names["delivery_id"] = new_id()
    yield sent
    yield from (
        named("key_id", _row_of_key(maker)),
        named("session_id", _row_of_session(maker)),
        named("passkey_id", _passkey(maker)),
        named("identity_id", IdentityRow(user_id=maker, provider="company", issuer="i", subject="s")),
        named("channel_id", _channel(maker)),
        named("notification_id", _notification(maker, recording)),
        named("export_id", ExportRow(user_id=maker, state="completed", with_media=False, size_bytes=1)),
        named("group_id", GroupRow(display="Group", name_key="group", role="member", workspace_id=team)),
        named("erasure_id", ErasureRow(user_id=new_id(), state="completed", removed={})),
        named("invitation_id", _invitation(team)),
    )
    names |= {"user_id": world.ids["member"], "segment_id": "1", "form": "vtt", "step": "probe"}
    names |= {
        "provider_id": "company",
        "act": "reset",
        "by": "person",
        "kind": "jobs",
        "name": "registration",
    }
    names |= {"language": "en", "version": "480p", "number": "1", "token": "x"}


def _recording(user_id: str, workspace_id: str, slug: str, **values: Any) -> RecordingRow:
    row = RecordingRow(user_id=user_id, workspace_id=workspace_id, slug=slug, **values)
    row.title, row.recording_type, row.status, row.settings = "Plan", "screen", "preparing", {}
    return row


def _row_of_key(user_id: str) -> ApiKeyRow:
    return ApiKeyRow(name="k", key_hash="0" * 64, key_prefix="0" * 8, user_id=user_id, scopes=[])


def _row_of_session(user_id: str) -> SessionRow:
    return SessionRow(user_id=user_id, refresh_hash="0" * 64, expires_at=now() + timedelta(days=1))


def _passkey(user_id: str) -> PasskeyRow:
    row = PasskeyRow(user_id=user_id, name="Phone", credential_id="c", credential_hash="0" * 64)
    row.public_key, row.transports, row.aaguid = "p", [], NO_ID
    return row


def _channel(user_id: str) -> ChannelRow:
    return ChannelRow(user_id=user_id, sealed_url="x", shown="https://hooks.example.org/…", kinds=[])


def _notification(user_id: str, recording_id: str) -> NotificationRow:
    row = NotificationRow(user_id=user_id, kind="comment", recording_id=recording_id, data={})
    row.dedupe_key, row.last_event_id = "walk", 1
    return row


def _invitation(workspace_id: str) -> InvitationRow:
    row = InvitationRow(workspace_id=workspace_id, email="new@example.org", role="member", state="pending")
    row.token_hash, row.expires_at = "0" * 64, now() + timedelta(days=1)
    return row

"""Who is told of what: once, never of what they did themselves, never of what they may not see."""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from server import outbox
from server.bus import Event
from server.comments.people import Actor
from server.comments.schemas import EditCommentRequest, ReactionRequest
from server.config import Settings
from server.db import new_id, now
from server.identity.models import UserRow
from server.identity.schemas import Role
from server.identity.workspaces.models import MemberRow
from server.notifications.disk_watch import DiskWatch, Usage
from server.notifications.kinds import Email, Kind
from server.notifications.schemas import ChoiceRequest, PreferencesRequest
from server.notifications.slack import message
from server.outbox import OutboxRow
from server.plans.events import BillingEventType
from tests.support.databases import both_databases, on_sqlite
from tests.unit.server.notifications.conftest import PUBLIC, Bench


async def test_a_comment_is_told_to_the_owner_and_to_nobody_who_wrote_it(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    await bench.say(recording, ann, "By myself")
    await bench.say(recording, bob, "Nice!", time=61)
    found = await bench.notifications.page(ann.id, unread=True, kind=None, cursor=None, size=10)
    (one,) = found.shown
    assert (one.text, one.quote, one.read) == ("bob commented on “Plan”.", "Nice!", False)
    assert one.actor is not None
    assert (one.actor.user_id, one.actor.guest) == (bob.id, False)
    assert one.recording is not None
    assert (one.recording.id, one.recording.slug) == (recording.id, recording.slug)
    assert one.data["time"] == 61
    assert await bench.told(bob) == []


async def test_a_thread_hears_of_replies_and_a_mention_comes_first(bench: Bench) -> None:
    ann, bob, eve = [await bench.person(name) for name in ("ann", "bob", "eve")]
    recording = await bench.recording(ann)
    thread = await bench.say(recording, bob, "Which colour?")
    await bench.say(recording, eve, "This one, @ann?", to=thread)
    assert await bench.told(bob) == ["eve replied to a thread of yours at “Plan”."]
    assert (await bench.told(ann))[0] == "eve mentioned you at “Plan”."
    await bench.say(recording, bob, "Thanks", to=thread)
    assert await bench.told(eve) == ["bob replied to a thread of yours at “Plan”."]
    assert len(await bench.told(ann)) == 3  # one for each of what others said


async def test_who_may_not_see_it_is_not_told(bench: Bench) -> None:
    ann, _eve = await bench.person("ann"), await bench.person("eve")
    recording = await bench.change(await bench.recording(ann), visibility="private")
    await bench.say(recording, ann, "What do you think, @eve?")
    assert await bench.rows() == []


async def test_what_somebody_lost_the_right_to_see_is_shown_no_more(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    team = (await bench.workspaces.create(ann.id, "Team")).workspace.id
    await bench.join(bob, team)
    recording = await bench.recording(ann, workspace=team)
    recording = await bench.change(recording, visibility="private")
    await bench.say(recording, ann, "For you, @bob")
    assert await bench.notifications.unread(bob.id) == 1
    async with bench.db.write() as session:
        await session.execute(delete(MemberRow).where(MemberRow.user_id == bob.id))
    assert (await bench.told(bob), await bench.notifications.unread(bob.id)) == ([], 0)
    await bench.change(recording, visibility="public")
    assert await bench.notifications.unread(bob.id) == 1
    await bench.recordings.trash(recording.id, by=ann.id)
    assert (await bench.told(bob), await bench.notifications.unread(bob.id)) == ([], 0)


async def test_what_was_corrected_is_told_as_it_is_and_what_is_gone_not_at_all(bench: Bench) -> None:
    ann, bob, eve = [await bench.person(name) for name in ("ann", "bob", "eve")]
    recording = await bench.recording(ann)
    await bench.say(recording, eve, "First")
    said = await bench.say(recording, bob, "Nize")
    actor = Actor(bob, inside=True)
    request = EditCommentRequest(body="Nice, @eve")
    await bench.talk.comments.edit(recording, said, actor, request, lambda _etag: None)
    await bench.flow()
    found = await bench.notifications.page(ann.id, unread=False, kind=None, cursor=None, size=10)
    assert [one.quote for one in found.shown] == ["Nice, @eve", "First"]
    assert await bench.told(eve) == ["bob mentioned you at “Plan”."]
    await bench.talk.comments.delete(recording, said, actor, lambda _etag: None)
    await bench.flow()
    assert await bench.told(eve) == []
    assert await bench.told(ann) == ["eve commented on “Plan”."]


async def test_a_video_is_ready_once_also_when_it_is_processed_again(bench: Bench) -> None:
    ann = await bench.person("ann")
    recording = await bench.recording(ann, "A day")
    await bench.ready(recording)
    await bench.ready(recording)
    assert await bench.told(ann) == ["Your video is ready! “A day” can be watched anywhere now."]


async def test_a_video_that_failed_is_told_with_its_reason(bench: Bench) -> None:
    ann = await bench.person("ann")
    recording = await bench.recording(ann)
    for change in ("started", "stopped", "completed"):
        await bench.tell("recording.status_update", recording, change=change, error=None)
    assert await bench.told(ann) == []
    await bench.tell(
        "recording.status_update", recording, change="failed", error="There is no picture in it."
    )
    assert await bench.told(ann) == ["“Plan” failed: There is no picture in it."]
    await bench.change(recording, status="failed")
    await bench.tell("video_processed", recording)
    assert len(await bench.told(ann)) == 1


@both_databases
async def test_reactions_are_one_until_they_are_read(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)

    async def react(emoji: str, time: float, who: Actor) -> None:
        await bench.talk.reactions.add(recording, who, ReactionRequest(emoji=emoji, time=time))
        await bench.flow()

    await react("👏", 1, Actor(bob))
    assert await bench.told(ann) == ["bob reacted to “Plan” with 👏."]
    await react("👏", 5, Actor(bob))
    await react("🔥", 9, Actor(bob))
    await react("🔥", 9, Actor(ann))
    assert await bench.told(ann) == ["3 reactions to “Plan”: 👏 2 🔥 1"]
    await bench.notifications.mark_all(ann.id, None)
    await react("🎉", 12, Actor(bob))
    assert await bench.told(ann) == ["bob reacted to “Plan” with 🎉.", "3 reactions to “Plan”: 👏 2 🔥 1"]
    assert await bench.notifications.unread(ann.id) == 1


async def test_the_first_view_is_said_to_be_that_and_ones_own_is_none(bench: Bench) -> None:
    ann = await bench.person("ann")
    recording = await bench.recording(ann)
    await bench.tell("video.viewed", recording, byOwner=True)
    assert await bench.told(ann) == []
    await bench.tell("video.viewed", recording, byOwner=False)
    assert await bench.told(ann) == ["“Plan” was watched for the first time."]
    await bench.notifications.mark_all(ann.id, None)
    await bench.tell("video.viewed", recording, byOwner=False)
    await bench.tell("video.viewed", recording, byOwner=False)
    assert (await bench.told(ann))[0] == "“Plan” was watched 2 times."
    bench.clock.move(hours=25)
    await bench.tell("video.viewed", recording, byOwner=False)
    assert (await bench.told(ann))[0] == "“Plan” was watched."


async def test_the_end_of_a_webhook_and_an_accepted_invitation_are_told(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    await bench.tell("webhook.disabled", None, ann, webhookId="1", description="CI", reason="It is gone.")
    told = {
        "invitationId": "1",
        "userId": bob.id,
        "username": "bob",
        "workspaceId": "2",
        "workspaceName": "Team",
    }
    await bench.tell("invitation.accepted", None, ann, **told)
    assert await bench.told(ann) == [
        "bob accepted your invitation to “Team”.",
        "The webhook “CI” was disabled: It is gone.",
    ]


async def test_a_disk_that_is_nearly_full_is_told_to_administrators_once_a_day(
    bench: Bench, tmp_path: Path
) -> None:
    ann, bob = await bench.person("ann", role=Role.OWNER), await bench.person("bob")
    for _ in range(2):  # the server is started twice
        left = iter([100, 11, 11])
        watch = DiskWatch(bench.db, tmp_path, 3, usage=_disk(left), clock=bench.clock)
        assert [await watch.look() for _ in range(3)] == [False, True, False]
        await bench.flow()
    assert len(await bench.told(ann)) == 1
    assert "nearly full" in (await bench.told(ann))[0]
    assert await bench.told(bob) == []


def _disk(left: Iterator[int]) -> Callable[[Path], Usage]:
    return lambda _folder: Usage(1000, next(left))


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_a_server_that_dies_at_an_event_loses_nothing_and_tells_nothing_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    """Before its row is written, and between that and the outbox's note that it was heard."""
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    publish = bench.dispatcher._bus.publish

    async def killed(event: Event) -> None:
        if dies == "after":
            await publish(event)
        raise KeyboardInterrupt

    monkeypatch.setattr(bench.dispatcher._bus, "publish", killed)
    with pytest.raises(KeyboardInterrupt):
        await bench.say(recording, bob, "Still here?")
    monkeypatch.undo()
    for _ in range(2):
        await bench.flow()
    assert await bench.told(ann) == ["bob commented on “Plan”."]
    async with bench.db.read() as session:
        pushed = await session.scalars(select(OutboxRow).where(OutboxRow.type == "notification.created"))
    (event,) = pushed.all()
    assert (event.user_id, event.recording_id, event.data["unread"]) == (ann.id, None, 1)
    assert event.data["notification"]["text"] == "bob commented on “Plan”."


@on_sqlite  # its child opens the database of the data folder
async def test_kill_minus_nine_between_events_loses_none_and_tells_none_twice(
    bench: Bench, settings: Settings
) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    said = [new_id() for _ in range(60)]
    async with bench.db.write() as session:
        for one in said:
            author = {"userId": bob.id, "name": "bob", "guest": False}
            data: dict[str, Any] = {
                "commentId": one,
                "parentId": None,
                "author": author,
                "body": "",
                "mentions": [],
            }
            outbox.record(session, "comment.created", recording_id=recording.id, user_id=ann.id, data=data)
    code = (
        "import asyncio, sys; from tests.unit.server.notifications.conftest import deliver_until_killed; "
        "asyncio.run(deliver_until_killed(sys.argv[1], 15))"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(settings.data))
    async with asyncio.timeout(120):
        assert await child.wait() == -signal.SIGKILL
    assert 0 < len(await bench.rows()) < len(said)
    await bench.flow()
    assert sorted(row.data["commentId"] for row in await bench.rows()) == sorted(said)
    async with bench.db.read() as session:
        query = select(OutboxRow.id).where(OutboxRow.type == "notification.created")
        assert len((await session.scalars(query)).all()) == len(said)


async def test_a_reaction_that_is_heard_again_is_not_counted_again(bench: Bench) -> None:
    ann = await bench.person("ann")
    recording = await bench.recording(ann)
    event = Event(77, "reaction.added", recording.id, ann.id, {"emoji": "🔥", "author": None}, now())
    for _ in range(3):
        await bench.dispatcher._bus.publish(event)
    (row,) = await bench.rows()
    assert (row.count, row.data["emoji"]) == (1, {"🔥": 1})


async def test_what_an_erased_account_did_is_forgotten_too(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    await bench.say(recording, bob, "Hello")
    await bench.say(await bench.recording(bob), ann, "Hello")
    await bench.tell("user.deleted", None, bob, userId=bob.id)
    async with bench.db.write() as session:
        await session.execute(delete(UserRow).where(UserRow.id == bob.id))
    assert await bench.rows() == []


async def test_what_is_old_is_forgotten(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    await bench.say(await bench.recording(ann), bob, "Hello")
    await bench.notifications.sweep()
    assert len(await bench.rows()) == 1
    async with bench.db.write() as session:
        (row,) = await bench.rows()
        row.at = row.at.replace(year=row.at.year - 1)
        await session.merge(row)
    await bench.notifications.sweep()
    assert await bench.rows() == []


async def test_every_kind_has_its_words_and_its_choice(bench: Bench) -> None:
    ann = await bench.person("ann")
    chosen = await bench.notifications.preferences(ann.id)
    assert [one.kind for one in chosen.data] == list(Kind)


QUOTA = {"workspaceId": new_id(), "workspaceName": "Film & Co", "quota": "recordingSeconds", "limit": 600}


async def test_a_quota_is_told_once_for_each_level_and_month(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    for user, percent, used, month in (
        (ann, 80, 480, "2026-11"),
        (bob, 80, 480, "2026-11"),
        (ann, 80, 490, "2026-11"),  # as if it had been warned of in two processes
        (ann, 100, 660, "2026-11"),
        (ann, 80, 480, "2026-12"),
    ):
        more = {"percent": percent, "used": used, "month": month}
        await bench.tell(BillingEventType.QUOTA_WARNING, user=user, **QUOTA, **more)
    nearly = "“Film & Co” has used 80 % of its recording time of this month: 8 minutes of 10 minutes."
    spent = "“Film & Co” has used all of its recording time of this month: 10 minutes."
    told = [one[: len(spent)] if one.startswith(spent) else one for one in await bench.told(ann)]
    assert sorted(told) == sorted([nearly, spent, nearly])
    assert await bench.told(bob) == [nearly]
    # Room that was free in between is told of again, each event once.
    room = {**QUOTA, "workspaceName": None, "quota": "storageBytes", "limit": 2**30, "used": 2**30}
    for _ in range(2):
        await bench.tell(BillingEventType.QUOTA_WARNING, user=bob, **room, percent=100, month=None)
    (first, second) = [one for one in await bench.told(bob) if "room" in one]
    assert first == second
    assert first.startswith("Your workspace has used all of its room for recordings: 1.0 GiB. What is under")


async def test_a_quota_is_told_by_the_ways_that_were_chosen(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    off = ChoiceRequest(in_app=False, email=Email.OFF)
    await bench.notifications.choose(bob.id, PreferencesRequest(kinds={Kind.QUOTA_WARNING: off}))
    for user in (ann, bob):
        more = {"percent": 100, "used": 600, "month": "2026-11"}
        await bench.tell(BillingEventType.QUOTA_WARNING, user=user, **QUOTA, **more)
    assert await bench.told(bob) == []
    (letter,) = await bench.letters()
    assert letter.recipient == "ann@example.org"
    assert letter.subject == "“Film & Co” has used all of its recording time of this month: 10 minutes."
    assert "new recordings stay on the computer that makes them until the next month" in letter.text
    assert "See the plan" in letter.text
    assert f"{PUBLIC}/billing?workspace={QUOTA['workspaceId']}" in letter.text
    assert "Film &amp; Co" in letter.html
    assert f'href="{PUBLIC}/billing?workspace={QUOTA["workspaceId"]}"' in letter.html
    said = message(Kind.QUOTA_WARNING, {**QUOTA, "percent": 100, "used": 600})["blocks"][0]["text"]["text"]
    assert "Film &amp; Co" in said
    assert "until the next month" in said

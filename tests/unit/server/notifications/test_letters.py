"""Letters: what goes when and in which words; over a real SMTP server, and left by one click."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from server.app import create_app
from server.config import Settings
from server.identity.models import UserRow
from server.notifications.courier import MOST_AN_HOUR
from server.notifications.kinds import Email, Kind
from server.notifications.schemas import ChoiceRequest, PreferencesRequest
from server.notifications.unsubscribing import LeaveLinks, Leaving
from tests.support.databases import both_databases
from tests.support.mailbox import html_of, text_of
from tests.support.smtp import Receiver, read, smtp_server
from tests.unit.server.conftest import BASE
from tests.unit.server.notifications.conftest import KEY, PUBLIC, Bench


async def test_a_comment_is_a_letter_in_the_thread_of_its_recording(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    await bench.say(recording, bob, "<b>Nice</b>\nSecond line", time=75)
    await bench.say(recording, bob, "More")
    (one,) = [mail for mail in await bench.letters() if "What happened" in mail.text]
    assert one.subject == "2 notifications from Heddle"  # they waited together
    await bench.say(recording, bob, "<b>Later</b>\nSecond line", time=75)
    first, second = await bench.letters()
    assert first.id == one.id
    assert (second.recipient, second.subject) == ("ann@example.org", "Comments on “Plan”")
    assert "bob commented on “Plan”." in second.text
    assert "At 1:15:\n> <b>Later</b>\n> Second line" in second.text
    assert "&lt;b&gt;Later&lt;/b&gt;" in second.html
    assert f"{PUBLIC}/s/{recording.slug}" in second.text
    assert second.headers["References"] == f"<recording.{recording.id}@video.test>"
    assert second.headers["In-Reply-To"] == second.headers["References"]
    assert "<img" not in second.html


@both_databases
async def test_a_digest_has_a_day_at_the_hour_that_was_chosen(bench: Bench) -> None:
    ann, bob = await bench.person("ann", zone="Asia/Tokyo"), await bench.person("bob")
    wanted = PreferencesRequest(kinds={Kind.COMMENT: ChoiceRequest(email=Email.DAILY)}, digest_hour=18)
    await bench.notifications.choose(ann.id, wanted)
    recording = await bench.recording(ann)
    await bench.say(recording, bob, "First")
    await bench.say(recording, bob, "Second")
    assert await bench.letters() == []
    (due,) = {row.email_due for row in await bench.rows()}
    assert due is not None
    assert due.astimezone(UTC).hour == 9
    bench.clock.ahead += due - bench.now
    (mail,) = await bench.letters()
    assert mail.subject == "2 notifications from Heddle"
    assert mail.text.index("First") < mail.text.index("Second")
    assert ".all." in mail.headers["List-Unsubscribe"]
    bench.clock.move(hours=24)
    assert len(await bench.letters()) == 1


@pytest.mark.parametrize("why", ["read", "deleted", "unwanted", "hidden", "gone"])
async def test_what_needs_no_letter_any_more_gets_none(bench: Bench, why: str) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    said = await bench.say(recording, bob, "Reply to me")
    await bench.letters()
    await bench.say(recording, ann, "A reply", to=said)
    (row,) = [one for one in await bench.rows() if one.user_id == bob.id]
    if why == "read":
        await bench.notifications.mark(bob.id, row.id, read=True)
    elif why == "deleted":
        await bench.notifications.delete(bob.id, row.id)
    elif why == "unwanted":
        await bench.notifications.leave(Leaving(bob.id, Kind.REPLY))
    elif why == "hidden":
        await bench.change(recording, visibility="private")
    else:
        await bench.recordings.trash(recording.id, by=ann.id)
    bench.clock.move(hours=48)
    assert [mail.recipient for mail in await bench.letters()] == ["ann@example.org"]


async def test_nobody_gets_more_than_so_many_letters_an_hour(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    for number in range(MOST_AN_HOUR + 2):
        await bench.say(recording, bob, f"Number {number}")
        await bench.letters()
        bench.clock.move(seconds=1)
    assert len(await bench.letters()) == MOST_AN_HOUR
    late = [row for row in await bench.rows() if row.email_daily]
    assert [row.data["body"] for row in late] == ["Number 12", "Number 13"]
    bench.clock.move(hours=24)
    *_, digest = await bench.letters()
    assert digest.subject == "2 notifications from Heddle"


async def test_at_night_letters_wait_for_the_morning(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    begins = (bench.now - timedelta(hours=1)).time().replace(second=0, microsecond=0)
    ends = (bench.now + timedelta(hours=2)).time().replace(second=0, microsecond=0)
    await bench.notifications.choose(ann.id, PreferencesRequest(quiet_from=begins, quiet_until=ends))
    await bench.say(await bench.recording(ann), bob, "Are you asleep?")
    assert await bench.letters() == []
    assert await bench.notifications.unread(ann.id) == 1
    bench.clock.move(hours=2, minutes=1)
    assert len(await bench.letters()) == 1


async def test_people_of_this_machine_alone_get_none(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    async with bench.db.write() as session:
        await session.execute(update(UserRow).where(UserRow.id == ann.id).values(email="owner@localhost"))
    await bench.say(recording, bob, "Hello")
    assert await bench.letters() == []
    assert not (await bench.notifications.preferences(ann.id)).email_available


async def test_a_disabled_account_gets_none(bench: Bench) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    recording = await bench.recording(ann)
    await bench.say(recording, bob, "Hello")
    async with bench.db.write() as session:
        await session.execute(update(UserRow).where(UserRow.id == ann.id).values(disabled_at=bench.now))
    await bench.say(recording, bob, "Hello?")
    assert await bench.letters() == []


@pytest.fixture
async def post_office() -> AsyncIterator[tuple[Receiver, int]]:
    receiver = Receiver()
    async with smtp_server(receiver) as port:
        yield receiver, port


@pytest.fixture
async def mailing(settings: Settings, post_office: tuple[Receiver, int]) -> AsyncIterator[FastAPI]:
    """The server with a mail server behind it."""
    changes = {"mail_url": f"smtp+plain://127.0.0.1:{post_office[1]}", "public_url": PUBLIC}
    app = create_app(Settings(**{**settings.model_dump(), **changes}))
    async with app.router.lifespan_context(app):
        yield app


async def test_a_letter_arrives_and_is_left_by_one_click(
    mailing: FastAPI, post_office: tuple[Receiver, int]
) -> None:
    services, receiver = mailing.state.services, post_office[0]
    people = {}
    for name in ("ann", "bob"):
        row = UserRow(email=f"{name}@example.org", username=name, password_hash="-", role="member")
        async with services.db.write() as session:
            session.add(row)
        token = (await services.identity.sessions.open(row.id)).access.token
        people[name] = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(mailing), base_url=BASE) as client:
        body = {"recordingType": "screen", "title": "Grüße"}
        made = (await client.post("/api/v1/recordings", json=body, headers=people["ann"])).json()
        share = f"/api/v1/shares/{made['shareUrl'].rsplit('/', 1)[1]}/comments"
        said = await client.post(share, json={"body": "Schön!"}, headers=people["bob"])
        assert said.status_code == 201, said.text
        async with asyncio.timeout(30):
            while not receiver.taken:  # noqa: ASYNC110 (nothing to wait on from outside)
                await asyncio.sleep(0.01)  # another task sends it
        letter = read(receiver.taken[0])
        assert (letter["To"], letter["Subject"]) == ("ann@example.org", "Comments on “Grüße”")
        assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
        assert "bob commented on “Grüße”." in text_of(letter)
        assert "Schön!" in html_of(letter)
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.fullmatch(rf"<{PUBLIC}(/unsubscribe/\S+)>", letter["List-Unsubscribe"])
        assert link is not None
        asked = await client.get(link[1])
        assert asked.status_code == 200
        assert "Somebody commented on your video" in asked.text
        url = "/api/v1/notifications/preferences"
        assert _email(await client.get(url, headers=people["ann"]), "comment") == "at_once"
        # As RFC 8058 has mail programs ask.
        left = await client.post(link[1], data={"List-Unsubscribe": "One-Click"})
        assert left.status_code == 200
        assert _email(await client.get(url, headers=people["ann"]), "comment") == "off"
        assert _email(await client.get(url, headers=people["ann"]), "reply") == "at_once"
        await client.post(f"{link[1]}?all=1")
        assert _email(await client.get(url, headers=people["ann"]), "reply") == "off"
        assert (await client.get(link[1][:-1] + "!")).status_code == 404
        assert (await client.post(f"{link[1][:-4]}AAAA")).json()["code"] == "link_over"


def _email(answer: httpx.Response, kind: str) -> str:
    return next(str(one["email"]) for one in answer.json()["data"] if one["kind"] == kind)


def test_a_link_is_for_one_person_and_one_kind() -> None:
    links, me = LeaveLinks(KEY, PUBLIC), "00000000-0000-4000-8000-00000000000a"
    token = links.token(me, Kind.REACTION)
    assert links.read(token) == Leaving(me, Kind.REACTION)
    assert links.read(links.token(me, None)) == Leaving(me, None)
    assert links.read(token.replace("reaction", "mention")) is None
    assert LeaveLinks("cd" * 32, PUBLIC).read(token) is None
    assert links.read("") is None

"""Messages to Slack channels: over real HTTP, in order, patiently, and to no address that is not allowed."""

import httpx
import pytest
from sqlalchemy import select

from server.comments.people import Actor
from server.config import Settings
from server.identity.mfa.codes import Seal
from server.identity.schemas import User
from server.notifications import slack
from server.notifications.channel_service import masked
from server.notifications.kinds import FOR_WORKSPACES, Kind
from server.notifications.models import ChannelRow, PostRow
from tests.support.databases import both_databases
from tests.support.receiver import Receiver, Reply
from tests.unit.server.notifications.conftest import KEY, PUBLIC, Bench

CHANNELS = "/api/v1/notifications/slack"
LONG = "https://hooks.slack.com/services/T0000/B0000/secretsecretXyZ9"


async def channel(bench: Bench, user: User, url: str, workspace_id: str | None = None) -> ChannelRow:
    row = ChannelRow(
        user_id=user.id,
        workspace_id=workspace_id,
        sealed_url=Seal(KEY).close(url),
        shown=masked(url),
        kinds=list(FOR_WORKSPACES),
    )
    async with bench.db.write() as session:
        session.add(row)
    return row


async def send(bench: Bench) -> None:
    while await bench.poster.deliver():
        pass


async def now(bench: Bench, row: ChannelRow) -> ChannelRow:
    async with bench.db.read() as session:
        return await session.get_one(ChannelRow, row.id)


async def test_a_message_is_text_and_blocks_and_nothing_in_it_is_markup(
    bench: Bench, receiver: Receiver
) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    await channel(bench, ann, receiver.url)
    recording = await bench.recording(ann, "Plan <!channel>")
    await bench.say(recording, bob, "Look <@U1> & <http://evil.test|here>\n> twice")
    await send(bench)
    (heard,) = receiver.heard
    assert heard.headers["content-type"] == "application/json"
    assert heard.json["text"] == "bob commented on “Plan &lt;!channel&gt;”."
    (block,) = heard.json["blocks"]
    assert block["type"] == "section"
    assert block["text"] == {
        "type": "mrkdwn",
        "text": "bob commented on “Plan &lt;!channel&gt;”.\n"
        ">Look &lt;@U1&gt; &amp; &lt;http://evil.test|here&gt;\n"
        ">&gt; twice\n"
        f"<{PUBLIC}/s/{recording.slug}|Open it in Heddle>",
    }


async def test_a_workspace_hears_of_its_videos_whoever_did_it(bench: Bench, receiver: Receiver) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    team = (await bench.workspaces.create(ann.id, "Team")).workspace.id
    await bench.join(bob, team)
    await channel(bench, ann, receiver.url, team)
    recording = await bench.recording(bob, workspace=team)
    await bench.ready(recording)
    await bench.ready(recording)
    await bench.say(recording, bob, "By its own maker")
    await bench.say(await bench.recording(ann), bob, "Elsewhere")
    await send(bench)
    assert [one.json["text"] for one in receiver.heard] == [
        "bob has a new video: “Plan” is ready.",
        "bob commented on “Plan”.",
    ]


@both_databases
async def test_what_fails_is_tried_later_and_in_order_and_then_the_channel_is_disabled(
    bench: Bench, receiver: Receiver
) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    row = await channel(bench, ann, receiver.url)
    recording = await bench.recording(ann)
    receiver.answer = lambda _heard: Reply(500)
    await bench.say(recording, bob, "First")
    await bench.say(recording, bob, "Second")
    await send(bench)
    assert len(receiver.heard) == 1
    bench.clock.move(seconds=6)
    receiver.answer = lambda _heard: Reply(200)
    await send(bench)
    said = [one.json["blocks"][0]["text"]["text"] for one in receiver.heard]
    assert ["First" in one for one in said] == [True, True, False]
    assert (await now(bench, row)).failures == 0

    receiver.answer = lambda _heard: Reply(503)
    await bench.say(recording, bob, "Third")
    for _ in range(12):
        await send(bench)
        bench.clock.move(hours=9)
    held = await now(bench, row)
    assert (held.is_active, held.disabled_reason) == (False, "The endpoint answered 503.")
    await bench.flow()
    assert "is told nothing any more: The endpoint answered 503." in (await bench.told(ann))[0]
    sent = len(receiver.heard)
    await bench.say(recording, bob, "Fourth")
    await send(bench)
    assert len(receiver.heard) == sent


@pytest.mark.parametrize(("status", "active"), [(404, False), (410, False), (400, True), (429, True)])
async def test_a_channel_that_is_gone_is_disabled_at_once(
    bench: Bench, receiver: Receiver, status: int, active: bool
) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    row = await channel(bench, ann, receiver.url)
    receiver.answer = lambda _heard: Reply(status)
    await bench.say(await bench.recording(ann), bob, "Anybody there?")
    await send(bench)
    assert len(receiver.heard) == 1
    assert (await now(bench, row)).is_active is active
    async with bench.db.read() as session:
        (post,) = (await session.scalars(select(PostRow))).all()
    assert post.state == ("pending" if status == 429 else "failed")


async def test_what_is_hidden_or_gone_by_then_is_not_told(bench: Bench, receiver: Receiver) -> None:
    ann, bob = await bench.person("ann"), await bench.person("bob")
    await channel(bench, bob, receiver.url)
    recording = await bench.recording(ann)
    thread = await bench.say(recording, bob, "Hello")
    answer = await bench.say(recording, ann, "An answer", to=thread)
    await bench.change(recording, visibility="private")
    await send(bench)
    assert receiver.heard == []
    await bench.change(recording, visibility="public")
    answer = await bench.say(recording, ann, "Another", to=thread)
    await bench.talk.comments.delete(recording, answer, Actor(ann, inside=True), lambda _etag: None)
    await bench.flow()
    await send(bench)
    assert receiver.heard == []


def test_a_long_story_still_fits_into_a_block() -> None:
    told = slack.message(Kind.COMMENT, {"body": "<" * 5000, "by": {"name": "x"}}, title="t" * 255)
    assert len(told["blocks"][0]["text"]["text"]) <= 3000


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhook_allow": "127.0.0.1", "public_url": PUBLIC})


async def test_a_channel_is_made_tried_changed_and_deleted(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await ann.post(CHANNELS, json={"url": LONG, "description": "#videos"})
    assert made.status_code == 201, made.text
    assert made.json()["url"] == "https://hooks.slack.com/…XyZ9"
    assert "secretsecret" not in (await ann.get(CHANNELS)).text
    one = f"{CHANNELS}/{made.json()['id']}"
    for asked in (bob.patch(one, json={}), bob.delete(one), bob.post(f"{one}/test")):
        assert (await asked).json()["code"] == "channel_not_found"
    assert (await bob.get(CHANNELS)).json()["data"] == []

    receiver.answer = lambda _heard: Reply(200, b"ok")
    moved = await ann.patch(one, json={"url": receiver.url})
    assert moved.status_code == 200, moved.text
    tried = (await ann.post(f"{one}/test")).json()
    assert tried == {"delivered": True, "status": 200, "problem": None}
    assert receiver.heard[0].json["text"] == "Heddle can write here."
    receiver.answer = lambda _heard: Reply(404, b"no_service")
    assert (await ann.post(f"{one}/test")).json()["problem"] == "The endpoint answered 404."
    assert (await ann.delete(one)).status_code == 204
    assert (await ann.get(CHANNELS)).json()["data"] == []


async def test_an_address_that_leads_inside_or_is_open_to_read_is_refused(ann: httpx.AsyncClient) -> None:
    for url in (
        "https://10.0.0.1/x",
        "https://localhost/x",
        "http://hooks.slack.com/services/x",
        "http://169.254.169.254/latest",
        "ftp://hooks.slack.com/x",
        "nothing",
        "",
    ):
        answer = await ann.post(CHANNELS, json={"url": url})
        assert answer.status_code == 400
        assert answer.json()["code"] in ("invalid_request", "webhook_url_refused")
    assert (await ann.get(CHANNELS)).json()["data"] == []


async def test_a_workspaces_channel_is_its_administrators(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Team"})).json()["id"]
    body = {"url": LONG, "workspaceId": team, "kinds": ["video_ready"]}
    refused = await bob.post(CHANNELS, json=body)
    assert refused.json()["code"] == "workspace_not_found"
    made = await ann.post(CHANNELS, json=body)
    assert made.json()["kinds"] == ["video_ready"]
    assert (await ann.get(CHANNELS)).json()["data"] == []
    listed = await ann.get(CHANNELS, params={"workspaceId": team})
    assert [one["id"] for one in listed.json()["data"]] == [made.json()["id"]]
    one = f"{CHANNELS}/{made.json()['id']}"
    assert (await bob.delete(one)).json()["code"] == "workspace_not_found"
    assert (await ann.patch(one, json={"kinds": ["storage_low"]})).status_code == 400
    assert (await ann.patch(one, json={"kinds": ["comment"], "active": False})).json()["active"] is False

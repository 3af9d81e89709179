"""People who watch: each with an address, a browser and a player that tells what was watched."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.wiring import Services

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
EVENTS = "/api/v1/analytics/events"


def event(
    about: str, *watched: tuple[float, float], session: str | None = None, **more: Any
) -> dict[str, Any]:
    """`about` is a slug, or the id of a recording."""
    return {
        "id": str(uuid.uuid4()),
        "type": "stream_progress",
        ("recordingId" if len(about) == 36 else "slug"): about,
        "sessionId": session or str(uuid.uuid4()),
        "viewerId": None,
        "at": datetime.now(UTC).isoformat(),
        "position": watched[-1][1] if watched else 0,
        "watched": list(watched),
        **more,
    }


class Viewer:
    """One opening of a page, in one browser."""

    def __init__(self, client: httpx.AsyncClient, slug: str) -> None:
        self.client = client
        self.slug = slug
        self.session = str(uuid.uuid4())

    async def watch(self, *watched: tuple[float, float], **more: Any) -> int:
        """How many events the server took."""
        return await self.send(event(self.slug, *watched, session=self.session, **more))

    async def send(self, *events: dict[str, Any]) -> int:
        answer = await self.client.post(EVENTS, json={"events": list(events)})
        assert answer.status_code == 202, answer.text
        return int(answer.json()["accepted"])

    def again(self) -> "Viewer":
        """The same browser opens the page anew."""
        return Viewer(self.client, self.slug)


OpenPage = Callable[..., Awaitable[Viewer]]


@pytest.fixture
async def open_page(app: FastAPI) -> AsyncIterator[OpenPage]:
    async with AsyncExitStack() as stack:

        async def open_page(
            slug: str, agent: str = CHROME, address: str = "203.0.113.7", **headers: str
        ) -> Viewer:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app, client=(address, 1)),
                base_url="http://heddle.test",
                headers={
                    "User-Agent": agent,
                    **{name.replace("_", "-"): one for name, one in headers.items()},
                },
            )
            return Viewer(await stack.enter_async_context(client), slug)

        yield open_page


class Talk:
    """A recording of ann's, ten seconds long."""

    def __init__(self, owner: httpx.AsyncClient, made: dict[str, Any]) -> None:
        self.owner = owner
        self.id = str(made["id"])
        self.slug = str(made["shareUrl"]).rpartition("/")[2]

    async def report(self, **days: str) -> dict[str, Any]:
        answer = await self.owner.get(f"/api/v1/recordings/{self.id}/analytics", params=days)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


MakeTalk = Callable[..., Awaitable[Talk]]


@pytest.fixture
async def make_talk(ann: httpx.AsyncClient, services: Services) -> MakeTalk:
    async def make_talk(title: str = "A talk", seconds: float | None = 10.0) -> Talk:
        made = await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": title})
        talk = Talk(ann, made.json())
        if seconds is not None:
            await services.recordings.measured(talk.id, seconds)
        return talk

    return make_talk


@pytest.fixture
async def talk(make_talk: MakeTalk) -> Talk:
    return await make_talk()


@pytest.fixture
def set_clock(services: Services) -> Callable[[str], None]:
    """What time it is for analytics."""

    def set_clock(moment: str) -> None:
        at = datetime.fromisoformat(moment)
        services.analytics._clock = services.analytics._viewers._clock = lambda: at  # type: ignore[method-assign]  # a clock

    return set_clock

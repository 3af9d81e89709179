"""What anybody with a link sees, and what nobody else does."""

import re
from typing import Any

import httpx
import pytest

from server.document import DIST
from server.sharing import pages
from server.wiring import Services
from tests.support import films
from tests.unit.server.sharing.conftest import TITLE, slug_of


def tags(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html))


async def test_the_link_tells_all_that_a_viewer_may_know(
    recording: dict[str, Any], client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"/api/v1/shares/{slug_of(recording)}")
    assert answer.headers["cache-control"] == "no-store"
    share = answer.json()
    assert share["title"] == TITLE
    assert share["owner"] == {"username": "ann"}
    assert share["shareUrl"] == recording["shareUrl"]
    assert share["duration"] == pytest.approx(3.0, abs=0.05)
    assert (await client.get(share["mediaPlaylistUrl"])).status_code == 200
    assert "example.org" not in answer.text
    assert "settings" not in share


async def test_whoever_may_change_it_is_told_so(
    recording: dict[str, Any], client: httpx.AsyncClient, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    share = f"/api/v1/shares/{slug_of(recording)}"
    for asks, may in ((client, False), (bob, False), (ann, True)):
        assert (await asks.get(share)).json()["mayEdit"] is may
    body = {"name": "Reads", "scopes": ["recordings:read"]}
    key = (await ann.post("/api/v1/keys", json=body)).json()["key"]
    assert (await client.get(share, headers={"X-API-Key": key})).json()["mayEdit"] is False
    assert (await client.get(share, headers={"Authorization": "Bearer nonsense"})).status_code == 401


async def test_the_page_carries_a_preview_and_nothing_a_title_could_break(
    recording: dict[str, Any], client: httpx.AsyncClient, services: Services
) -> None:
    services.streaming.poster_path(recording["id"]).write_bytes(b"\xff\xd8 picture")
    answer = await client.get(recording["shareUrl"])
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    found = tags(answer.text)
    assert found["og:title"] == "Plans &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more"
    assert found["og:url"] == recording["shareUrl"]
    assert found["twitter:card"] == "player"
    assert found["twitter:player"].endswith(f"/embed/{slug_of(recording)}")
    assert (found["og:video:width"], found["og:video:height"]) == ("192", "108")
    assert (await client.get(found["og:image"])).content == b"\xff\xd8 picture"
    assert (await client.get(found["og:video"])).content == films.growing(3.0)
    assert "application/json+oembed" in answer.text


async def test_the_page_may_load_nothing_from_elsewhere_and_only_the_player_can_be_framed(
    recording: dict[str, Any], client: httpx.AsyncClient
) -> None:
    page = await client.get(recording["shareUrl"])
    embed = await client.get(recording["shareUrl"].replace("/s/", "/embed/"))
    policies = [one.headers["content-security-policy"] for one in (page, embed)]
    assert all("http" not in policy and "default-src 'none'" in policy for policy in policies)
    assert "frame-ancestors 'none'" in policies[0]
    assert "frame-ancestors *" in policies[1]
    assert "media-src 'self' blob:" in policies[0]
    foreign = re.findall(r'(?:src|href)="(?!/|http://heddle\.test)', page.text)
    assert foreign == []


async def test_an_unknown_or_private_link_is_the_same_404_page(
    recording: dict[str, Any], ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    slug = slug_of(recording)
    media = (await client.get(f"/api/v1/shares/{slug}")).json()["downloadUrl"]
    await ann.put(f"/api/v1/recordings/{recording['id']}", json={"shared": False})
    for known, unknown in ((f"/s/{slug}", "/s/nothing-here"), (f"/embed/{slug}", "/embed/nothing")):
        private, missing = await client.get(known), await client.get(unknown)
        assert (private.status_code, private.text) == (404, missing.text)
        assert private.headers["content-type"].startswith("text/html")
    assert (await client.get(f"/api/v1/shares/{slug}")).status_code == 404
    assert (await client.get(f"/s/{slug}/poster.jpg")).status_code == 404
    assert (await client.get("/oembed", params={"url": recording["shareUrl"]})).status_code == 404
    assert (await client.get(media)).status_code == 404
    owner = (await ann.get(f"/api/v1/streams/{recording['id']}")).json()["downloadUrl"]
    assert (await client.get(owner)).status_code == 200


async def test_oembed_gives_a_frame_that_fits(recording: dict[str, Any], client: httpx.AsyncClient) -> None:
    params = {"url": recording["shareUrl"], "maxwidth": 96, "format": "json"}
    card = (await client.get("/oembed", params=params)).json()
    assert (card["type"], card["version"], card["width"], card["height"]) == ("video", "1.0", 96, 54)
    assert f"/embed/{slug_of(recording)}" in card["html"]
    assert (await client.get("/oembed", params=params | {"format": "xml"})).status_code == 501
    anchored = await client.get("/oembed", params={"url": f"{recording['shareUrl']}/?t=3#here"})
    assert anchored.status_code == 200
    for url in ("http://heddle.test/s/unknown", "javascript:/s/x", "http://heddle.test/other", "http://["):
        assert (await client.get("/oembed", params={"url": url})).status_code == 404


@pytest.mark.parametrize(("path", "title"), pages.PLAIN.items())
async def test_pages_that_tell_nothing_yet_are_for_everybody(
    client: httpx.AsyncClient, path: str, title: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert f"<title>{pages.named(title)}</title>" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_assets_are_kept_for_ever_and_nothing_else_is_served(client: httpx.AsyncClient) -> None:
    for name in ("..%2findex.html", ".hidden.js", "x.exe", "missing.js"):
        assert (await client.get(f"/assets/{name}")).status_code == 404
    built = sorted((DIST / "assets").glob("*.js"))
    if built:
        answer = await client.get(f"/assets/{built[0].name}")
        assert answer.content == built[0].read_bytes()
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/javascript")

"""Two browsers look at one share: a guest comments and draws in one, the other sees it without a reload."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.browsers import NAMES, Browser, open_browser
from tests.support.pages import at, press, type_into
from tests.support.servers import OWNER, Server
from tests.support.stories import uploaded

VIDEO = "document.querySelector('video')"
READY = f"{VIDEO} && {VIDEO}.readyState >= 3"
EVIL = "<script>document.title = 'owned'</script> <img src=x onerror=\"document.title = 'owned'\">"
THREADS = "[...document.querySelectorAll('.thread .said-text')].map(one => one.textContent)"


@pytest.fixture(scope="module")
def recording(shared_server: Server, sample: Path) -> dict[str, Any]:
    recording = uploaded(shared_server, sample, title="Tour")
    shared_server.wait_status(recording["id"], "completed")
    return recording


@pytest.fixture(scope="module")
def pages(recording: dict[str, Any]) -> Iterator[dict[str, Browser]]:
    """The share in Chromium and in Firefox, each with its picture held still and its comments there."""
    with open_browser(NAMES[0]) as one, open_browser(NAMES[1]) as other:
        for page in (one, other):
            look(page, recording["shareUrl"])
        yield {page.name: page for page in (one, other)}
        for page in (one, other):
            # Chromium tells of every 401; whoever is not signed in yet gets one.
            assert [error for error in page.errors if "/auth/" not in error] == []
            assert page.foreign_requests() == []


def look(page: Browser, url: str) -> None:
    page.goto(url)
    page.wait_for(READY, timeout_s=30)
    page.evaluate(f"{VIDEO}.pause()")
    page.wait_for("document.querySelector('.thread, .talk-empty') !== null")


def drag(page: Browser, way: list[tuple[float, float]]) -> None:
    """A real pointer over the pad, by parts of its width and height."""
    box = page.evaluate("(({x, y, width, height}) => [x, y, width, height])"
                        "(document.querySelector('.pad').getBoundingClientRect())")  # fmt: skip
    page.drag([(round(box[0] + x * box[2]), round(box[1] + y * box[3])) for x, y in way])


@pytest.mark.parametrize(("by", "to"), [NAMES, NAMES[::-1]])
def test_what_a_guest_says_and_draws_appears_for_others_and_stays(
    pages: dict[str, Browser], by: str, to: str, recording: dict[str, Any]
) -> None:
    guest, viewer = pages[by], pages[to]
    said = f"Look here {by} {EVIL}"
    guest.evaluate(f"void ({VIDEO}.currentTime = 2.5)")
    guest.wait_for(f"!{VIDEO}.seeking")
    draw(guest)
    type_into(guest, ".composer textarea", said)
    type_into(guest, ".talk-name", "Ann")
    press(guest, ".talk-write [type=submit]")

    # The other one sees it, as text, and is led to its moment and its drawing.
    viewer.wait_for(f"{THREADS}.some(text => text.includes({json.dumps(said)}))")
    viewer.wait_for("document.querySelectorAll('.time-mark').length === 1")
    press(viewer, "[aria-label='Show the drawing at 0:02']")
    viewer.wait_for("document.querySelectorAll('.sketch path').length === 2")
    assert viewer.evaluate(f"{VIDEO}.currentTime") == pytest.approx(2.5, abs=0.01)
    way = viewer.evaluate("document.querySelector('.sketch path[data-tool=arrow]').getAttribute('d')")
    ratio = viewer.evaluate(f"{VIDEO}.videoWidth / {VIDEO}.videoHeight")
    x, y = (float(part) for part in way[1:].split("L")[0].split())
    assert [x / ratio / 1000, y / 1000] == pytest.approx([0.8, 0.8], abs=0.03)
    viewer.evaluate(f"void ({VIDEO}.currentTime = 5.5)")
    viewer.wait_for("document.querySelector('.sketch path') === null")

    # The one who wrote it has it once, and still may change it after a reload.
    assert guest.evaluate(THREADS) == [f"0:02 {said}"]
    look(guest, recording["shareUrl"])
    press(guest, ".doings button", "Edit")
    type_into(guest, ".thread textarea", f"Seen {EVIL}")
    press(guest, ".thread [type=submit]", "Save")
    viewer.wait_for(f"{THREADS}.some(text => text.includes('Seen <script>'))")
    react_and_delete(guest, viewer)
    for page in pages.values():
        assert page.evaluate("document.title") == "Tour · Heddle"


def draw(page: Browser) -> None:
    press(page, "[aria-label='Draw on the picture']")
    page.wait_for("document.querySelector('.player[data-drawing] .pad') !== null")
    drag(page, [(0.2, 0.3), (0.3, 0.5), (0.4, 0.3), (0.4, 0.3)])
    page.wait_for("document.querySelectorAll('.pad path').length === 1")
    press(page, "[aria-label=Arrow]")
    drag(page, [(0.8, 0.8), (0.7, 0.7), (0.6, 0.6), (0.6, 0.6)])
    page.wait_for("document.querySelectorAll('.pad path[data-tool=arrow]').length === 1")
    press(page, ".pad-tools button", "Done")


def react_and_delete(guest: Browser, viewer: Browser) -> None:
    counted = "document.querySelector('.reaction')?.getAttribute('aria-label')"
    before = viewer.evaluate(counted)
    press(guest, ".reaction")
    viewer.wait_for(f"{counted} !== {json.dumps(before)}")
    press(guest, ".doings button", "Delete")
    press(guest, ".doings[role=group] button", "Delete")
    for page in (guest, viewer):
        page.wait_for("document.querySelector('.thread') === null")


def test_whoever_is_signed_in_answers_by_their_name_and_settles_the_thread(
    pages: dict[str, Browser], shared_server: Server, recording: dict[str, Any]
) -> None:
    owner, guest = pages["chromium"], pages["firefox"]
    owner.goto(f"{shared_server.url}/signin?next={urlsplit(recording['shareUrl']).path}")
    type_into(owner, "[name=email]", OWNER)
    type_into(owner, "[name=password]", shared_server.password)
    press(owner, "form button")
    at(owner, "/s/")
    owner.wait_for("document.querySelector('.talk-empty') !== null")
    type_into(guest, ".composer textarea", "Is this final, @owner?")
    press(guest, ".talk-write [type=submit]")
    press(owner, ".doings button", "Reply")
    type_into(owner, ".thread textarea", "It is.")
    press(owner, ".thread [type=submit]")
    guest.wait_for("document.querySelector('.thread ol .said header')?.textContent.startsWith('owner')")
    guest.wait_for("document.querySelector('.mention')?.textContent === '@owner'")
    press(owner, ".doings button", "Resolve")
    guest.wait_for("document.querySelector('.tag-resolved') !== null")


def test_where_viewers_may_not_comment_there_is_nothing_about_it(
    pages: dict[str, Browser], shared_server: Server, recording: dict[str, Any]
) -> None:
    url, page = f"/api/v1/recordings/{recording['id']}", pages["firefox"]
    assert shared_server.api.put(url, json={"allowComments": False}).status_code == 200
    page.wait_for("document.querySelector('.panel, .talk, .time-mark') === null")
    assert shared_server.api.put(url, json={"allowComments": True}).status_code == 200
    before = len(page.requests)
    page.goto(recording["shareUrl"].replace("/s/", "/embed/"))
    page.wait_for(READY, timeout_s=30)
    asked = [one.url for one in page.requests[before:]]
    assert not [one for one in asked if "/comments" in one or "/reactions" in one or "/ws" in one]

"""Two browsers look at one share: a guest comments and draws in one, the other sees it without a reload."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsers import NAMES, Browser, open_browser
from tests.support.servers import Server
from tests.support.stories import uploaded

VIDEO = "document.querySelector('video')"
READY = f"{VIDEO} && {VIDEO}.readyState >= 3"
EVIL = "<script>document.title = 'owned'</script> <img src=x onerror=\"document.title = 'owned'\">"
# React hears of a value only where the element's own setter was used.
TYPE = """((selector, text) => {
  const field = document.querySelector(selector);
  field.focus();
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, text);
  field.dispatchEvent(new Event('input', {bubbles: true}));
})"""
THREADS = "[...document.querySelectorAll('.thread .said-text')].map(one => one.textContent)"


@pytest.fixture(scope="module")
def recording(shared_server: Server, sample: Path) -> dict[str, Any]:
    recording = uploaded(shared_server, sample, title="Tour")
    shared_server.wait_status(recording["id"], "completed")
    return recording


@pytest.fixture
def pages(recording: dict[str, Any]) -> Iterator[list[Browser]]:
    """The share in Chromium and in Firefox, each with its picture held still and its comments connected."""
    with open_browser(NAMES[0]) as one, open_browser(NAMES[1]) as other:
        for page in (one, other):
            look(page, recording["shareUrl"])
        yield [one, other]
        for page in (one, other):
            assert page.errors == []
            assert page.foreign_requests() == []


def look(page: Browser, url: str) -> None:
    page.goto(url)
    page.wait_for(READY, timeout_s=30)
    page.evaluate(f"{VIDEO}.pause()")
    # The empty list is there once the server has answered.
    page.wait_for("document.querySelector('.talk .panel-note, .thread')?.textContent.length > 25")


def press(page: Browser, name: str, within: str = "document") -> None:
    """A button by what it is called, for eyes or for ears."""
    found = (
        f"[...({within}).querySelectorAll('button')].find(one => !one.disabled && "
        f"(one.getAttribute('aria-label') ?? one.textContent) === {json.dumps(name)})"
    )
    page.wait_for(f"!!{found}")
    page.evaluate(f"{found}.click()")


def write(page: Browser, selector: str, text: str) -> None:
    page.wait_for(f"!!document.querySelector({json.dumps(selector)})")
    page.evaluate(f"void {TYPE}({json.dumps(selector)}, {json.dumps(text)})")


def drag(page: Browser, way: list[tuple[float, float]]) -> None:
    """A real pointer over the pad, by parts of its width and height."""
    box = page.evaluate("(({x, y, width, height}) => [x, y, width, height])"
                        "(document.querySelector('.pad').getBoundingClientRect())")  # fmt: skip
    places = [(round(box[0] + x * box[2]), round(box[1] + y * box[3])) for x, y in way]
    if page.name == "chromium":
        kinds = ["mousePressed", *["mouseMoved"] * (len(places) - 2), "mouseReleased"]
        for kind, (x, y) in zip(kinds, places, strict=True):
            held: dict[str, Any] = {"button": "left", "buttons": 1, "clickCount": 1}
            page.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, **held)
        return
    moves = [{"type": "pointerMove", "x": x, "y": y} for x, y in places]
    actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
    source = {"type": "pointer", "id": "mouse", "actions": actions}
    page.command("input.performActions", context=page.context, actions=[source])


@pytest.mark.parametrize("first", [0, 1], ids=NAMES)
def test_what_a_guest_says_and_draws_appears_for_others_and_stays(
    pages: list[Browser], first: int, shared_server: Server, recording: dict[str, Any]
) -> None:
    guest, viewer = pages[first], pages[1 - first]
    said = f"Look here {guest.name} {EVIL}"
    guest.evaluate(f"void ({VIDEO}.currentTime = 2.5)")
    guest.wait_for(f"!{VIDEO}.seeking")
    press(guest, "Draw on the picture")
    guest.wait_for("document.querySelector('.player[data-drawing] .pad') !== null")
    drag(guest, [(0.2, 0.3), (0.3, 0.5), (0.4, 0.3), (0.4, 0.3)])
    guest.wait_for("document.querySelectorAll('.pad path').length === 1")
    press(guest, "Arrow")
    drag(guest, [(0.8, 0.8), (0.7, 0.7), (0.6, 0.6), (0.6, 0.6)])
    guest.wait_for("document.querySelectorAll('.pad path[data-tool=arrow]').length === 1")
    press(guest, "Done")
    write(guest, ".composer textarea", said)
    write(guest, ".talk-name", "Ann")
    press(guest, "Comment", within="document.querySelector('.talk-write')")

    # The other one sees it, as text, and is led to its moment and its drawing.
    viewer.wait_for(f"{THREADS}.some(text => text.includes({json.dumps(said)}))")
    viewer.wait_for("document.querySelectorAll('.time-mark').length > 0")
    press(viewer, "Show the drawing at 0:02")
    viewer.wait_for("document.querySelectorAll('.sketch path').length === 2")
    assert viewer.evaluate(f"{VIDEO}.currentTime") == pytest.approx(2.5, abs=0.01)
    points = viewer.evaluate("document.querySelector('.sketch path[data-tool=arrow]').getAttribute('d')")
    ratio = viewer.evaluate(f"{VIDEO}.videoWidth / {VIDEO}.videoHeight")
    x, y = (float(part) for part in points[1:].split("L")[0].split())
    assert (x / ratio / 1000, y / 1000) == (pytest.approx(0.8, abs=0.03), pytest.approx(0.8, abs=0.03))
    viewer.evaluate(f"void ({VIDEO}.currentTime = 5.5)")
    viewer.wait_for("document.querySelectorAll('.sketch path').length === 0")

    # The one who wrote it has it once, and still may change it after a reload.
    assert guest.evaluate(THREADS).count(f"0:02 {said}") == 1
    look(guest, recording["shareUrl"])
    press(guest, "Edit")
    write(guest, ".thread textarea", f"Seen {EVIL}")
    press(guest, "Save")
    viewer.wait_for(f"{THREADS}.some(text => text.includes('Seen <script>'))")
    react_and_delete(guest, viewer)
    for page in pages:
        assert page.evaluate("document.title") == "Tour · Heddle"


def react_and_delete(guest: Browser, viewer: Browser) -> None:
    counted = "document.querySelector('.reaction')?.getAttribute('aria-label')"
    before = viewer.evaluate(counted)
    press(guest, guest.evaluate(counted))
    viewer.wait_for(f"{counted} !== {json.dumps(before)}")
    press(guest, "Delete")
    press(guest, "Delete", within="document.querySelector('.doings[role=group]')")
    viewer.wait_for("document.querySelectorAll('.thread').length === 0")


def test_where_viewers_may_not_comment_there_is_nothing_about_it(
    shared_server: Server, recording: dict[str, Any]
) -> None:
    url = f"/api/v1/recordings/{recording['id']}"
    tab = "[...document.querySelectorAll('[role=tab]')].some(one => one.textContent.startsWith('Comments'))"
    with open_browser(NAMES[0]) as page:
        look(page, recording["shareUrl"])
        assert page.evaluate(tab)
        assert shared_server.api.put(url, json={"allowComments": False}).status_code == 200
        page.wait_for(f"!({tab})")
        assert shared_server.api.put(url, json={"allowComments": True}).status_code == 200
        page.goto(recording["shareUrl"].replace("/s/", "/embed/"))
        page.wait_for(READY, timeout_s=30)
        assert not any("/comments" in one.url or "/ws" in one.url for one in page.requests[-20:])
        assert page.errors == []

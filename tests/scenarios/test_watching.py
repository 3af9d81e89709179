"""The share page of a recording that has a transcript, chapters and an analysis, as a viewer uses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsers import NAMES, Browser, open_browser
from tests.support.processes import wait_until
from tests.support.servers import Server
from tests.support.stories import uploaded

VIDEO = "document.querySelector('video')"
SAID = [
    (0.2, 1.8, "Today we plan the release of the billing service."),
    (2.0, 3.8, "The billing service needs a new database for invoices."),
    (4.0, 5.8, "Tom will write the migration by Friday."),
]
POINT_AT_THE_END = """(() => {
  const bar = document.querySelector('media-time-range'), place = bar.getBoundingClientRect();
  for (const [type, part] of [['pointerenter', 0.8], ['pointermove', 0.8], ['pointermove', 0.9]]) {
    const at = {clientX: place.x + part * place.width, clientY: place.y + place.height / 2};
    const how = {bubbles: true, composed: true, isPrimary: true, pointerType: 'mouse'};
    bar.dispatchEvent(new PointerEvent(type, {...at, ...how}));
  }
  return bar;
})()"""
MARKERS = [{"time": 0.0, "title": "The plan"}, {"time": 4.0, "title": "Who does it"}]


@pytest.fixture(scope="module")
def share_url(shared_server: Server, sample: Path) -> str:
    recording = uploaded(shared_server, sample, title="Release plan")
    url = f"/api/v1/recordings/{recording['id']}"
    segments = [{"start": start, "end": end, "text": text} for start, end, text in SAID]
    answer = shared_server.api.put(f"{url}/transcript", json={"language": "en", "segments": segments})
    assert answer.status_code == 200, answer.text
    assert shared_server.api.put(url, json={"markers": MARKERS}).status_code == 200
    shared_server.wait_status(recording["id"], "completed")

    def analysed() -> bool:
        found = shared_server.api.get(f"{url}/analysis")
        return found.status_code == 200 and found.json()["status"] == "completed"

    wait_until(analysed, timeout_s=60, what="an analysis", poll_s=0.1)
    return str(recording["shareUrl"])


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest, share_url: str) -> Iterator[Browser]:
    """The page, its picture held still so that nothing depends on how fast the machine is."""
    with open_browser(request.param) as browser:
        browser.goto(share_url)
        browser.wait_for(f"{VIDEO} && {VIDEO}.readyState >= 3", timeout_s=30)
        browser.evaluate(f"{VIDEO}.pause()")
        yield browser
        assert browser.errors == []
        assert browser.foreign_requests() == []


def press(browser: Browser, key: str) -> None:
    event = f"new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}})"
    browser.evaluate(f"void document.body.dispatchEvent({event})")


def click(browser: Browser, role: str, name: str) -> None:
    found = f"[...document.querySelectorAll('{role}')].find(one => one.textContent.includes('{name}'))"
    browser.wait_for(f"!!{found}")
    browser.evaluate(f"{found}.click()")


def seek(browser: Browser, seconds: float) -> None:
    browser.evaluate(f"void ({VIDEO}.currentTime = {seconds})")


def test_what_was_said_goes_along_with_the_picture_and_leads_to_it(
    page: Browser, shared_server: Server
) -> None:
    current = "document.querySelector('.line[aria-current]')?.textContent ?? ''"
    page.wait_for("document.querySelectorAll('.panel .line').length === 5")
    press(page, "c")
    seek(page, 2.5)
    page.wait_for(f"{current}.includes('new database')")
    page.wait_for("(document.querySelector('.captions')?.textContent ?? '').includes('new database')")
    click(page, ".line", "Tom will write")
    page.wait_for(f"{VIDEO}.currentTime >= 4 && !{VIDEO}.paused")
    page.evaluate(f"{VIDEO}.pause()")
    page.wait_for("document.querySelector('.captions')?.textContent.includes('Tom will write')")
    press(page, "c")
    page.wait_for("!document.querySelector('.captions')")

    page.wait_for("document.querySelector('media-time-range').mediaChaptersCues?.length === 2")
    page.wait_for(f"({POINT_AT_THE_END}).getAttribute('mediapreviewchapter') === 'Who does it'")
    click(page, "[role=tab]", "Chapters")
    page.wait_for("document.querySelector('.chapters [data-current]')?.textContent.includes('Who does it')")
    click(page, "[role=tab]", "Summary")
    page.wait_for("document.querySelector('.summary')?.textContent.includes('Tom will write the migration')")
    keep_all_of_it(page, shared_server)
    tell_how_it_was_watched(page)


def tell_how_it_was_watched(page: Browser) -> None:
    """When it started, and when the page goes; of what is sent in that moment, not every browser tells us."""
    page.evaluate("void dispatchEvent(new Event('pagehide'))")

    def told() -> bool:
        page.evaluate("1")
        return sum(one.url.endswith("/api/v1/analytics/events") for one in page.requests) >= 2

    wait_until(told, timeout_s=20, what="what was watched", poll_s=0.1)


def keep_all_of_it(page: Browser, server: Server) -> None:
    click(page, ".actions .disclosure button", "Download")
    page.wait_for("document.querySelectorAll('.actions .disclosure a').length >= 4")
    links: list[str] = page.evaluate(
        "[...document.querySelectorAll('.actions .disclosure a')].map(link => link.href)"
    )
    for link in links:
        with server.api.stream("GET", link) as answer:
            assert answer.status_code == 200, link

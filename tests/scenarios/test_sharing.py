"""A link that asks for a password, is for members, or is over: what somebody in a browser meets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.browsers import NAMES, Browser, open_browser
from tests.support.pages import at, press, shows, type_into
from tests.support.servers import OWNER, Server
from tests.support.stories import uploaded

VIDEO = "document.querySelector('video')"
PLAYS = f"{VIDEO} && {VIDEO}.readyState >= 3"
PASSWORD = "tulips in november"
TITLE = "Quarterly figures"


@pytest.fixture(scope="module")
def recording(shared_server: Server, sample: Path) -> dict[str, Any]:
    recording = uploaded(shared_server, sample, title=TITLE)
    shared_server.wait_status(recording["id"], "completed")
    return recording


@pytest.fixture
def page() -> Iterator[Browser]:
    with open_browser(NAMES[0]) as browser:
        yield browser
        # Chromium tells of every refusal: wrong passwords, and what is asked before somebody is in.
        refused = ("401", "403", "404", "429")
        assert [one for one in browser.errors if not any(code in one for code in refused)] == []
        assert browser.foreign_requests() == []


def share(server: Server, recording: dict[str, Any], **settings: Any) -> None:
    answer = server.api.patch(f"/api/v1/recordings/{recording['id']}/share", json=settings)
    assert answer.status_code == 200, answer.text


def try_password(page: Browser, text: str) -> None:
    type_into(page, ".locked [name=password]", text)
    press(page, ".locked button")


def test_a_password_opens_a_link_until_it_is_another(
    page: Browser, shared_server: Server, recording: dict[str, Any]
) -> None:
    share(shared_server, recording, password=PASSWORD)
    page.goto(recording["shareUrl"])
    shows(page, "This recording asks for a password")
    assert TITLE not in page.evaluate("document.documentElement.outerHTML")
    try_password(page, "roses in november")
    shows(page, "That is not the password.")
    try_password(page, PASSWORD)
    page.wait_for(PLAYS, timeout_s=30)
    assert page.evaluate("document.title").startswith(TITLE)
    assert page.evaluate("document.cookie") == "", "no script reads it"
    page.goto(recording["shareUrl"])
    page.wait_for(PLAYS, timeout_s=30)
    page.wait_for("document.querySelector('.talk-empty') !== null")
    slug = recording["shareUrl"].rpartition("/")[2]
    with httpx.Client(base_url=shared_server.url, trust_env=False) as guest:
        token = guest.post(f"/api/v1/shares/{slug}/unlock", json={"password": PASSWORD}).json()["token"]
        said = {"body": "Is this the final figure?", "name": "Eve"}
        headers = {"X-Share-Token": token}
        made = guest.post(f"/api/v1/shares/{slug}/comments", json=said, headers=headers)
        assert made.status_code == 201, made.text
    shows(page, "Is this the final figure?")

    share(shared_server, recording, password="dahlias in may")
    page.goto(recording["shareUrl"])
    shows(page, "This recording asks for a password")
    with httpx.Client(base_url=shared_server.url, trust_env=False) as guest:
        body = {"password": PASSWORD}
        tries = [guest.post(f"/api/v1/shares/{slug}/unlock", json=body).status_code for _ in range(6)]
        assert tries == [401] * 5 + [429]
    try_password(page, "dahlias in may")
    shows(page, "Too many tries. Try again in")
    share(shared_server, recording, password=None)


def test_who_may_change_it_chooses_on_the_page_and_a_link_ends(
    page: Browser, shared_server: Server, recording: dict[str, Any]
) -> None:
    share(shared_server, recording, visibility="workspace")
    page.goto(recording["shareUrl"])
    at(page, "/signin?next=")
    type_into(page, "[name=email]", OWNER)
    type_into(page, "[name=password]", shared_server.password)
    press(page, "form button")
    at(page, "/s/")
    page.wait_for(PLAYS, timeout_s=30)
    press(page, ".actions button", "Share settings")
    shows(page, "Members of the workspace")
    press(page, ".sharing label", "Anyone with the link")
    press(page, ".sharing label", "Ask for a password")
    type_into(page, ".sharing [name=password]", PASSWORD)
    press(page, ".sharing label", "Offer downloads")
    press(page, ".sharing form > button", "Save")
    shows(page, "Saved.")
    told = shared_server.get(f"/api/v1/recordings/{recording['id']}/share")
    assert (told["visibility"], told["hasPassword"], told["allowDownload"]) == ("public", True, False)

    ends = datetime.now(UTC) + timedelta(seconds=5)
    share(shared_server, recording, password=None, allowDownload=True, expiresAt=ends.isoformat())
    with open_browser(NAMES[0]) as viewer:
        viewer.goto(recording["shareUrl"])
        viewer.wait_for(f"{PLAYS} || document.querySelector('.message')", timeout_s=30)
        viewer.wait_for(f"Date.now() > {ends.timestamp() * 1000}", timeout_s=20)
        viewer.goto(recording["shareUrl"])
        shows(viewer, "There is no recording here")
    share(shared_server, recording, expiresAt=None)

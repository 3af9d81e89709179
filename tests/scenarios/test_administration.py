"""An owner of the server in a browser: is it well, what failed, who is there. And a member at that door."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.browsers import Browser, open_browser
from tests.support.pages import at, press, shows, type_into
from tests.support.processes import wait_until
from tests.support.servers import OWNER, Server
from tests.support.stories import uploaded

DAVE = "dave@example.org"
PASSWORD = "correct horse battery"
TAB = "[role=tab]"
# Parts that were looked at before stay on the page.
SHOWN = ".tab-panel:not([hidden])"
# What a press of the right arrow does where the focus is.
RIGHT = (
    "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))"
)


@pytest.fixture
def idle(no_leaks: None, tmp_path: Path) -> Iterator[Server]:
    """A server that leaves its jobs lying."""
    (tmp_path / "server").mkdir()
    with Server(tmp_path / "server" / "data", env={"HEDDLE_WORKERS": "0"}) as server:
        server.add_user(DAVE, PASSWORD)
        yield server


def jobs(server: Server, status: str) -> list[dict[str, Any]]:
    return list(server.get(f"/api/v1/admin/jobs?status={status}")["data"])


def a_job_fails(server: Server) -> None:
    wait_until(lambda: jobs(server, "queued"), timeout_s=30, what="a job", poll_s=0.1)
    failed = "UPDATE processing_jobs SET status = 'failed', error_message = 'The disk was away.'"
    with closing(sqlite3.connect(server.data / "heddle.db", timeout=30)) as db:
        assert db.execute(failed).rowcount == 1
        db.commit()


def sign_in(page: Browser, email: str, password: str) -> None:
    type_into(page, "[name=email]", email)
    type_into(page, "[name=password]", password)
    press(page, "form button")


def test_an_owner_mends_what_failed_and_locks_somebody_out(idle: Server, sample: Path) -> None:
    uploaded(idle, sample, title="A take")
    a_job_fails(idle)
    signed_in = {"email": DAVE, "password": PASSWORD}
    answer = httpx.post(f"{idle.url}/auth/login", json=signed_in, trust_env=False).json()
    dave = {"Authorization": f"Bearer {answer['token']}"}
    with open_browser("chromium") as page:
        page.goto(f"{idle.url}/admin")
        at(page, "/signin?next=")
        sign_in(page, OWNER, idle.password)
        at(page, "/admin")
        shows(page, "All is well")
        shows(page, "tables of revision")

        press(page, TAB, "Health")
        page.evaluate(f"void (document.querySelector('{TAB}').focus(), {RIGHT})")
        page.wait_for("location.search === '?part=jobs'")
        press(page, TAB, "Dead letters")
        shows(page, "The disk was away.")
        press(page, f"{SHOWN} td button", "Try again")
        shows(page, "Done.")
        assert [one["step"] for one in jobs(idle, "queued")] == ["probe"]

        press(page, TAB, "People")
        press(page, ".admin-link", "dave")
        press(page, ".admin-box button", "Disable")
        shows(page, "Disable dave?")
        press(page, "dialog button", "Cancel")
        assert httpx.get(f"{idle.url}/api/v1/me", headers=dave, trust_env=False).status_code == 200
        press(page, ".admin-box button", "Disable")
        press(page, "dialog button", "Yes, do it")
        page.wait_for("!!document.querySelector('td [data-state=disabled]')")
        refused = httpx.get(f"{idle.url}/api/v1/me", headers=dave, trust_env=False)
        assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
        press(page, TAB, "Log")
        shows(page, "user.disabled")

        press(page, ".account button", "Sign out")
        page.goto(f"{idle.url}/admin")
        at(page, "/signin?next=")
        sign_in(page, DAVE, PASSWORD)
        shows(page, "This account is disabled")
        idle.add_user("erin@example.org", PASSWORD)
        sign_in(page, "erin@example.org", PASSWORD)
        shows(page, "This is for owners of the server")
        assert [error for error in page.errors if "/auth/" not in error] == []
        assert page.foreign_requests() == []

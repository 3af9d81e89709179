"""Somebody who signs in in a browser: searches, watches the moment, has what failed made again, signs out.

And a forgotten password, a program and a device that are signed in, the language of the pages.
"""

import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from tests.support.browsers import NAMES, Browser, open_browser
from tests.support.mailbox import Mailbox, text_of
from tests.support.pages import at, press, shows, type_into
from tests.support.processes import Program, wait_until
from tests.support.servers import BIN, OWNER, Server
from tests.support.stories import uploaded

VIDEO = "document.querySelector('video')"
OUT = "document.querySelector('.account button')"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SAID = [
    (0.2, 1.8, "Today we plan the release of the billing service."),
    (2.0, 3.8, "The billing service needs a new database for invoices."),
]


@pytest.fixture(scope="module")
def recording_id(shared_server: Server, sample: Path) -> str:
    recording = uploaded(shared_server, sample, title="Release plan")
    url = f"/api/v1/recordings/{recording['id']}"
    segments = [{"start": start, "end": end, "text": text} for start, end, text in SAID]
    answer = shared_server.api.put(f"{url}/transcript", json={"language": "en", "segments": segments})
    assert answer.status_code == 200, answer.text
    shared_server.wait_status(recording["id"], "completed")
    return str(recording["id"])


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with open_browser(request.param) as browser:
        yield browser
        # Chromium tells of every 401; whoever is not signed in, or mistypes, gets one.
        assert [error for error in browser.errors if "/auth/" not in error] == []
        assert browser.foreign_requests() == []


def sign_in(page: Browser, server: Server) -> None:
    type_into(page, "[name=email]", OWNER)
    type_into(page, "[name=password]", "not the password")
    press(page, "form button")
    shows(page, "The e-mail address or the password is wrong.")
    type_into(page, "[name=password]", server.password)
    press(page, "form button")


def test_who_signs_in_finds_a_word_and_watches_its_moment(
    page: Browser, shared_server: Server, recording_id: str
) -> None:
    page.goto(f"{shared_server.url}/search?q=nothing+like+it")
    at(page, "/signin?next=")
    sign_in(page, shared_server)
    at(page, "/search?q=nothing")
    shows(page, "Nothing found")
    assert page.evaluate("document.cookie") == ""

    type_into(page, ".search-field input", "invoic")
    page.wait_for("document.querySelector('.hit-place mark')?.textContent === 'invoices'")
    page.wait_for("location.search === '?q=invoic'")
    press(page, "a.hit-place", "0:02")
    at(page, "/s/")
    page.wait_for(f"{VIDEO} && {VIDEO}.currentTime >= 2 && !{VIDEO}.paused", timeout_s=40)

    the_poster_fails(shared_server, recording_id)
    page.goto(page.evaluate("location.href"))  # a reload: all that was in memory is gone
    page.wait_for(f"!!{OUT}")
    names = [one["deviceName"] for one in shared_server.get("/api/v1/auth/sessions")["data"]]
    assert f"{'Firefox' if page.name == 'firefox' else 'Chrome'} on Linux" in names
    shows(page, "This could not be made: poster. The disk was away.")
    press(page, ".status-failed button", "Try again")
    page.wait_for("!document.querySelector('.status-failed, .status progress')", timeout_s=40)
    assert poster_of(shared_server, recording_id)["status"] == "completed"
    ends_on_every_tab(page, shared_server)


def poster_of(server: Server, recording_id: str) -> dict[str, Any]:
    slug = server.recording(recording_id)["shareUrl"].rpartition("/")[2]
    steps = server.get(f"/api/v1/shares/{slug}")["processing"]
    return next(one for one in steps if one["step"] == "poster")


def the_poster_fails(server: Server, recording_id: str) -> None:
    """As if a disk had been away for a while; there is one recording on the server."""

    def made() -> bool:  # or failed, by a run that came no further
        return poster_of(server, recording_id)["status"] in ("completed", "failed")

    wait_until(made, timeout_s=60, what="the poster", poll_s=0.1)
    failed = """UPDATE processing_jobs SET status = 'failed', error_message = 'The disk was away.'
        WHERE json_extract(settings, '$.step') = 'poster'"""
    with closing(sqlite3.connect(server.data / "heddle.db", timeout=30)) as db:
        assert db.execute(failed).rowcount == 1
        db.commit()


def ends_on_every_tab(page: Browser, server: Server) -> None:
    page.evaluate("void (window.other = window.open('/search'))")
    page.wait_for("!!window.other.document.querySelector('.hit')")
    press(page, ".account button", "Sign out")
    page.wait_for("window.other.location.pathname === '/signin'")
    page.evaluate("void window.other.close()")
    shows(page, "Sign in")
    page.goto(f"{server.url}/search")
    at(page, "/signin?next=")


@pytest.mark.parametrize("page", ["chromium"], indirect=True)
def test_pages_speak_the_language_of_the_browser_until_another_is_chosen(
    page: Browser, shared_server: Server
) -> None:
    agent = page.evaluate("navigator.userAgent")
    page.command("Network.setUserAgentOverride", userAgent=agent, acceptLanguage="de-DE,en")
    page.goto(f"{shared_server.url}/signin")
    type_into(page, "[name=email]", OWNER)
    type_into(page, "[name=password]", "not the password")
    press(page, "form button", "Anmelden")
    shows(page, "Die E-Mail-Adresse oder das Passwort ist falsch.")
    assert page.evaluate("[document.title, document.documentElement.lang]") == ["Anmelden · Heddle", "de"]

    press(page, ".foot button", "English")
    page.wait_for("document.title === 'Sign in · Heddle'")
    page.goto(f"{shared_server.url}/")
    shows(page, "The link is already there.")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("document.cookie") == "heddle_language=en"


@pytest.fixture
def carol(shared_server: Server) -> str:
    """The address of somebody new: a second run must not meet the password and the factor of the first."""
    email = f"carol{secrets.token_hex(4)}@example.org"
    shared_server.add_user(email, "correct horse battery")
    return email


@pytest.mark.parametrize("page", ["chromium"], indirect=True)
def test_a_new_password_signs_in_a_program_and_a_device(
    page: Browser, shared_server: Server, carol: str
) -> None:
    url, password = shared_server.url, "my dog eats socks"
    choose_a_new_password(page, shared_server, carol, password)

    # The program would open the browser of whoever sits there; here it opens nothing.
    command = [BIN / "heddle", "login", "--server", url, "--browser"]
    with Program(command, env={"BROWSER": "true"}) as program:
        page.goto(program.says(f"{url}/oauth/authorize").strip())
        fill_in(page, carol, password)
        press(page, "button", "Sign in")
        assert program.wait() == 0, program.stderr
        assert f"as {carol}" in program.stdout

    begun = httpx.post(f"{url}/oauth/device/code", data={"client_id": "heddle"}, trust_env=False).json()
    page.goto(begun["verification_uri_complete"])
    fill_in(page, carol, password)
    press(page, "button", "Sign the device in")
    shows(page, "The device is signed in")
    sent = {"client_id": "heddle", "grant_type": DEVICE, "device_code": begun["device_code"]}
    answer = httpx.post(f"{url}/oauth/token", data=sent, trust_env=False)
    assert (answer.status_code, answer.json()["email"]) == (200, carol)
    sign_in_with_a_code(page, url, carol, password, answer.json()["access_token"])


def sign_in_with_a_code(page: Browser, url: str, email: str, password: str, token: str) -> None:
    factors, headers = f"{url}/api/v1/auth/mfa", {"Authorization": f"Bearer {token}"}
    with httpx.Client(headers=headers, trust_env=False) as http:
        secret = http.post(f"{factors}/totp", json={"password": password}).json()["secret"]
        code = pyotp.TOTP(secret).now()
        recovery = http.post(f"{factors}/totp/confirm", json={"code": code}).json()["recoveryCodes"]
    page.goto(f"{url}/signin?next=/")
    fill_in(page, email, password)
    press(page, "form button", "Sign in")
    type_into(page, "[name=code]", "000000")
    press(page, "form button", "Sign in")
    shows(page, "This code is wrong")
    type_into(page, "[name=code]", recovery[0])
    press(page, "form button", "Sign in")
    at(page, "/")
    page.wait_for("document.querySelector('.account-name[title]')?.textContent.startsWith('carol')")


def fill_in(page: Browser, email: str, password: str) -> None:
    type_into(page, "[name=email]", email)
    type_into(page, "[name=password]", password)


def choose_a_new_password(page: Browser, server: Server, email: str, password: str) -> None:
    mailbox = Mailbox(server.data / "outbox")
    page.goto(f"{server.url}/signin")
    press(page, "a", "Forgotten your password?")
    at(page, "/account/forgotten")
    type_into(page, "[name=email]", email)
    press(page, "button", "Send it")
    shows(page, "the mail is on its way")

    def link() -> str | None:
        for letter in mailbox.to(email):
            if found := re.search(r"http://\S+/account/reset#\S+", text_of(letter)):
                return found[0]
        return None

    page.goto(wait_until(link, timeout_s=20, what="the mail", poll_s=0.1) or "")
    type_into(page, "[name=password]", "password12345")
    press(page, "button", "Change it")
    page.wait_for("document.querySelector('[role=alert]').textContent.length > 20")  # why not that one
    type_into(page, "[name=password]", password)
    press(page, "button", "Change it")
    shows(page, "Your password is changed")

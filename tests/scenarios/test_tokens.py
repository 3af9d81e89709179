"""An upload of hours with tokens of seconds: refreshed by the client itself, and nothing is lost."""

import asyncio
import html
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import media
from tests.support.processes import Program, wait_until
from tests.support.servers import OWNER, Server
from uploader import web
from uploader.api import ApiClient, Session
from uploader.browser import Words
from uploader.browser import sign_in as sign_in_in_browser
from uploader.tokens import Tokens

LIFE_S = 2


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose access tokens live for two seconds."""
    data = tmp_path_factory.mktemp("server") / "data"
    with Server(data, env={"HEDDLE_ACCESS_TOKEN_S": str(LIFE_S)}) as server:
        yield server


def listed(server: Server, path: str) -> list[dict[str, Any]]:
    """As the owner, who signs in anew."""
    server.api.headers["Authorization"] = f"Bearer {server.login()}"
    return list(server.get(path)["data"])


def heddle(server: Server, folder: Path, *arguments: str) -> Program:
    env = {"HEDDLE_SERVER": server.url}
    return Program([sys.executable, "-m", "desktop", *arguments], env=env, log_folder=folder)


def sign_in(server: Server, folder: Path) -> None:
    with heddle(
        server, folder, "login", "--server", server.url, "--email", OWNER, "--password-stdin"
    ) as login:
        assert login.popen.stdin is not None
        login.popen.stdin.write(server.password.encode() + b"\n")
        login.close_stdin()
        assert login.wait() == 0, login.stdout + login.stderr


def test_a_long_upload_outlives_many_tokens(
    brief: Server, sample: Path, tmp_path: Path, heddle_home: Path
) -> None:
    before = listed(brief, "/api/v1/recordings")
    sign_in(brief, tmp_path)
    first = json.loads((heddle_home / "credentials.json").read_text())[brief.url]["token"]
    # Slow enough for several lives of a token.
    rate = max(1, sample.stat().st_size // (4 * LIFE_S))
    started = time.monotonic()
    with heddle(brief, tmp_path, "upload", str(sample), "--limit", str(rate)) as upload:
        assert upload.wait(timeout_s=90) == 0, upload.stdout + upload.stderr
    assert time.monotonic() - started > 2 * LIFE_S, "it was over before a token was"
    assert json.loads((heddle_home / "credentials.json").read_text())[brief.url]["token"] != first
    known = {one["id"] for one in before}
    (recording,) = (one for one in listed(brief, "/api/v1/recordings") if one["id"] not in known)
    assert recording["sha256"] == media.sha256(sample)


def programs(server: Server) -> list[str]:
    """Ids of the sessions of programs of ours."""
    sessions = listed(server, "/api/v1/auth/sessions")
    return [one["id"] for one in sessions if one["client"].startswith("heddle/")]


async def who(server: Server) -> str:
    """As any of our programs would ask, with what `heddle login` kept."""
    async with web.open_client(server.url) as http:
        return await ApiClient(http).email()


def test_a_sign_in_whose_token_ended_still_works_and_ends_when_it_is_given_back(
    brief: Server, tmp_path: Path, heddle_home: Path
) -> None:
    before = programs(brief)
    sign_in(brief, tmp_path)
    assert len(programs(brief)) == len(before) + 1
    kept = json.loads((heddle_home / "credentials.json").read_text())[brief.url]["token"]
    wait_until(
        lambda: time.time() > json.loads(kept)["renewAt"] + LIFE_S, timeout_s=10, what="the token ended"
    )
    assert asyncio.run(who(brief)) == OWNER
    with heddle(brief, tmp_path, "logout") as logout:
        assert logout.wait() == 0, logout.stdout + logout.stderr
    assert programs(brief) == before


def fill_in(address: str, server: Server) -> None:
    """What a person does in the browser: the page, its form, and where that leads."""
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        page = browser.get(address)
        fields = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text))
        fields = {name: html.unescape(value) for name, value in fields.items()}
        answer = browser.post(
            f"{server.url}/oauth/authorize", data={**fields, "email": OWNER, "password": server.password}
        )
        assert "<h1>Angemeldet</h1>" in answer.text, answer.text


async def in_the_browser(server: Server) -> Session:
    async with web.open_client(server.url, Tokens(server.url, lambda _: None)) as http:
        people: list[asyncio.Task[None]] = []

        def show(address: str) -> None:
            people.append(asyncio.create_task(asyncio.to_thread(fill_in, address, server)))

        words = Words("Angemeldet", "Nicht angemeldet", "Nichts", "Zumachen.", "de")
        session = await sign_in_in_browser(ApiClient(http), server.url, "Test", show, words)
        await asyncio.gather(*people)
        return session


def test_a_program_signs_in_through_the_browser(brief: Server) -> None:
    session = asyncio.run(in_the_browser(brief))
    assert session.email == OWNER
    assert session.credential.refresh

"""A sign-in that outlives its tokens: renewed in time, by one process, and after a refusal."""

import asyncio
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.double import Double
from tests.unit.uploader.test_worker import ended, until, working
from uploader import credentials, web
from uploader.api import ApiClient
from uploader.credentials import Credential
from uploader.errors import ServerBusyError, SignInNeededError
from uploader.journal import Journal
from uploader.states import UploadState
from uploader.tokens import Tokens


@pytest.fixture
def double(heddle_home: Path) -> Iterator[Double]:
    """Its tokens end, and the one that is kept is good for a while."""
    with Double() as double:
        double.refresh = "the first refresh token"
        credentials.store(double.url, "ada@b.c", Credential(double.token, double.refresh, time.time() + 600))
        yield double


def due(double: Double) -> None:
    """The token that is kept should be renewed by now, although it is still good."""
    credentials.store(double.url, "ada@b.c", Credential(double.token, double.refresh, time.time() - 1))


async def ask(double: Double, times: int = 1) -> None:
    async with web.open_client(double.url) as http:
        await asyncio.gather(*(ApiClient(http).find_recording("nobody") for _ in range(times)))


async def test_a_token_is_renewed_before_it_ends_and_kept_for_all(double: Double) -> None:
    due(double)
    await ask(double)
    kept = credentials.credential_for(double.url)
    assert kept is not None
    assert (kept.token, kept.refresh) == (double.token, double.refresh)
    assert time.time() + 0.7 * 900 < (kept.renew_at or 0) < time.time() + 900
    assert credentials.email_for(double.url) == "ada@b.c"
    assert [status for status in double.requests if status[1] == "/auth/refresh"] == [
        ("POST", "/auth/refresh")
    ]


async def test_a_refused_token_is_renewed_and_the_request_repeated(double: Double) -> None:
    double.token = "another"
    await ask(double)
    assert len(double.refreshed) == 1


async def test_many_requests_at_once_renew_once(double: Double) -> None:
    due(double)
    await ask(double, times=8)
    assert len(double.refreshed) == 1


async def test_many_processes_at_once_renew_once(double: Double) -> None:
    due(double)
    await asyncio.gather(*(ask(double) for _ in range(6)))  # each has its own client, and the store in common
    assert len(double.refreshed) == 1


async def test_a_lost_answer_is_asked_for_again_under_the_same_key(double: Double) -> None:
    due(double)
    double.fail("POST", "/auth/refresh", 502, after=True)
    double.fail("GET", "/api/v1/recordings", 503)
    with pytest.raises(ServerBusyError):
        await ask(double)
    await ask(double)
    first, second = double.refreshed
    assert first == second
    assert len(first[1]) == 32
    assert first[0] not in first[1]


async def test_a_sign_in_that_is_over_is_said_to_be_and_not_asked_about_again(double: Double) -> None:
    double.token = double.refresh = "of another sign-in"
    async with web.open_client(double.url) as http:
        for _ in range(3):
            with pytest.raises(SignInNeededError):
                await ApiClient(http).find_recording("nobody")
        assert len(double.refreshed) == 1
        credentials.store(double.url, "ada@b.c", Credential(double.token))
        await ApiClient(http).find_recording("nobody")


async def test_a_server_that_is_away_costs_no_sign_in(double: Double) -> None:
    due(double)
    double.fail("POST", "/auth/refresh", 503)
    await ask(double)  # with the token there is
    assert credentials.token_for(double.url) == double.token


async def test_the_token_of_a_script_is_never_renewed(
    double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDDLE_TOKEN", "loom_key")
    async with web.open_client(double.url) as http:
        with pytest.raises(SignInNeededError):
            await ApiClient(http).find_recording("nobody")
    assert double.refreshed == []


async def test_an_upload_goes_on_through_tokens_that_end_in_the_middle(
    double: Double, journal: Journal, tmp_path: Path
) -> None:
    path = tmp_path / "live.mp4"
    path.touch()
    double.patches_of_a_token = 2
    async with working(journal):
        upload_id = journal.add(path, title="Live", server=double.url, growing=True)
        for number in range(1, 6):
            with path.open("ab") as file:
                file.write(os.urandom(20_000))
            await until(journal, upload_id, lambda row, size=number * 20_000: row.offset == size)
        journal.finish(upload_id)
        row = await ended(journal, upload_id)
    assert row.state is UploadState.DONE
    assert len(double.refreshed) == 1
    assert bytes(double.the_upload().data) == path.read_bytes()
    assert row.server_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


async def test_the_token_goes_to_no_other_server(double: Double) -> None:
    due(double)
    with Double() as other:
        async with web.open_client(double.url, Tokens(double.url)) as http:
            answer = await http.get(f"{other.url}/api/v1/recordings?page=0&size=1")
        assert answer.status_code == httpx.codes.UNAUTHORIZED
        assert double.refreshed == other.refreshed == []

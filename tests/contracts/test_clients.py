"""The generated clients against a real server: made, listed, changed, refused, each in three ways."""

import os
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from uuid import uuid4

import httpx
import pytest

from tests.support.nodes import node
from tests.support.servers import Server
from uploader.rest import ApiKey, AsyncClient, Changed, Client, NotFound, NotSignedIn, Token, operations
from uploader.rest.models import CreateKeyRequest, Recording

WEB = Path(__file__).parents[2] / "server" / "web"
SCOPES: CreateKeyRequest = {"name": "contract", "scopes": ["recordings:read", "recordings:write"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    with httpx.Client(base_url=server.url, auth=Token(server.login())) as http:
        return Client(http).send(operations.create_key(SCOPES))["key"]


@pytest.fixture
def client(server: Server, key: str) -> Iterator[Client]:
    with httpx.Client(base_url=server.url, auth=ApiKey(key)) as http:
        yield Client(http)


def start(client: Client, title: str) -> Recording:
    return client.send(operations.start_recording({"recordingType": "screen", "title": title}))


def test_what_is_sent_twice_is_made_once(client: Client) -> None:
    once = operations.start_recording({"recordingType": "screen"}, idempotency_key=str(uuid4()))
    first, again = client.answer(once), client.answer(once)
    assert (first.status, first.value) == (201, again.value)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("how", ["cursor", "page"])
def test_a_list_is_read_to_its_end(client: Client, how: str) -> None:
    word = f"{how} {uuid4()}"
    made = {start(client, f"{word} {n}")["id"] for n in range(5)}
    listing = operations.list_recordings(q=word, size=2, page=0 if how == "page" else None)
    found = [recording["id"] for recording in client.each(listing)]
    assert (len(found), set(found)) == (5, made)


def test_a_change_is_made_to_what_was_seen_alone(client: Client) -> None:
    recording_id = start(client, "Seen")["id"]
    seen = client.answer(operations.get_recording(recording_id)).etag
    changed = client.send(operations.patch_recording(recording_id, {"title": "Mine"}, if_match=seen))
    assert changed["title"] == "Mine"
    with pytest.raises(Changed) as refused:
        client.send(operations.patch_recording(recording_id, {"title": "Late"}, if_match=seen))
    assert (refused.value.status, refused.value.code) == (412, "changed")
    assert client.send(operations.delete_recording(recording_id)) is None


def test_a_refusal_says_what_the_server_said(client: Client, server: Server) -> None:
    with pytest.raises(NotFound) as refused:
        client.send(operations.get_recording(str(uuid4())))
    assert refused.value.code == "recording_not_found"
    assert refused.value.request_id
    with httpx.Client(base_url=server.url) as http, pytest.raises(NotSignedIn, match="Sign in"):
        Client(http).send(operations.get_me())


def test_a_token_that_is_over_is_renewed_once(server: Server) -> None:
    refused: list[str] = []

    def renew(token: str) -> str:
        refused.append(token)
        return server.login()

    with httpx.Client(base_url=server.url, auth=Token("over", renew)) as http:
        assert [Client(http).send(operations.get_me())["role"] for _ in range(2)] == ["owner"] * 2
    assert refused == ["over"]


async def test_the_same_without_blocking(server: Server, key: str) -> None:
    async def renew(_token: str) -> str:
        return server.login()

    async with httpx.AsyncClient(base_url=server.url, auth=Token("over", renew_later=renew)) as http:
        assert (await AsyncClient(http).send(operations.get_me()))["role"] == "owner"
    async with httpx.AsyncClient(base_url=server.url, auth=ApiKey(key)) as http:
        client, word = AsyncClient(http), str(uuid4())
        for _ in range(3):
            await client.send(operations.start_recording({"recordingType": "screen", "title": word}))
        listing = operations.list_recordings(q=word, size=2)
        assert [one["title"] async for one in client.each(listing)] == [word] * 3
        with pytest.raises(NotFound):
            await client.send(operations.get_recording(str(uuid4())))


def test_the_typescript_client_does_the_same(server: Server, key: str) -> None:
    told = {**os.environ, "HEDDLE_SERVER": server.url, "HEDDLE_KEY": key}
    command = [node(modules=False), "tests/api/contract.ts"]
    done = run(command, check=False, cwd=WEB, env=told, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")

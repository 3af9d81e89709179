"""Waiting for what a playlist says, as closely as polling allows."""

import time

import httpx

from tests.support.processes import wait_until
from tests.support.servers import Server

POLL_S = 0.01
PATIENCE_S = 60.0


def media_playlist(server: Server, share_url: str) -> str:
    """The address of the source's media playlist, as the share page learns it: once something plays."""
    slug = share_url.rstrip("/").rsplit("/", 1)[1]
    with httpx.Client(trust_env=False, timeout=10) as client:

        def probe() -> str | None:
            answer = client.get(f"{server.url}/api/v1/shares/{slug}")
            assert answer.status_code == 200, answer.text
            url: str | None = answer.json()["mediaPlaylistUrl"]
            return url

        return wait_until(probe, timeout_s=PATIENCE_S, what="a playlist address", poll_s=POLL_S)


def wait_for_playlist(url: str, tag: str) -> float:
    """The Unix time at which the playlist holds a tag."""
    deadline = time.monotonic() + PATIENCE_S
    with httpx.Client(trust_env=False, timeout=10) as client:
        while time.monotonic() < deadline:
            answer = client.get(url)
            if answer.status_code == 200 and tag in answer.text:
                return time.time()
            time.sleep(POLL_S)
    raise AssertionError(
        f"{url} had no {tag} within {PATIENCE_S:.0f} s: {answer.status_code} {answer.text[-300:]}"
    )

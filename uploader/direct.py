"""One file to any tus server, without journal or recording: `python -m uploader.direct ENDPOINT FILE`.

For tests against other servers and for measuring; prints one JSON line. HEDDLE_TOKEN signs in where needed.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from uploader import web
from uploader.allowance import rate_from_environment
from uploader.errors import Transient
from uploader.limits import TokenBucket
from uploader.protocol import Place
from uploader.retry import Backoff
from uploader.sender import Sender
from uploader.source import Source
from uploader.transport import TusClient


@dataclass(frozen=True, slots=True)
class Sent:
    """What it took."""

    url: str
    bytes: int
    sent_bytes: int
    seconds: float
    tries: int
    sha256: str


async def send_file(
    endpoint: str,
    source: Source,
    metadata: dict[str, str] | None = None,
    *,
    backoff: Backoff | None = None,
    bucket: TokenBucket | None = None,
) -> Sent:
    """Sends a file whatever the network does; errors other than Transient ones end it."""
    started, tries, sent = time.monotonic(), 1, 0

    def count(size: int) -> None:
        nonlocal sent
        sent += size

    async with web.open_client(endpoint) as http:
        tus = TusClient(http, endpoint)
        length = None if source.growing else source.size()
        sender = Sender(tus, source, buckets=(bucket,) if bucket else (), on_sent=count)
        url = await tus.create(length, {"filename": source.path.name, **(metadata or {})})
        place = Place(0, length)
        while True:
            try:
                total = await sender.send(url, place)
                break
            except Transient as error:
                place = await _ask_again(tus, url, backoff or Backoff(), error)
                tries += 1
        await asyncio.to_thread(sender.digest.catch_up, source, total)
    return Sent(url, total, sent, time.monotonic() - started, tries, sender.digest.hexdigest())


async def _ask_again(tus: TusClient, url: str, backoff: Backoff, error: Transient) -> Place:
    attempt = 0
    while True:
        attempt += 1
        await asyncio.sleep(backoff.delay(attempt, error.retry_after_s))
        try:
            return await tus.place(url)
        except Transient as again:
            error = again


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m uploader.direct", description=__doc__)
    parser.add_argument("endpoint")
    parser.add_argument("file", type=Path)
    parser.add_argument("--recording", help="recordingId, for a Heddle server")
    arguments = parser.parse_args()
    metadata = {"recordingId": arguments.recording} if arguments.recording else {}
    bucket = TokenBucket(rate_from_environment())
    sent = asyncio.run(send_file(arguments.endpoint, Source(arguments.file), metadata, bucket=bucket))
    figures = {"cpu_s": time.process_time(), "max_rss_kb": _most_memory()}
    sys.stdout.write(json.dumps({**asdict(sent), **figures}) + "\n")


def _most_memory() -> int | None:
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()

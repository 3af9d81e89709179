"""What every tus 1.0.0 server does, written from the text of the protocol; it needs nothing but an address.

`python -m tests.contracts.tus_server URL FILE [TOKEN]` runs the checks against any server: FILE is something
that the server takes. Extensions that a server does not announce are not checked.
"""

import asyncio
import base64
import hashlib
import inspect
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import httpx

TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}
NO_CONTENT = {200, 204}


@dataclass(frozen=True, slots=True)
class Target:
    """A server under test: where uploads are created, what it takes, and what it says it can do."""

    client: httpx.AsyncClient
    url: str
    content: bytes
    extensions: frozenset[str] = field(default_factory=frozenset)
    algorithms: frozenset[str] = field(default_factory=frozenset)

    async def create(self, headers: Mapping[str, str] | None = None, body: bytes = b"") -> httpx.Response:
        sent = TUS | {"Upload-Length": str(len(self.content))} if headers is None else TUS | dict(headers)
        return await self.client.post(self.url, headers=sent, content=body)

    async def created(self, headers: Mapping[str, str] | None = None) -> str:
        answer = await self.create(headers)
        assert answer.status_code == 201, answer.text
        return urljoin(self.url, answer.headers["location"])

    async def head(self, location: str) -> httpx.Response:
        return await self.client.head(location, headers=TUS)

    async def patch(
        self, location: str, offset: int, body: bytes, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        sent = TUS | BODY | {"Upload-Offset": str(offset)} | dict(headers or {})
        return await self.client.patch(location, headers=sent, content=body)

    async def offset(self, location: str) -> int:
        answer = await self.head(location)
        assert answer.status_code in NO_CONTENT, answer.status_code
        return int(answer.headers["upload-offset"])


Check = Callable[[Target], Awaitable[None]]
CHECKS: list[Check] = []
NEEDS: dict[str, str] = {}


def check(extension: str = "") -> Callable[[Check], Check]:
    def add(one: Check) -> Check:
        CHECKS.append(one)
        NEEDS[one.__name__] = extension
        return one

    return add


def checksum(algorithm: str, data: bytes) -> dict[str, str]:
    digest = hashlib.new(algorithm, data).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


async def discover(client: httpx.AsyncClient, url: str, content: bytes) -> Target:
    """The target with what its OPTIONS announces."""
    answer = await client.options(url)
    assert answer.status_code in NO_CONTENT
    lists = [answer.headers.get(name, "") for name in ("tus-extension", "tus-checksum-algorithm")]
    extensions, algorithms = (frozenset(filter(None, text.replace(" ", "").split(","))) for text in lists)
    return Target(client, url, content, extensions, algorithms)


@check()
async def options_tells_versions_without_being_asked_in_one(tus: Target) -> None:
    answer = await tus.client.options(tus.url)
    assert answer.status_code in NO_CONTENT
    assert "1.0.0" in answer.headers["tus-version"].split(",")
    assert answer.headers["tus-resumable"] == "1.0.0"


@check()
async def a_request_without_the_version_is_refused_with_412(tus: Target) -> None:
    location = await tus.created()
    for headers in ({}, {"Tus-Resumable": "0.2.2"}):
        refused = [
            await tus.client.post(tus.url, headers={**headers, "Upload-Length": "10"}),
            await tus.client.head(location, headers=headers),
            await tus.client.patch(location, headers={**headers, **BODY, "Upload-Offset": "0"}, content=b"x"),
        ]
        for answer in refused:
            assert answer.status_code == 412
            assert "1.0.0" in answer.headers["tus-version"]
    assert await tus.offset(location) == 0


@check()
async def every_answer_carries_the_version(tus: Target) -> None:
    location = await tus.created()
    answers = [
        await tus.create(),
        await tus.head(location),
        await tus.patch(location, 0, tus.content[:10]),
        await tus.patch(location, 999, b"x"),
        await tus.head(f"{tus.url}/00000000-0000-4000-8000-000000000000"),
    ]
    assert [answer.headers.get("tus-resumable") for answer in answers] == ["1.0.0"] * len(answers)


@check("creation")
async def creation_answers_201_with_a_location(tus: Target) -> None:
    answer = await tus.create()
    assert answer.status_code == 201
    assert answer.headers["location"]


@check("creation")
async def a_new_upload_is_at_offset_0_and_never_cached(tus: Target) -> None:
    answer = await tus.head(await tus.created())
    assert answer.headers["upload-offset"] == "0"
    assert answer.headers["upload-length"] == str(len(tus.content))
    assert "no-store" in answer.headers["cache-control"]


@check("creation")
async def creation_needs_exactly_one_kind_of_length(tus: Target) -> None:
    for headers in (
        {},
        {"Upload-Length": "-1"},
        {"Upload-Length": "many"},
        {"Upload-Length": "5", "Upload-Defer-Length": "1"},
        {"Upload-Defer-Length": "2"},
    ):
        assert (await tus.create(headers)).status_code == 400, headers


@check("creation")
async def a_size_over_the_maximum_is_refused_with_413(tus: Target) -> None:
    maximum = (await tus.client.options(tus.url)).headers.get("tus-max-size")
    if maximum is not None:
        assert (await tus.create({"Upload-Length": str(int(maximum) + 1)})).status_code == 413


@check("creation")
async def metadata_comes_back_as_it_was_sent(tus: Target) -> None:
    pairs = {"filename": "Übung ☃.mp4", "title": "a,b c"}
    encoded = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    location = await tus.created({"Upload-Length": "100", "Upload-Metadata": encoded})
    returned = (await tus.head(location)).headers["upload-metadata"]
    found = dict(piece.strip().split(" ") for piece in returned.split(","))
    assert {key: base64.b64decode(value).decode() for key, value in found.items()} == pairs


@check("creation")
async def empty_metadata_is_no_metadata(tus: Target) -> None:
    for value in ("", " ", ",", ", "):
        assert (await tus.create({"Upload-Length": "100", "Upload-Metadata": value})).status_code == 201


@check("creation")
async def metadata_that_is_not_base64_is_refused(tus: Target) -> None:
    for value in ("filename ***", "filename Zm9v,filename Zm9v"):
        assert (await tus.create({"Upload-Length": "100", "Upload-Metadata": value})).status_code == 400, (
            value
        )


@check()
async def bytes_are_appended_piece_by_piece(tus: Target) -> None:
    location, size = await tus.created(), len(tus.content)
    cuts = [0, 1, size // 3, size // 2, size]
    for start, end in pairwise(cuts):
        answer = await tus.patch(location, start, tus.content[start:end])
        assert answer.status_code == 204, answer.text
        assert answer.headers["upload-offset"] == str(end)
        assert not answer.content
    assert await tus.offset(location) == size


@check()
async def a_wrong_offset_is_refused_with_409_and_changes_nothing(tus: Target) -> None:
    location = await tus.created()
    await tus.patch(location, 0, tus.content[:100])
    for offset in (0, 99, 101, 10**9):
        assert (await tus.patch(location, offset, b"wrong")).status_code == 409
    assert await tus.offset(location) == 100


@check()
async def a_missing_or_broken_offset_is_refused_with_400(tus: Target) -> None:
    location = await tus.created()
    missing = await tus.client.patch(location, headers=TUS | BODY, content=b"x")
    assert missing.status_code == 400
    for offset in ("-1", "x", "1.5", ""):
        headers = TUS | BODY | {"Upload-Offset": offset}
        assert (await tus.client.patch(location, headers=headers, content=b"x")).status_code == 400


@check()
async def another_content_type_is_refused_with_415(tus: Target) -> None:
    location = await tus.created()
    headers = {"Content-Type": "application/octet-stream"}
    assert (await tus.patch(location, 0, b"x", headers)).status_code == 415


@check()
async def more_than_declared_is_refused_and_not_kept(tus: Target) -> None:
    location = await tus.created({"Upload-Length": "1000"})
    assert (await tus.patch(location, 0, tus.content[:1001])).status_code == 413
    assert await tus.offset(location) <= 1000


@check()
async def more_than_declared_in_chunks_is_refused_too(tus: Target) -> None:
    location = await tus.created({"Upload-Length": "1000"})

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield tus.content[:100]

    headers = TUS | BODY | {"Upload-Offset": "0"}
    assert (await tus.client.patch(location, headers=headers, content=chunks())).status_code == 413
    assert await tus.offset(location) <= 1000


@check()
async def an_empty_patch_changes_nothing(tus: Target) -> None:
    location = await tus.created()
    assert (await tus.patch(location, 0, b"")).status_code == 204
    assert await tus.offset(location) == 0


@check()
async def a_finished_upload_still_tells_its_offset_and_takes_no_more(tus: Target) -> None:
    location, size = await tus.created(), len(tus.content)
    assert (await tus.patch(location, 0, tus.content)).status_code == 204
    assert await tus.offset(location) == size
    assert (await tus.patch(location, size, b"")).status_code in {204, 403, 409, 410}
    assert (await tus.patch(location, size, b"x")).status_code in {403, 409, 410, 413}


@check()
async def an_unknown_upload_is_404_or_410(tus: Target) -> None:
    for name in ("00000000-0000-4000-8000-000000000000", "nothing"):
        location = f"{tus.url}/{name}"
        answer = await tus.head(location)
        assert answer.status_code in {403, 404, 410}
        assert "upload-offset" not in answer.headers
        assert (await tus.patch(location, 0, b"x")).status_code in {403, 404, 410}


@check()
async def the_method_may_be_overridden(tus: Target) -> None:
    location = await tus.created()
    headers = TUS | BODY | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    answer = await tus.client.post(location, headers=headers, content=tus.content[:50])
    assert answer.status_code == 204
    assert await tus.offset(location) == 50


@check("creation-defer-length")
async def a_deferred_length_is_declared_once_by_a_patch(tus: Target) -> None:
    location, size = await tus.created({"Upload-Defer-Length": "1"}), len(tus.content)
    before = await tus.head(location)
    assert before.headers["upload-defer-length"] == "1"
    assert "upload-length" not in before.headers
    assert (await tus.patch(location, 0, tus.content[:100])).status_code == 204
    assert (
        await tus.patch(location, 100, tus.content[100:200], {"Upload-Length": str(size)})
    ).status_code == 204
    after = await tus.head(location)
    assert after.headers["upload-length"] == str(size)
    assert "upload-defer-length" not in after.headers
    changed = await tus.patch(location, 200, b"x", {"Upload-Length": str(size + 1)})
    assert changed.status_code == 400
    assert (await tus.patch(location, 200, tus.content[200:])).status_code == 204


@check("creation-defer-length")
async def an_empty_patch_may_declare_the_length_and_finish(tus: Target) -> None:
    location, size = await tus.created({"Upload-Defer-Length": "1"}), len(tus.content)
    assert (await tus.patch(location, 0, tus.content)).status_code == 204
    assert (await tus.patch(location, size, b"", {"Upload-Length": str(size)})).status_code == 204
    again = await tus.patch(location, size, b"", {"Upload-Length": str(size)})
    assert again.status_code in {204, 403, 409, 410}
    assert await tus.offset(location) == size


@check("creation-defer-length")
async def a_length_below_the_offset_cannot_be_declared(tus: Target) -> None:
    location = await tus.created({"Upload-Defer-Length": "1"})
    await tus.patch(location, 0, tus.content[:200])
    refused = await tus.patch(location, 200, b"", {"Upload-Length": "199"})
    assert refused.status_code in {400, 413}


@check("creation-with-upload")
async def creation_may_carry_the_first_bytes(tus: Target) -> None:
    headers = BODY | {"Upload-Length": str(len(tus.content))}
    answer = await tus.create(headers, tus.content[:500])
    assert answer.status_code == 201
    assert answer.headers["upload-offset"] == "500"
    assert await tus.offset(urljoin(tus.url, answer.headers["location"])) == 500


@check("checksum")
async def each_announced_checksum_is_checked(tus: Target) -> None:
    assert "sha1" in tus.algorithms  # the protocol asks for this one
    for algorithm in sorted(tus.algorithms):
        location = await tus.created()
        wrong = await tus.patch(location, 0, tus.content[:300], checksum(algorithm, b"other"))
        assert wrong.status_code == 460, algorithm
        assert await tus.offset(location) == 0
        right = await tus.patch(location, 0, tus.content[:300], checksum(algorithm, tus.content[:300]))
        assert right.status_code == 204
        assert await tus.offset(location) == 300


@check("checksum")
async def an_unknown_or_broken_checksum_is_refused_with_400(tus: Target) -> None:
    location = await tus.created()
    for value in ("crc99 AAAA", "sha1", "sha1 ***", "sha1 AAAA"):
        answer = await tus.patch(location, 0, tus.content[:10], {"Upload-Checksum": value})
        assert answer.status_code == 400, value
    assert await tus.offset(location) == 0


@check("expiration")
async def an_unfinished_upload_says_when_it_expires(tus: Target) -> None:
    answer = await tus.create()
    location = urljoin(tus.url, answer.headers["location"])
    patched = await tus.patch(location, 0, tus.content[:10])
    for value in (answer.headers["upload-expires"], patched.headers["upload-expires"]):
        assert value.endswith(" GMT")


@check("termination")
async def a_terminated_upload_is_gone(tus: Target) -> None:
    location = await tus.created()
    await tus.patch(location, 0, tus.content[:100])
    assert (await tus.client.delete(location, headers=TUS)).status_code == 204
    for answer in (
        await tus.head(location),
        await tus.patch(location, 100, b"x"),
        await tus.client.delete(location, headers=TUS),
    ):
        assert answer.status_code in {404, 410}


async def main(url: str, file: str, token: str = "") -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    failures = 0
    async with httpx.AsyncClient(headers=headers, timeout=60) as client:
        target = await discover(client, url.rstrip("/"), await asyncio.to_thread(Path(file).read_bytes))
        for one in CHECKS:
            if NEEDS[one.__name__] and NEEDS[one.__name__] not in target.extensions:
                continue
            try:
                await one(target)
            except AssertionError as failed:
                failures += 1
                line = inspect.getsourcelines(one)[1]
                print(f"FAIL {one.__name__} (line {line}): {failed}")
            else:
                print(f"ok   {one.__name__}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))

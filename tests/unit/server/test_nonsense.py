"""Whatever is sent to whatever address: a clear answer, never a 5xx, and the server goes on."""

import random
from typing import Any

import httpx
from fastapi import FastAPI

ID = "00000000-0000-4000-8000-000000000000"
PATH_VALUES = [
    ID,
    "x",
    "%00",
    "%ff",
    "..%2f..%2fetc",
    "a" * 3000,
    "%F0%9F%98%80",
    "-1",
    ID.upper(),
    "{}",
    "%0d%0aX:1",
]
HEADERS: list[dict[str, str]] = [
    {},
    {"Host": "["},
    {"Host": "a b"},
    {"Host": ""},
    {"Host": "evil.example:99999999"},
    {"Origin": "http://[", "X-Heddle-Session": "1"},
    {"Range": "bytes=9-1,x"},
    {"If-None-Match": "\\"},
    {"Accept-Encoding": "gzip;q=nan"},
    {"Content-Type": "application/json; charset=utf-99"},
    {"Content-Type": "multipart/form-data"},
    {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "-5",
        "Upload-Metadata": "a b c,,=",
        "Upload-Offset": "9" * 40,
    },
    {"Tus-Resumable": "9", "Upload-Length": "x", "Upload-Checksum": "md5"},
]
BODIES: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'{"recordingType": {"a": 1}}',
    b'{"email": 1, "password": []}',
    b'{"action": "\\u0000"}',
    b'{"title": "\\ud83d", "name": 1e999}',
    b'{"settings": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    b"\xff\xfe\x00",
    b"9" * 5000,
]
QUERIES = [
    "",
    "page=1e9",
    "size=%00",
    "_HLS_msn=99999999999999999999",
    "_HLS_part=1",
    "_HLS_skip=%ff",
    "a[]=1&a=2",
    "url=http://[&q=%5B",
]
# Enough to have each value at each place several times over all operations.
PER_OPERATION = 12


def operations(app: FastAPI) -> list[tuple[str, str]]:
    return [(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods]


def filled(path: str, chance: random.Random) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + chance.choice(PATH_VALUES).replace("{", "%7B") + rest.partition("}")[2]
    return path


async def shoot(
    client: httpx.AsyncClient, method: str, path: str, chance: random.Random
) -> dict[str, Any] | None:
    url = f"{filled(path, chance)}?{chance.choice(QUERIES)}"
    headers, body = chance.choice(HEADERS), chance.choice(BODIES)
    defaults = {"Content-Type": "application/json", "Tus-Resumable": "1.0.0"}
    answer = await client.request(method, url, headers={**defaults, **headers}, content=body)
    if answer.status_code < 500:
        return None
    return {"status": answer.status_code, "method": method, "url": url, "headers": headers, "body": body[:80]}


async def test_nonsense_gets_an_answer_and_never_breaks_the_server(
    app: FastAPI, ann: httpx.AsyncClient
) -> None:
    chance = random.Random(20261121)
    made = await ann.post("/api/v1/recordings", json={"recordingType": "screen"})
    PATH_VALUES.append(made.json()["id"])
    broken = [
        failure
        for method, path in operations(app)
        for _ in range(PER_OPERATION)
        if (failure := await shoot(ann, method, path, chance))
    ]
    assert broken == []
    assert (await ann.get("/health/ready")).status_code == 200

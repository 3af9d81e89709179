"""What is made of a recording that lies elsewhere."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx

from desktop.library import files
from desktop.library.keeper import Keeper

SERVER, BUCKET = "https://video.example.org", "https://bucket.example.org/take.mp4"


async def test_a_film_is_fetched_from_where_the_server_says_that_it_is(tmp_path: Path) -> None:
    asked: list[tuple[str, bool]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), "Authorization" in request.headers))
        if request.url.host == "bucket.example.org":
            return httpx.Response(200, content=b"film")
        return httpx.Response(302, headers={"Location": BUCKET})

    async def stream(_recording: str) -> dict[str, Any]:
        return {"downloadUrl": f"{SERVER}/media/r1/download"}

    told: list[float] = []
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), headers={"Authorization": "Bearer a"}
    ) as http:
        sync = SimpleNamespace(server=SERVER, http=http)
        keeper = cast("Keeper", SimpleNamespace(sync=sync, stream=stream))
        item = cast("Any", SimpleNamespace(recording_id="r1", size=4))
        await files._fetch(keeper, item, tmp_path / "film", told.append)
    assert (tmp_path / "film").read_bytes() == b"film"
    assert asked == [(f"{SERVER}/media/r1/download", True), (BUCKET, False)]  # a bucket learns no token
    assert told[-1] == 1.0

"""Pages of other sites: shut out by default, let in by name."""

from pathlib import Path

import httpx
import pytest

from server.config import Settings

URL = "/api/v1/uploads"
ASKED = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "PATCH"}


async def test_other_sites_are_shut_out_by_default(client: httpx.AsyncClient) -> None:
    answer = await client.options(URL, headers=ASKED)
    assert "access-control-allow-origin" not in answer.headers


class TestWithASiteLetIn:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        origins = "https://app.example.org, https://b.example.org"
        return Settings(
            data=tmp_path / "data", workers=0, min_free_bytes=0, log_level="error", cors_origins=origins
        )

    async def test_it_may_send_and_see_what_tus_needs(self, client: httpx.AsyncClient) -> None:
        headers = ASKED | {"Access-Control-Request-Headers": "tus-resumable,upload-offset,authorization"}
        asked = await client.options(URL, headers=headers)
        assert asked.headers["access-control-allow-origin"] == "https://app.example.org"
        assert "PATCH" in asked.headers["access-control-allow-methods"]
        answer = await client.post(URL, headers={"Origin": "https://app.example.org", "Upload-Length": "9"})
        assert answer.status_code == 401
        assert "Upload-Offset" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers

    async def test_another_one_may_not(self, client: httpx.AsyncClient) -> None:
        answer = await client.options(URL, headers=ASKED | {"Origin": "https://evil.example.org"})
        assert answer.headers.get("access-control-allow-origin") is None

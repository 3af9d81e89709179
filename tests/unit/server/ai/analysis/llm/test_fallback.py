"""The analysis with a language model, on the server and without an answer."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from media.transcript import Transcript
from server.ai.analysis.analyst import Analyst
from server.ai.analysis.llm import chat as chat_module
from server.config import Settings
from tests.support.chat_server import ChatServer, chat_server, fails
from tests.unit.server.ai.analysis.conftest import analysed, send_talk
from tests.unit.server.ai.analysis.llm.conftest import GOOD, Make, material


async def test_the_built_in_analysis_takes_over_and_says_so(make: Make) -> None:
    with chat_server(fails(500)) as server:
        analysis = await Analyst(make(server)).analyse(material())
    assert (analysis.source, analysis.model) == ("builtin", "extractive-1")
    assert analysis.findings.notes[0] == (
        "The language model could not be used: It failed (500). This is the built-in analysis."
    )
    assert analysis.findings.summary


async def test_silence_is_not_sent(make: Make) -> None:
    with chat_server(lambda _: GOOD) as server:
        analysis = await Analyst(make(server)).analyse(replace(material(), transcript=Transcript("en")))
    assert (analysis.source, server.asked) == ("builtin", [])


class TestOnTheServer:
    """From the settings to the answer of the API."""

    @pytest.fixture
    def server(self) -> Iterator[ChatServer]:
        with chat_server(lambda _: GOOD) as server:
            yield server

    @pytest.fixture
    def settings(self, tmp_path: Path, server: ChatServer) -> Settings:
        return Settings(
            data=tmp_path / "data",
            workers=1,
            min_free_bytes=0,
            llm_url=server.url,
            llm_model="test-model",
            llm_api_key="key-2",  # type: ignore[arg-type]  # pydantic hides it
        )

    async def test_the_model_writes_the_analysis(
        self, server: ChatServer, ann: httpx.AsyncClient, url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            await send_talk(ann, url)
            shown = await analysed(ann, url)
        assert (shown["source"], shown["model"], shown["title"]) == ("llm", "test-model", GOOD["title"])
        assert shown["summary"] == " ".join(one["text"] for one in GOOD["summary"])
        assert shown["actionItems"][0]["dueDate"] == "2026-11-27"
        assert shown["suggestions"] is not None
        assert server.keys == ["Bearer key-2"]
        assert "key-2" not in caplog.text

    async def test_it_falls_back_and_the_owner_reads_why(
        self, server: ChatServer, ann: httpx.AsyncClient, client: httpx.AsyncClient, url: str, shared: str
    ) -> None:
        server.scripts[:] = [fails(401)]
        await send_talk(ann, url)
        shown = await analysed(ann, url)
        assert (shown["source"], shown["status"]) == ("builtin", "completed")
        assert "HEDDLE_LLM_API_KEY" in shown["notes"][0]
        assert (await client.get(f"{shared}/analysis")).json()["notes"] == []


async def test_without_an_address_nothing_leaves_the_machine(
    ann: httpx.AsyncClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise AssertionError("something was sent")

    monkeypatch.setattr(chat_module.Chat, "_send", refused)
    await send_talk(ann, url)
    assert (await analysed(ann, url))["source"] == "builtin"

"""From a film of slides and a transcript to chapters that begin with their slide, all the way through."""

import hashlib
from pathlib import Path

import httpx
import pytest

from server.config import SKIPPABLE, Settings
from server.recordings.events import source_key
from server.wiring import Services
from tests.support.media import GROWING
from tests.support.slides import film, slides
from tests.support.talks import DEPLOYMENT, said
from tests.unit.server.ai.analysis.conftest import analysed, send_talk, until

TALK = said(DEPLOYMENT)
# A slide comes a moment before its first word, as speakers do.
SLIDES = [round(TALK.segments[number].start - 1.3, 1) for number in (8, 15)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    skipped = ",".join(SKIPPABLE - {"scenes"})
    return Settings(
        data=tmp_path / "data", workers=1, min_free_bytes=0, log_level="error", skip_steps=skipped
    )


@pytest.fixture(scope="module")
def slideshow(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("films") / "a.mp4"

    def loud(at: float) -> bool:
        """Not around the first new slide."""
        return not -1.5 <= at - SLIDES[0] < 1.3

    return film(path, TALK.duration_s, slides(SLIDES), loud=loud, fps=2, options=GROWING).read_bytes()


async def test_slides_begin_chapters_and_silence_is_a_suggestion(
    services: Services, ann: httpx.AsyncClient, url: str, slideshow: bytes
) -> None:
    recording_id = url.rsplit("/", 1)[1]
    await services.blobs.append(source_key(recording_id), 0, slideshow)
    await services.recordings.bytes_arrived(recording_id)
    digest = hashlib.sha256(slideshow).hexdigest()
    await services.recordings.upload_completed(recording_id, len(slideshow), digest, None)
    await send_talk(ann, url)

    async def looked() -> bool:
        jobs = await services.processing.jobs_of(recording_id)
        return any(job.step == "scenes" and job.status.over for job in jobs)

    await until(looked)

    async def placed() -> list[float] | None:
        starts = [one["start"] for one in (await analysed(ann, url))["chapters"]]
        near = [min(abs(start - slide) for start in starts) for slide in SLIDES]
        return starts if max(near) <= 0.6 else None

    assert len(await until(placed)) >= 3
    suggestions = (await analysed(ann, url))["suggestions"]
    silences = [one for one in suggestions if one["kind"] == "silence"]
    assert any("of silence" in one["reason"] for one in silences)

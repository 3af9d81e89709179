"""A recording with a link, and who talks about it."""

from typing import Any

import httpx
import pytest


@pytest.fixture
async def recording(ann: httpx.AsyncClient) -> dict[str, Any]:
    """Ann's, shared."""
    made = await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Plan"})
    assert made.status_code == 201, made.text
    return dict(made.json())


@pytest.fixture
def url(recording: dict[str, Any]) -> str:
    """Its comments, for its owner."""
    return f"/api/v1/recordings/{recording['id']}/comments"


@pytest.fixture
def share(recording: dict[str, Any]) -> str:
    """What belongs to its link."""
    return f"/api/v1/shares/{str(recording['shareUrl']).rsplit('/', 1)[1]}"

"""A company that signs its people in, beside a server that lets it."""

from pathlib import Path

import httpx
import pytest

from server.config import Settings
from server.wiring import Services
from tests.support.oidc import ADA, PROVIDERS, Provider


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "oidc.toml").write_text(PROVIDERS)
    return settings.model_copy(update={"oidc": tmp_path / "oidc.toml"})


@pytest.fixture
def provider(services: Services) -> Provider:
    provider = Provider(claims=dict(ADA))
    services.people.federation._client._http.transport = httpx.ASGITransport(provider.app)
    return provider

"""What the tests of the app share."""

import pytest


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """One application serves every test, so it cannot live on the screen of one of them."""
    return ["heddle", "-platform", "offscreen"]

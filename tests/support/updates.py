"""News of versions, signed as whoever makes builds signs them."""

import runpy
from pathlib import Path
from typing import Any

SIGNER: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[2] / "installers" / "sign_update.py"))
PAGE = "https://heddle.example/download"


def signed(secret: bytes, version: str = "0.2.0", page: str = PAGE) -> bytes:
    """The document."""
    return str(SIGNER["document"](secret, version, page, "New: colours.")).encode()

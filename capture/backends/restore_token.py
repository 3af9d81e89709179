"""The desktop's permission to share the same screen again without asking: one token, used once, replaced each
time. It lies in the client's folder, readable by its owner alone, for whoever has it may film."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path


def token_file() -> Path:
    """`screencast.json` in the client's folder."""
    home = os.environ.get("HEDDLE_HOME")
    if home:
        return Path(home) / "screencast.json"
    import platformdirs  # slow to import, and rarely needed

    return Path(platformdirs.user_data_dir("heddle", appauthor=False)) / "screencast.json"


def kept(kind: str) -> str | None:
    """The token for this kind of choice; None when there is none, or none that can be read."""
    token = _read().get(kind)
    return token if isinstance(token, str) and token else None


def keep(kind: str, token: str | None) -> None:
    """Replace it; None forgets it. That it cannot be written costs a question next time, nothing else."""
    tokens = {key: value for key, value in _read().items() if key != kind}
    if token is not None:
        tokens[kind] = token
    path = token_file()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)  # mode 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(tokens, file)
        Path(name).replace(path)


def _read() -> dict[str, object]:
    try:
        values = json.loads(token_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}

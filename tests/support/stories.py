"""Steps that several stories share."""

from pathlib import Path
from typing import Any

from tests.support import tus
from tests.support.servers import Server


def uploaded(server: Server, file: Path, *, title: str = "Test") -> dict[str, Any]:
    """A recording whose bytes are all on the server."""
    recording = server.create_recording(title)
    data = file.read_bytes()
    answer = tus.create(server.api, recording["id"], length=len(data), filename=file.name).send(data)
    assert answer.status_code == 204, f"{answer.status_code} {answer.text}"
    return recording


def listing(folder: Path) -> dict[str, int]:
    """Every file under a folder with its size, the database and its logs aside."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("heddle.db")
    }

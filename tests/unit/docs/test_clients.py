"""The generated clients are those of the present API."""

import runpy
from pathlib import Path

MAKER = Path(__file__).parents[3] / "installers" / "clients.py"


def test_the_clients_are_up_to_date() -> None:
    maker = runpy.run_path(str(MAKER))
    wanted = maker["written"](maker["description"]())
    stale = [path.name for path, text in wanted.items() if path.read_text("utf-8") != text]
    assert stale == [], "run `python installers/clients.py`"

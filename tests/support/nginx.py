"""A real nginx with the configuration that the documentation gives, on a free port in front of a server."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import Program, wait_until
from tests.support.services import require

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "media-delivery.md"
_FRAME = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
{user}
events {{ worker_connections 256; }}
http {{
    types {{ }}
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


def documented(port: int, server_port: int, media: Path) -> str:
    """The page's configuration with the addresses of here, without TLS."""
    found = re.search(r"```nginx\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    text = re.sub(r"^ *(server_name|ssl_certificate\w*) .*\n", "", found[1], flags=re.MULTILINE)
    for given, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port}"),
        ("127.0.0.1:8080", f"127.0.0.1:{server_port}"),
        ("/var/lib/heddle/media/", f"{media}/"),
        # Relative to the folder that nginx is started in.
        ("/var/cache/nginx/heddle", "cache"),
    ):
        assert given in text
        text = text.replace(given, here)
    return text


@contextmanager
def open_nginx(folder: Path, servers: str) -> Iterator[Program]:
    """Runs `servers`, which go into its `http` block; the caller has chosen the ports."""
    require("nginx")
    folder.mkdir()
    # Started by root, nginx gives its workers to nobody, who may not read the test's files.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(_FRAME.format(folder=folder, user=user, servers=servers))
    with Program(["nginx", "-p", folder, "-c", configuration], log_folder=folder) as program:
        wait_until((folder / "nginx.pid").is_file, timeout_s=10, what="nginx is up")
        yield program


def free_port() -> int:
    """A port of which nobody listens now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])

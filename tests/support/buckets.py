"""A double of S3 in this process, on a port of loopback, with one bucket."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import httpx

from tests.support.services import unavailable

BUCKET = "heddle-test"


@contextmanager
def open_bucket_double() -> Iterator[dict[str, str]]:
    """The environment of whoever uses it, which is set here too: credentials, region, endpoint."""
    try:
        from moto.moto_server.threaded_moto_server import ThreadedMotoServer
    except ImportError:
        unavailable("moto is not installed")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    env = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }
    try:
        httpx.put(f"{url}/{BUCKET}", trust_env=False).raise_for_status()
        with mock.patch.dict(os.environ, env):
            yield env
    finally:
        server.stop()

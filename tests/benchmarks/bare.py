"""A FastAPI application that answers one JSON document and does nothing else: what a route costs at least.

`python -m tests.benchmarks.bare FILE` serves the document in FILE and prints its address.
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI


def main() -> None:
    """Until it is killed."""
    document = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    app = FastAPI()

    @app.get("/")
    async def answer() -> Any:
        return document

    @app.get("/small")
    async def small() -> dict[str, bool]:
        return {"ok": True}

    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"Bare at http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    config = uvicorn.Config(app, access_log=False, log_config=None, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()

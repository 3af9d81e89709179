"""Players of others on a page of their own: what each makes of a server's playlists."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.services import unavailable

MODULES = Path(__file__).parents[1] / "node" / "node_modules"
SCRIPTS = {
    "hls.js": "hls.js/dist/hls.min.js",
    "dash.js": "dashjs/dist/modern/umd/dash.all.min.js",
}
# Each takes the address from the page's own, after the `#`.
_START = {
    "native": "video.src = url",
    "hls.js": """
      const hls = window.player = new Hls();
      hls.on(Hls.Events.ERROR, (_, data) => console.error(data.type, data.details, data.reason));
      hls.loadSource(url); hls.attachMedia(video)""",
    "dash.js": """
      const player = window.player = dashjs.MediaPlayer().create();
      player.on('error', event => console.error(JSON.stringify(event.error)));
      player.initialize(video, url, false)""",
}


@contextmanager
def player_page(name: str) -> Iterator[str]:
    """The address of a page that plays what stands behind its `#` with `native`, `hls.js` or `dash.js`.

    It is of another origin than the server that it plays from, which must allow that.
    """
    script = SCRIPTS.get(name)
    if script is not None and not (MODULES / script).is_file():
        unavailable(f"tests/node has no {name}; `make test` installs it")
    source = f'<script src="/{script}"></script>' if script else ""
    page = f"""<!doctype html><title>{name}</title><link rel="icon" href="data:,">{source}
      <video muted crossorigin="anonymous" width="640"></video><script>
      const video = document.querySelector('video'), url = location.hash.slice(1); {_START[name]}</script>"""

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())
            return None

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Handler(*args, directory=str(MODULES))
    ) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()

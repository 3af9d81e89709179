"""Both browsers really load, run, show and report."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.support import browsers, media
from tests.support.processes import wait_until

PAGE = """<!doctype html><title>A page</title><video src="/video.mp4" muted></video>
<script>console.error('one complaint'); fetch('/missing.json').catch(() => 0);</script>"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("name", browsers.NAMES)
def test_a_browser_plays_evaluates_and_reports(name: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    media.make_video(tmp_path / "video.mp4", 1.0)
    with served(tmp_path) as url, browsers.open_browser(name) as browser:
        browser.goto(f"{url}/page.html")
        assert browser.evaluate("Promise.resolve({title: document.title, n: [1, 2]})") == {
            "title": "A page",
            "n": [1, 2],
        }
        browser.evaluate("document.querySelector('video').play()")
        browser.wait_for("document.querySelector('video').ended")
        frame = browser.video_frame(320)
        assert frame is not None
        assert frame.size == (320, 180)
        assert browser.screenshot().width >= 1280
        with pytest.raises(browsers.BrowserError, match="oops"):
            browser.evaluate("(() => { throw new Error('oops') })()")
        assert any("one complaint" in error for error in browser.errors)
        assert f"{url}/missing.json" in [request.url for request in browser.requests]
        browser.evaluate("new Image().src = 'http://192.0.2.7/pixel.gif'")
        foreign = wait_until(browser.foreign_requests, timeout_s=10, what="the foreign request is seen")
        assert [request.url for request in foreign] == ["http://192.0.2.7/pixel.gif"]


RESTLESS = """<!doctype html><script>
  const loads = Number(sessionStorage.loads || 0) + 1;
  sessionStorage.loads = loads;
  if (loads < 40) setTimeout(() => location.reload(), 20);
</script>"""


@pytest.mark.parametrize("name", browsers.NAMES)
def test_waiting_lives_through_pages_that_go(name: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(RESTLESS)
    with served(tmp_path) as url, browsers.open_browser(name) as browser:
        browser.goto(f"{url}/page.html")
        # The promise makes it likely that a page goes while it is asked.
        later = "new Promise(done => setTimeout(() => done(Number(sessionStorage.loads) >= 40), 15))"
        assert browser.wait_for(later) is True

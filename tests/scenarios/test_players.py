"""Players of others play a recording to its end, with its captions and without a complaint."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from media.facts import Rung
from media.pictures import Coding
from media.presets import load
from media.probe import probe
from media.renditions import make_renditions
from media.sniff import Container
from tests.support import media
from tests.support.browsers import NAMES, open_browser
from tests.support.players import player_page
from tests.support.servers import Server
from tests.support.stories import uploaded

VIDEO = "document.querySelector('video')"
SECONDS = 4.0
SAID = {"language": "en", "segments": [{"start": 0.5, "end": 3.5, "text": "Said at once"}]}
# What a player shows of the captions, once someone chose them.
CUES = f"""(() => {{
  for (const track of {VIDEO}.textTracks) track.mode = 'showing';
  return [...{VIDEO}.textTracks].flatMap(track => [...(track.cues || [])].map(cue => cue.text));
}})()"""
HLS = {"hls.js", "native"}
# Firefox has no HLS of its own.
PLAYERS = {"chromium": ("hls.js", "native", "dash.js"), "firefox": ("hls.js", "dash.js")}


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A finished recording with a smaller version, one in AV1, and captions."""
    folder = tmp_path_factory.mktemp("players")
    source = media.make_recording(folder / "source.mp4", SECONDS, size=(640, 360))
    lesser = media.make_recording(folder / "lesser.mp4", SECONDS, size=(320, 180))
    env = {"HEDDLE_WORKERS": "0", "HEDDLE_CORS_ORIGINS": "*"}
    with Server(folder / "data", env=env) as server:
        recording = uploaded(server, source)
        kept: Path = server.data / "media" / "recordings" / recording["id"]
        (kept / "360p.mp4").write_bytes(lesser.read_bytes())
        coding = Coding(load().rendition_av1, threads=1)
        facts = probe(source, kind=Container.MP4)
        rungs = {kept / "av1.mp4": Rung("av1", 640, 360)}
        make_renditions(source, rungs, kind=Container.MP4, facts=facts, coding=coding)
        answer = server.api.put(f"/api/v1/recordings/{recording['id']}/transcript", json=SAID)
        assert answer.status_code == 200, answer.text
        yield server.get(f"/api/v1/streams/{recording['id']}")


def address_for(player: str, stream: dict[str, Any]) -> str:
    """Chromium's own HLS cannot go from H.264 to AV1 and gets what is in H.264 alone."""
    url = str(stream["playlistUrl" if player in HLS else "dashUrl"])
    return url.replace("master.m3u8", "everything.m3u8") if player == "hls.js" else url


@pytest.mark.parametrize("name", NAMES)
def test_stock_players_play_to_the_end(name: str, stream: dict[str, Any]) -> None:
    with open_browser(name) as browser:
        for player in PLAYERS[name]:
            with player_page(player) as page:
                browser.goto(f"{page}#{address_for(player, stream)}")
                browser.wait_for(f"{VIDEO}.readyState >= 3", timeout_s=30)
                browser.evaluate(f"{VIDEO}.play()")
                if player != "native":
                    browser.wait_for(f"{CUES}.includes('Said at once')")
                browser.wait_for(f"{VIDEO}.ended", timeout_s=30)
                played = browser.evaluate(f"(p => [p.length, p.start(0), p.end(0)])({VIDEO}.played)")
                assert played == [1, pytest.approx(0, abs=0.1), pytest.approx(SECONDS, abs=0.1)], player
                assert browser.evaluate(f"{VIDEO}.videoWidth") in {640, 320}
                assert browser.errors == [], player

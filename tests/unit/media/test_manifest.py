"""The manifest is read as it was written, whole or not at all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from media import manifest
from media.errors import ManifestError
from media.manifest import Manifest, TakeState

TAKE = Manifest(
    id="1",
    file="take.mp4",
    title="Grüße",
    state=TakeState.RECORDING,
    created_at="2026-01-02T03:04:05+00:00",
    width=1920,
    height=1080,
    fps=30,
    encoder="libx264",
    video_codec="h264",
    audio_codec=None,
    pauses=((1.5, 2.0),),
)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    manifest.write(tmp_path / "take.mp4", TAKE)
    assert manifest.read(tmp_path / "take.mp4") == TAKE


def test_a_rewrite_leaves_one_file(tmp_path: Path) -> None:
    media_file = tmp_path / "takes" / "take.mp4"
    media_file.parent.mkdir()
    manifest.write(media_file, TAKE)
    manifest.write(media_file, replace(TAKE, state=TakeState.FINISHED), sync=False)
    assert [path.name for path in media_file.parent.iterdir()] == ["take.mp4.json"]
    assert manifest.read(media_file).state is TakeState.FINISHED


def test_a_missing_manifest_says_so(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="no manifest"):
        manifest.read(tmp_path / "take.mp4")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 2}',
        '{"version": 1, "state": "lost", "pauses": [[1]]}',
    ],
)
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    manifest.manifest_path(tmp_path / "take.mp4").write_text(text)
    with pytest.raises(ManifestError):
        manifest.read(tmp_path / "take.mp4")


def test_fields_of_a_later_program_are_passed_over(tmp_path: Path) -> None:
    manifest.write(tmp_path / "take.mp4", TAKE)
    path = manifest.manifest_path(tmp_path / "take.mp4")
    path.write_text(json.dumps({**json.loads(path.read_text()), "mood": "good"}))
    assert manifest.read(tmp_path / "take.mp4") == TAKE

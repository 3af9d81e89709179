"""What a person chose, from the window to the engine's command, and over a restart."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.models.choice import (
    DEFAULT,
    NOBODY,
    Choice,
    Choices,
    Source,
    from_json,
    in_words_of_servers,
    to_json,
)
from desktop.models.presets import presets
from desktop.models.sources import camera, cameras, obstacle, parse, settled

FOUND = {
    "displays": [
        {"id": "0", "name": "Left", "geometry": {"x": 0, "y": 0, "width": 1920, "height": 1080}},
        {"id": "1", "name": "Right", "geometry": {"x": 1920, "y": 0, "width": 1280, "height": 720}},
    ],
    "windows": [
        {
            "id": "0x1",
            "name": "Editor",
            "app": "code",
            "geometry": {"x": 5, "y": 5, "width": 80, "height": 60},
        },
        {"id": "0x2", "name": "Heddle", "app": "heddle"},
    ],
    "cameras": [{"id": "/dev/video0", "name": "Front"}, {"id": "x", "name": "Broken", "reason": "gone"}],
    "microphones": [{"id": "", "name": "", "reason": "No microphone is connected."}],
}


@pytest.mark.parametrize(
    ("choice", "fields"),
    [
        (Choice(), {"audio": True}),
        (Choice(camera=NOBODY), {"camera": "none"}),
        (Choice(display="1"), {"display": "1", "orFirstDisplay": True}),
        (Choice(source=Source.WINDOW, window="0x1", window_title="Editor"), {"window": "0x1"}),
        (Choice(source=Source.WINDOW, window_title="Editor"), {"window": "Editor"}),
        (
            Choice(source=Source.REGION, region=(1, 2, 30, 40), region_display="1"),
            {"region": [1, 2, 30, 40], "display": "1"},
        ),
        (Choice(source=Source.CAMERA, camera="default"), {"screen": False, "camera": "default"}),
        (Choice(microphone=NOBODY, system_audio=True), {"audio": False, "systemAudio": True}),
        (Choice(microphone="Desk"), {"audio": True, "microphone": "Desk"}),
        (presets()[3].applied(Choice()), {"fps": 15, "height": 720, "quality": "small"}),
    ],
)
def test_a_choice_says_what_the_engine_records(choice: Choice, fields: dict[str, object]) -> None:
    assert fields.items() <= choice.start_fields("T").items()


def test_what_is_left_open_is_left_to_the_settings() -> None:
    fields = Choice().start_fields()
    assert {"camera", "microphone", "display", "fps", "height"}.isdisjoint(fields)


def test_the_camera_of_the_settings_is_filmed_until_another_is_chosen() -> None:
    none, named = parse(FOUND), replace(parse(FOUND), usual_camera="/films/me.mp4")
    assert cameras(none) == [("/dev/video0", "Front"), (NOBODY, "No camera")]
    assert cameras(named)[0] == (DEFAULT, "As in the settings: me.mp4")
    assert [camera(one, Choice()) for one in (none, named)] == [NOBODY, DEFAULT]
    assert camera(named, Choice(camera="/dev/video0")) == "/dev/video0"
    alone = Choice(source=Source.CAMERA)
    assert [bool(obstacle(one, alone)) for one in (none, named)] == [True, False]


def test_choices_last(tmp_path: Path) -> None:
    path = tmp_path / "new" / "choices.json"
    choice = Choice(source=Source.REGION, region=(1, 2, 30, 40), window="0x9", fps=60)
    first = Choices(path)
    first.choose(choice)
    first.name("Daily", replace(choice, fps=15))
    second = Choices(path)
    assert second.last == replace(choice, window="")
    assert second.named["Daily"].fps == 15
    second.forget("Daily")
    assert Choices(path).named == {}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"last": 3, "named": {"a": 1}}', '{"last": {"fps": "x"}}'])
def test_a_broken_file_is_no_choice(tmp_path: Path, text: str) -> None:
    path = tmp_path / "choices.json"
    path.write_text(text)
    assert Choices(path).last == Choice()


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "moon"},
        {"source": ["display"]},
        {"region": [1, 2, 0, 4]},
        {"region": "all"},
        {"fps": 7000},
        {"height": -1},
        {"quality": "divine"},
        {"system_audio": 1},
        {"unheard": "of"},
    ],
)
def test_what_makes_no_sense_is_left_out(wrong: dict[str, object]) -> None:
    assert from_json(json.loads(json.dumps({**to_json(Choice(fps=30)), **wrong}))) in (
        Choice(fps=30),
        Choice(),
    )


def test_templates_of_the_server_change_what_they_speak_of() -> None:
    choice = Choice(camera="default", display="1")
    settings = {"frameRate": 60, "height": 720, "audio": False, "resolution": "4k", "quality": 3}
    changed = in_words_of_servers(settings, choice)
    assert changed == replace(choice, fps=60, height=720, microphone=NOBODY)


def test_heddles_own_windows_are_nothing_to_record() -> None:
    assert [one.name for one in parse(FOUND).windows] == ["Editor"]


def test_a_window_is_found_again_by_its_title() -> None:
    found = parse(FOUND)
    choice = settled(found, Choice(source=Source.WINDOW, window="0x77", window_title="Editor"))
    assert choice.window == "0x1"
    assert obstacle(found, choice) == ""
    assert obstacle(found, replace(choice, window="", window_title="Gone"))


def test_a_display_that_is_gone_is_the_first_one() -> None:
    assert settled(parse(FOUND), Choice(display="7")).display == ""


@pytest.mark.parametrize("source", [Source.REGION, Source.CAMERA])
def test_what_cannot_be_recorded_is_said(source: Source) -> None:
    assert obstacle(parse(FOUND), Choice(source=source))

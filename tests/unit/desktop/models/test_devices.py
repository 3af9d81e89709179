from typing import Any

import pytest

from desktop.models.devices import Choice, devices, judged, level_words, meter, position, with_chosen

GOOD: dict[str, Any] = {
    "ok": True, "width": 1280, "height": 720, "microphone": "Desk", "peakDb": -14.0, "avOffsetMs": 4.0,
}  # fmt: skip


def test_what_cannot_be_used_is_not_offered_and_says_why() -> None:
    found = devices(
        {
            "cameras": [{"id": "", "name": "", "reason": "No camera is connected."}],
            "microphones": [{"id": "a", "name": "Desk"}, {"id": "b", "name": "Old", "reason": "It is busy."}],
        }
    )
    assert [one.value for one in found.cameras] == [""]
    assert found.camera_reason == "No camera is connected."
    assert found.microphones[1:] == (Choice("Desk", "Desk"),)
    assert found.microphone_reason == ""


def test_of_two_with_one_name_each_can_be_chosen() -> None:
    twins = [{"id": "a", "name": "Cam"}, {"id": "b", "name": "Cam"}]
    assert [one.value for one in devices({"cameras": twins}).cameras] == ["", "a", "b"]


def test_the_chosen_one_is_found_and_one_that_is_gone_is_the_first() -> None:
    choices = (Choice("", "none"), Choice("a", "A"))
    assert [position(choices, value) for value in ("a", None, "gone")] == [1, 0, 0]


def test_what_the_settings_name_can_be_seen_though_it_is_not_connected() -> None:
    choices = (Choice("", "none"), Choice("a", "A"))
    assert with_chosen(choices, "gone") == (*choices, Choice("gone", "gone"))
    assert [with_chosen(choices, value) for value in ("a", None, "")] == [choices] * 3


def test_the_bar_shows_what_people_call_loud() -> None:
    assert [meter(level) for level in (None, -90.0, -30.0, 0.0, 6.0)] == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert level_words(-90.0) == level_words(None)
    assert "-20" in level_words(-20.4)


@pytest.mark.parametrize(
    ("told", "words", "fine"),
    [
        ({}, "1280x720", True),
        ({"black": True}, "black", False),
        ({"silent": True}, "muted", False),
        ({"peakDb": -1.0}, "too loud", False),
        ({"microphone": None}, "no sound", False),
        ({"replaced": ["h264_nvenc gave nothing"]}, "h264_nvenc", False),
        ({"ok": False, "reason": "there is no screen"}, "there is no screen", False),
    ],
)
def test_two_seconds_are_judged_in_words(told: dict[str, Any], words: str, fine: bool) -> None:
    found = judged({**GOOD, **told}, camera=False)
    assert any(words in one.words and one.fine is fine for one in found)


def test_a_camera_s_picture_is_for_a_person_to_judge() -> None:
    assert any("camera" in one.words for one in judged(GOOD, camera=True))

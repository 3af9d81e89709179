"""The picture's options become fields of the engine's command."""

import pytest

from desktop.errors import ExitCode, HeddleError
from desktop.recorder.fields import picked
from desktop.recorder.picture import FIELDS, parse_point, picture_fields, with_settings
from desktop.settings import Settings


def test_only_what_was_given_is_passed_on() -> None:
    nothing = {"layout": None, "bubble": None, "bubble_at": None, "bubble_size": None, "keys": None}
    assert picture_fields(**nothing, no_screen=False, clicks=False) == {}  # type: ignore[arg-type]  # a row of options
    given = {**nothing, "bubble": "rounded", "keys": "all", "bubble_at": "0,1"}
    assert picture_fields(**given, no_screen=True, clicks=True) == {  # type: ignore[arg-type]  # a row of options
        "screen": False,
        "clicks": True,
        "keys": "all",
        "bubbleShape": "rounded",
        "bubbleX": 0.0,
        "bubbleY": 1.0,
    }


@pytest.mark.parametrize("text", ["", "1", "1,2", "a,b", "-0.1,0", "nan,0"])
def test_a_place_outside_of_the_picture_makes_no_sense(text: str) -> None:
    with pytest.raises(HeddleError) as caught:
        parse_point(text)
    assert caught.value.code == ExitCode.USAGE


def test_a_command_is_read_by_the_same_names() -> None:
    assert picked({"command": "start", "layout": "swapped", "screen": False, "fps": 30}, FIELDS) == {
        "layout": "swapped",
        "screen": False,
    }


def test_marks_of_clicks_and_keys_come_from_the_settings_where_nobody_says_otherwise() -> None:
    shown = Settings(clicks=True, keys="shortcuts")
    assert with_settings({}, Settings()) == {}
    assert with_settings({}, shown) == {"clicks": True, "keys": "shortcuts"}
    assert with_settings({"clicks": False, "keys": "off"}, shown) == {"clicks": False, "keys": "off"}

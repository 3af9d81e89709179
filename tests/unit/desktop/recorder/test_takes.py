"""From the command line and the settings to what the engine is asked for."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.errors import ExitCode, HeddleError
from desktop.recorder.takes import Options, new_file, parse_bitrate, parse_region, take_for
from desktop.settings import Settings

NOW = datetime(2026, 11, 21, 14, 3, 22, tzinfo=UTC)


def test_a_new_file_says_when_and_what(tmp_path: Path) -> None:
    assert new_file(tmp_path, "Weekly", NOW).name == "2026-11-21 14.03.22 Weekly.mp4"


def test_a_title_is_cleaned_of_what_file_systems_refuse(tmp_path: Path) -> None:
    assert new_file(tmp_path, '../a:b"c\n.', NOW).name == "2026-11-21 14.03.22 a b c.mp4"


def test_an_existing_file_is_never_chosen(tmp_path: Path) -> None:
    new_file(tmp_path, "", NOW).touch()
    assert new_file(tmp_path, "", NOW).name == "2026-11-21 14.03.22 (2).mp4"


def test_without_an_output_recordings_go_to_the_clients_folder(heddle_home: Path) -> None:
    take = take_for(Options(title="Weekly"), Settings())
    assert take.output.parent == heddle_home / "recordings"
    assert take.output.parent.is_dir()
    assert take.title == "Weekly"


def test_the_settings_name_another_folder_and_rate(tmp_path: Path) -> None:
    take = take_for(Options(), Settings(recordings=tmp_path / "videos", fps=60, longest=90))
    assert take.output.parent == tmp_path / "videos"
    assert take.arguments()["fps"] == 60
    assert take.arguments()["seconds"] == 5400


def test_the_command_line_wins_over_the_settings(tmp_path: Path) -> None:
    options = Options(output=tmp_path / "x.mp4", fps=10, region="1,2,30,40", audio=False, seconds=2.5)
    arguments = take_for(options, Settings(fps=60, longest=90)).arguments()
    assert arguments["output"] == str(tmp_path / "x.mp4")
    assert arguments["fps"] == 10
    assert arguments["region"] == [1, 2, 30, 40]
    assert arguments["audio"] is False
    assert arguments["seconds"] == 2.5


def test_a_server_need_not_listen_to_what_is_written_down_here(tmp_path: Path) -> None:
    options = Options(output=tmp_path / "x.mp4", fps=10)
    assert take_for(options, Settings()).told_server == {"fps": 10, "audio": True}
    here = take_for(replace(options, transcribed_here=True), Settings())
    assert here.told_server == {"fps": 10, "audio": True, "transcription": "desktop"}


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "0,0,0,10", "-1,0,10,10", "1,2,3,4,5"])
def test_a_region_that_makes_no_sense_is_a_usage_error(text: str) -> None:
    with pytest.raises(HeddleError, match="region") as caught:
        parse_region(text)
    assert caught.value.code is ExitCode.USAGE
    assert caught.value.hint


@pytest.mark.parametrize(("text", "bits"), [("800k", 800_000), ("3.5M", 3_500_000), ("2000000", 2_000_000)])
def test_a_bitrate_is_read_as_people_write_it(text: str, bits: int) -> None:
    assert parse_bitrate(text) == bits


@pytest.mark.parametrize("text", ["", "fast", "-1M", "4 M", "1G"])
def test_a_bitrate_that_makes_no_sense_is_a_usage_error(text: str) -> None:
    with pytest.raises(HeddleError, match="bitrate") as caught:
        parse_bitrate(text)
    assert caught.value.code is ExitCode.USAGE


def test_how_to_encode_reaches_the_engine(tmp_path: Path) -> None:
    options = Options(output=tmp_path / "x.mp4", codec="av1", quality="small", max_bitrate=800_000)
    arguments = take_for(options, Settings()).arguments()
    assert [arguments[name] for name in ("codec", "quality", "maxBitrate")] == ["av1", "small", 800_000]

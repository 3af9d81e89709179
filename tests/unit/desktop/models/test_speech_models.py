from pathlib import Path

from desktop.models.speech_models import Download, download_words, rows
from media.transcribe.store import Installed


def test_the_catalogue_others_that_are_here_and_a_folder_of_one_s_own(tmp_path: Path) -> None:
    here = [Installed("small", tmp_path, 1), Installed("mine", tmp_path, 3 << 20)]
    found = {row.name: row for row in rows(here, "/a/folder")}
    assert (found["small"].here, found["small"].removable, found["small"].chosen) == (True, True, False)
    assert not found["base"].here
    assert "78 MB" in found["tiny"].about
    assert found["mine"].about == "3.0 MiB"
    assert (found["/a/folder"].chosen, found["/a/folder"].removable) == (True, False)


def test_a_download_is_told_as_far_as_it_is() -> None:
    begun = Download("base")
    assert begun.fraction is None
    assert "Asking" in download_words(begun)
    half = begun.after({"event": "progress", "done": 50, "total": 100})
    assert half.fraction == 0.5
    assert next(row for row in rows([], "small", half) if row.name == "base").state == "comes, 50 %"

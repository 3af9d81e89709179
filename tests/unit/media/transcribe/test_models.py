"""Models by name, path and address: found, or downloaded in spite of the network, and always checked."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from media.errors import SpeechError
from media.transcribe.catalogue import catalogue, check_translation
from media.transcribe.download import download
from media.transcribe.store import ModelStore, is_model
from tests.support.modelhub import ModelHub
from tests.support.speech import MODEL

FILES = {
    "config.json": b"{}",
    "tokenizer.json": b'{"a": 1}',
    "vocabulary.txt": b"a\nb\n",
    "README.md": b"nobody needs this",
    "model.bin": os.urandom(600_000),
}
WANTED = FILES.keys() - {"README.md"}


@pytest.fixture
def hub() -> Iterator[ModelHub]:
    with ModelHub("Systran/faster-whisper-tiny", dict(FILES)) as hub:
        yield hub


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


class Pauses(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def fetch(
    hub: ModelHub, store: ModelStore, model: str = "tiny", told: list[tuple[int, int]] | None = None
) -> Path:
    progress = (lambda done, total: told.append((done, total))) if told is not None else (lambda *_: None)
    return download(model, store, progress=progress, hub=hub.url, pause=Pauses())


def assert_complete(folder: Path) -> None:
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: FILES[name] for name in WANTED
    }
    assert is_model(folder)


def test_a_model_comes_with_exact_progress(hub: ModelHub, store: ModelStore) -> None:
    told: list[tuple[int, int]] = []
    folder = fetch(hub, store, told=told)
    assert folder == store.folder / "tiny" == store.locate("tiny")
    assert_complete(folder)
    total = sum(len(FILES[name]) for name in WANTED)
    assert told == sorted(told)
    assert told[-1] == (total, total)
    assert [model.name for model in store.installed()] == ["tiny"]
    assert store.installed()[0].size == total


def test_a_download_that_breaks_off_goes_on_where_it_was(hub: ModelHub, store: ModelStore) -> None:
    hub.break_after, hub.breaks = 150_000, 3
    assert_complete(fetch(hub, store))
    asked = [range_ for path, range_ in hub.requests if path == "/cdn/model.bin"]
    assert asked == [None, "bytes=150000-", "bytes=300000-", "bytes=450000-"]


def test_a_cancelled_download_goes_on_the_next_time(hub: ModelHub, store: ModelStore) -> None:
    def stop(done: int, _total: int) -> None:
        if done > 200_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download("tiny", store, progress=stop, hub=hub.url)
    assert store.installed() == []
    with pytest.raises(SpeechError, match="not on this machine"):
        store.locate("tiny")
    hub.requests.clear()
    assert_complete(fetch(hub, store))
    (asked,) = [range_ for path, range_ in hub.requests if path == "/cdn/model.bin"]
    assert asked is not None
    assert "/cdn/config.json" not in [path for path, _ in hub.requests]


def test_a_server_without_ranges_starts_again(hub: ModelHub, store: ModelStore) -> None:
    hub.ranges, hub.break_after, hub.breaks = False, 150_000, 1
    assert_complete(fetch(hub, store))


def test_a_server_that_is_busy_is_asked_again(hub: ModelHub, store: ModelStore) -> None:
    hub.failures = [503, 429, 500]
    assert_complete(fetch(hub, store))


def test_a_server_that_never_answers_is_given_up(hub: ModelHub, store: ModelStore) -> None:
    hub.failures = [503] * 50
    with pytest.raises(SpeechError, match="cannot be downloaded") as caught:
        fetch(hub, store)
    assert "503" in caught.value.detail
    assert len(hub.requests) < 10


def test_nobody_there_is_said(store: ModelStore) -> None:
    with pytest.raises(SpeechError, match="cannot be downloaded") as caught:
        download("tiny", store, progress=lambda *_: None, hub="http://127.0.0.1:9", pause=Pauses())
    assert "Without a network" in caught.value.hint


def test_a_refusal_is_not_repeated(hub: ModelHub, store: ModelStore) -> None:
    with pytest.raises(SpeechError) as caught:
        fetch(hub, store, "base")
    assert "404" in caught.value.detail
    assert len(hub.requests) == 1


@pytest.mark.parametrize("lie", [b"x" * 600_000, b"short", b"y" * 700_000])
def test_wrong_bytes_never_enter_the_store(hub: ModelHub, store: ModelStore, lie: bytes) -> None:
    hub.lies = {"model.bin": lie}
    with pytest.raises(SpeechError, match="damaged"):
        fetch(hub, store)
    assert store.installed() == []
    hub.lies = {}
    assert_complete(fetch(hub, store))


def test_what_is_left_of_another_version_is_replaced(hub: ModelHub, store: ModelStore) -> None:
    part = store.folder / "tiny.part"
    part.mkdir(parents=True)
    (part / "model.bin.growing").write_bytes(b"old" * 50_000)
    assert_complete(fetch(hub, store))


def test_small_files_are_checked_too(hub: ModelHub, store: ModelStore) -> None:
    hub.lies = {"tokenizer.json": b'{"a": 2}'}
    with pytest.raises(SpeechError, match="damaged"):
        fetch(hub, store)


def test_a_model_by_address_is_checked_by_its_sums(hub: ModelHub, store: ModelStore) -> None:
    address = f"{hub.url}/mine"
    folder = fetch(hub, store, address)
    assert_complete(folder)
    assert store.locate(address) == folder
    assert folder.parent == store.folder
    hub.lies = {"model.bin": b"z" * 600_000}
    with pytest.raises(SpeechError, match="damaged"):
        fetch(hub, store, f"{hub.url}/mine/")


def test_an_address_without_a_model_says_so(hub: ModelHub, store: ModelStore) -> None:
    del hub.files["tokenizer.json"]
    with pytest.raises(SpeechError, match="no speech model"):
        fetch(hub, store)


def test_only_names_that_a_model_has_are_written(hub: ModelHub, store: ModelStore) -> None:
    hub.files["../../evil"] = b"x"
    hub.files["extra.py"] = b"x"
    assert {path.name for path in fetch(hub, store).iterdir()} == WANTED


def test_a_disk_without_room_is_said_before_the_download(
    hub: ModelHub, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("media.transcribe.download.shutil.disk_usage", lambda _: usage)
    with pytest.raises(SpeechError, match="no room"):
        fetch(hub, store)
    assert not any(path.startswith("/cdn") for path, _ in hub.requests)


def test_a_missing_model_says_what_to_do(store: ModelStore) -> None:
    with pytest.raises(SpeechError) as caught:
        store.locate("small")
    assert str(store.folder / "small") in caught.value.detail
    assert "heddle models download small" in caught.value.hint
    assert "486 MB" in caught.value.hint
    assert "tokenizer.json" in caught.value.hint


@pytest.mark.parametrize("name", ["huge", "../tiny", "", ".", "a/b", "tiny.part"])
def test_a_name_that_nobody_knows_is_refused(store: ModelStore, name: str) -> None:
    with pytest.raises(SpeechError, match="There is no speech model"):
        store.folder_of(name)


def test_a_model_by_path_is_taken_where_it_lies(store: ModelStore, tmp_path: Path) -> None:
    assert store.locate(str(MODEL)) == MODEL
    with pytest.raises(SpeechError, match="holds no speech model") as caught:
        store.locate(str(tmp_path))
    assert "model.bin" in caught.value.detail


def test_a_model_that_was_copied_into_the_store_is_found(store: ModelStore) -> None:
    store.folder.mkdir()
    (store.folder / "mine").symlink_to(MODEL)
    assert store.locate("mine") == store.folder / "mine"


def test_removing_frees_its_bytes(hub: ModelHub, store: ModelStore) -> None:
    fetch(hub, store)
    assert store.remove("tiny") == sum(len(FILES[name]) for name in WANTED)
    assert list(store.folder.iterdir()) == []
    with pytest.raises(SpeechError):
        store.remove("tiny")


def test_the_catalogue_is_sound() -> None:
    models = catalogue().models
    assert catalogue().find(catalogue().default) in models
    assert {"tiny", "base", "small", "medium", "large-v3", "large-v3-turbo"} <= {
        model.name for model in models
    }
    assert [model.size_mb for model in models] == sorted(model.size_mb for model in models)
    assert not any(model.english and model.translates for model in models)


def test_a_model_that_cannot_translate_says_so() -> None:
    check_translation("small")
    check_translation("/some/folder")
    with pytest.raises(SpeechError, match="does not translate"):
        check_translation("large-v3-turbo")
